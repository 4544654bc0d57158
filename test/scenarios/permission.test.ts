import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import type { RunResult } from '../kit/run.ts';
import { startRoom } from '../kit/scenario.ts';
import { LLMCTL } from '../kit/temp.ts';
import { treeOf } from '../kit/worktrees.ts';

const PLAN = {
  permissions: [
    { answer: 'deny', commands: ['git push*'], why: 'The coordinator pushes.' },
    { answer: 'allow', tools: ['edit'], paths: ['src/**'] },
  ],
};

/** As Claude Code and Codex run it, inside the agent: it ends once somebody said yes or no. */
async function hook(room: Room, name: string, tool: string, input: object): Promise<RunResult> {
  const { token } = (await room.state()).agents.ana!.run!;
  const cwd = treeOf(room, 'ana');
  const env = { LLMCTL_SOCKET: room.socket, LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: token };
  const said = { session_id: 'c1', cwd, hook_event_name: name, tool_name: tool, tool_input: input };
  return room.cliWith({ cwd, env, input: JSON.stringify(said) }, 'hook', name);
}

const asked = (room: Room) => room.becomes('a question', (now) => Object.keys(now.permissions.waiting).length === 1);

describe('what an agent asks before it does it', () => {
  it('is a person’s to answer, on the command line and on the screen; the plan’s rules come first', async () => {
    const room = await startRoom({ agents: { ana: shell() }, plan: PLAN });
    const ask = (command: string) => hook(room, 'PermissionRequest', 'Bash', { command });

    const first = ask('npm test');
    await asked(room);
    expect((await room.ok('permission', 'list')).stdout).toMatch(/ana .*run npm test/);
    expect(await room.agent('ana')).toMatchObject({ state: 'waiting', reason: 'permission: run npm test' });
    await room.ok('permission', 'always', 'ana');
    const yes = { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } } };
    expect((await first).json).toEqual(yes);
    expect((await ask('npm test -- --watch')).json).toEqual(yes);

    const said = { decision: { behavior: 'deny', message: 'llmctl: The coordinator pushes.' } };
    expect((await ask('git push origin main')).json).toMatchObject({ hookSpecificOutput: said });
    expect((await hook(room, 'PermissionRequest', 'Write', { file_path: 'src/a.js', content: 'a' })).json).toEqual(yes);

    const screen = room.tui();
    const second = ask('rm -r build');
    await asked(room);
    await screen.sees('permission: run rm -r build');
    screen.press('D');
    await screen.sees('no to ana: why?');
    screen.type('keep it').press('Enter');
    const no = { decision: { behavior: 'deny', message: 'llmctl: keep it' } };
    expect((await second).json).toMatchObject({ hookSpecificOutput: no });
    const { stdout } = await room.ok('log', '--limit', '50');
    expect(stdout).toMatch(/permission\.answered .*verdict=deny/);
  });

  it('is asked no more once whoever asked is gone', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const { token } = (await room.state()).agents.ana!.run!;
    const env = { ...room.env, LLMCTL_SOCKET: room.socket, LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: token };
    const input = JSON.stringify({
      hook_event_name: 'PermissionRequest',
      tool_name: 'Bash',
      tool_input: { command: 'ls' },
    });
    const hanging = spawn(process.execPath, [LLMCTL, 'hook', 'PermissionRequest'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    hanging.stdin.end(input);
    await asked(room);
    hanging.kill('SIGKILL');
    await room.becomes('no question', (now) => Object.keys(now.permissions.waiting).length === 0);
    expect(await room.cli('permission', 'allow', 'ana')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('asks for no permission'),
    });
  });
});
