import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { Room } from '../kit/room.ts';
import { run, type RunResult } from '../kit/run.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, treeOf } from '../kit/worktrees.ts';

const PLAN = { overlaps: { paths: [{ match: '*.lock', policy: 'lock' }] } };
const FILES = { 'deps.lock': 'one 1.0\n', 'src/app.txt': 'app\n' };
const twoShells = () => startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES, plan: PLAN });

/** The environment of a hook inside the agent. */
async function inside(room: Room, agent: string): Promise<Record<string, string>> {
  const { token } = (await room.state()).agents[agent]!.run!;
  return { ...room.env, LLMCTL_SOCKET: room.socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token };
}

/** As Claude Code runs it around its own Edit tool: the `llmctl` that agents have. */
function hooked(
  room: Room,
  agent: string,
  env: Record<string, string>,
  name: string,
  path: string,
): Promise<RunResult> {
  const cwd = treeOf(room, agent);
  const input = JSON.stringify({ cwd, tool_name: 'Edit', tool_input: { file_path: join(cwd, path) } });
  const llmctl = join(room.place.state, 'llmctl', basename(room.socket, '.sock'), 'bin/llmctl');
  return run(llmctl, ['hook', name], { cwd, env, input });
}

async function hook(room: Room, agent: string, name: string, path: string): Promise<RunResult> {
  return hooked(room, agent, await inside(room, agent), name, path);
}

describe('a file that only one may have', () => {
  it('is held by the first that touches it; the second is told before it writes', async () => {
    const room = await twoShells();
    expect(await hook(room, 'ben', 'pre-tool-use', 'deps.lock')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await agentWrites(room, 'ana', 'deps.lock', 'one 1.1\n');
    await room.becomes('the lock', (now) => now.locks['deps.lock'] === 'ana');
    expect((await room.ok('overlaps')).stdout).toMatch(/ana +locked +deps\.lock/);

    // A hook that gets no answer in a second lets the agent go on: on a busy machine it may take another try.
    const denied = await until('a denial', async () => {
      const said = await hook(room, 'ben', 'pre-tool-use', 'deps.lock');
      expect(said.code).toBe(0);
      return said.stdout !== '' && said;
    });
    expect(denied.json).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: expect.stringMatching(/^llmctl: deps\.lock is held by ana \(policy: lock\)/),
      },
    });
    expect((await hook(room, 'ben', 'pre-tool-use', 'src/app.txt')).stdout).toBe('');
    expect((await hook(room, 'ana', 'pre-tool-use', 'deps.lock')).stdout).toBe('');
  });

  it('is kept by a daemon that is busy, and given up to one that hangs', async () => {
    const room = await twoShells();
    await agentWrites(room, 'ana', 'deps.lock', 'one 1.1\n');
    await room.becomes('the lock', (now) => now.locks['deps.lock'] === 'ana');
    const env = await inside(room, 'ben');
    const daemon = await room.daemonPid();
    const stopped = async (until: (hook: Promise<RunResult>) => unknown): Promise<RunResult> => {
      process.kill(daemon, 'SIGSTOP');
      try {
        const said = hooked(room, 'ben', env, 'pre-tool-use', 'deps.lock');
        await until(said);
        process.kill(daemon, 'SIGCONT');
        return await said;
      } finally {
        process.kill(daemon, 'SIGCONT');
      }
    };
    expect(await stopped((hook) => hook)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const late = await until('a denial', async () => {
      const said = await stopped(() => undefined);
      expect(said.code).toBe(0);
      return said.stdout !== '' && said;
    });
    expect(late.stdout).toContain('deps.lock is held by ana');
  });

  it('is free again once it has landed', async () => {
    const room = await twoShells();
    await agentWrites(room, 'ana', 'deps.lock', 'one 1.1\n');
    await room.becomes('the lock', (now) => now.locks['deps.lock'] === 'ana');
    await room.ok('land', 'ana');
    await room.becomes('no lock', (now) => Object.keys(now.locks).length === 0);
    await agentWrites(room, 'ben', 'deps.lock', 'one 1.2\n');
    const next = await room.becomes('the next one’s lock', (now) => Object.keys(now.locks).length > 0);
    expect(next.locks).toEqual({ 'deps.lock': 'ben' });
  });

  it('is known from the hook of the one who wrote it, too', async () => {
    const room = await twoShells();
    expect(await hook(room, 'ben', 'post-tool-use', 'deps.lock')).toMatchObject({ code: 0, stdout: '' });
    await room.becomes('the lock', (now) => now.locks['deps.lock'] === 'ben');
  });

  it('is no wall: who writes it all the same is told, and a person is', async () => {
    const room = await twoShells();
    await agentWrites(room, 'ana', 'deps.lock', 'one 1.1\n');
    await room.becomes('the lock', (now) => now.locks['deps.lock'] === 'ana');
    await agentWrites(room, 'ben', 'deps.lock', 'one 2.0\n');
    await room.becomes('the alert', (now) =>
      now.alerts.some(({ text }) => text === 'ben changed deps.lock, which ana holds: ben was told to leave it'),
    );
    await room.idle();
    expect((await room.output('ben')).join('')).toContain('deps.lock is held by ana (policy: lock)');
    // Nobody is paused, and nothing is merged over the other's head.
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');

    await room.ok('overlaps', '--free', 'deps.lock');
    expect((await room.state()).locks).toEqual({});
    expect((await room.status()).alerts).toEqual([]);
    const again = await room.cli('overlaps', '--free', 'deps.lock');
    expect([again.code, again.stderr]).toEqual([1, 'llmctl: nobody holds "deps.lock"\n']);
  });

  it('never costs an agent anything where there is no session to ask', async () => {
    const room = await startRoom({ up: false, files: FILES });
    const env = { LLMCTL_SOCKET: room.path('nobody.sock'), LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: 'x' };
    const input = JSON.stringify({ tool_name: 'Edit', tool_input: { file_path: '/tmp/x' } });
    for (const args of [['pre-tool-use'], ['post-tool-use'], ['stop'], ['--nonsense'], []]) {
      const said = await room.cliWith({ env, input }, 'hook', ...args);
      expect(said).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
    writeFileSync(room.path('nobody.sock'), 'no socket at all');
    expect(await room.cliWith({ env, input: '{' }, 'hook', 'pre-tool-use')).toMatchObject({ code: 0, stdout: '' });
  });
});
