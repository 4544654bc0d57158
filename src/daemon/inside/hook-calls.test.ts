import { describe, expect, it } from 'vitest';
import type { Command } from '../../core/model/commands.ts';
import { emptyState, type State } from '../../core/model/state.ts';
import type { HookCall } from '../../protocol/hook-frame.ts';
import type { Room } from '../room.ts';
import { HookCalls } from './hook-calls.ts';
import { HookDesk } from './hook-desk.ts';

const session = { id: 's', repo: '/repo', git: true, startedAt: 0, plan: null, planName: '', pid: 1 };
const ana = {
  spec: { id: 'ana', name: 'ana', profile: 'claude' },
  run: { token: 'secret' },
  tree: { dir: '/trees/ana' },
};

function desk() {
  const commands: Command[] = [];
  const wrote: string[] = [];
  const state = { ...emptyState(session), agents: { ana } } as unknown as State;
  const room = { state, dispatch: (command: Command) => void commands.push(command) } as unknown as Room;
  const calls = new HookCalls(
    room,
    new HookDesk({
      room,
      mayWrite: (_, file) => ({ allowed: !file.endsWith('.lock'), reason: 'ben holds it' }),
      wrote: (_, file) => void wrote.push(file),
      counts: { told: () => null, look: () => Promise.resolve() },
      heard: () => undefined,
      evident: () => undefined,
    }),
  );
  const happened: string[] = [];
  const gone: (() => void)[] = [];
  const line = { waits: () => void happened.push('waits'), gone: (act: () => void) => void gone.push(act) };
  const call = (name: string, text: string, more: Partial<HookCall> = {}): Promise<string> =>
    calls.answer({ token: 'secret', agent: 'ana', cwd: '/trees/ana', name, text: Buffer.from(text), ...more }, line);
  return { call, commands, wrote, happened, gone };
}

const edit = (file: string): string => JSON.stringify({ tool_name: 'Edit', tool_input: { file_path: file } });

describe('a hook', () => {
  it('is answered in the words of its CLI, on one line', async () => {
    const { call } = desk();
    const said = await call('PreToolUse', edit('a.lock'));
    expect(said.endsWith('}\n')).toBe(true);
    expect(JSON.parse(said)).toMatchObject({
      hookSpecificOutput: { permissionDecisionReason: 'llmctl: ben holds it' },
    });
    expect(await call('PreToolUse', edit('a.ts'))).toBe('');
  });

  it('says which file was written, in its own folder', async () => {
    const { call, wrote } = desk();
    expect(await call('post-tool-use', edit('src/a.ts'))).toBe('');
    expect(wrote).toEqual(['/trees/ana/src/a.ts']);
  });

  it.each([{ token: 'old' }, { token: '' }, { agent: 'ben' }, { agent: 'toString' }])(
    'of another run, %j, has nothing to say',
    async (more) => {
      const { call, commands, wrote } = desk();
      for (const name of ['PreToolUse', 'PostToolUse', 'PermissionRequest']) {
        expect(await call(name, edit('a.lock'), more)).toBe('');
        expect(await call(name, 'no json', more)).toBe('');
      }
      expect([commands, wrote]).toEqual([[], []]);
    },
  );

  it.each([
    ['{"a": 1,}', /line 1 column 9/],
    ['', /it is empty/],
    ['[1]', /it is no object/],
    ['\x1b]0;x\x07', /Unexpected token/],
  ])('that gets %j says so, where, and once', async (text, where) => {
    const { call, commands } = desk();
    for (let n = 0; n < 2; n++) expect(await call('pre-tool-use', text)).toBe('');
    expect(commands).toHaveLength(2);
    // One cause: the second counts up what the first has raised.
    expect(commands[1]).toEqual(commands[0]);
    const alert = commands[0] as Extract<Command, { type: 'alert' }>;
    expect(alert).toMatchObject({ type: 'alert', level: 'warn', agent: 'ana', cause: 'hook:ana' });
    expect(alert.text).toMatch(
      /^agent ana: its hook PreToolUse got no JSON \(.*\): look at the hooks of its profile claude$/,
    );
    expect(alert.text).toMatch(where);
    expect(alert.text).not.toMatch(/[\x00-\x1f]/);
  });

  it('is told to wait where a person is asked, and its going away is told', async () => {
    const { call, commands, happened, gone } = desk();
    const answer = call('PermissionRequest', edit('a.ts'));
    expect(happened).toEqual(['waits']);
    expect(commands.at(-1)).toMatchObject({ type: 'permission.ask', agent: 'ana' });
    for (const act of gone) act();
    expect(await answer).toBe('');
    expect(commands.at(-1)).toMatchObject({ type: 'permission.gone', agent: 'ana' });
  });
});
