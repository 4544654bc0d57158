import { expect, it } from 'vitest';
import type { Command } from '../../core/model/commands.ts';
import { planOf, WorkSession } from '../../core/working.testkit.ts';
import { Tools } from './tools.ts';

it('names an agent that runs the same command over and over, until it does something else', () => {
  const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana' }] }));
  session.spawned('ana');
  const tools = new Tools({
    get state() {
      return session.state;
    },
    dispatch: (command: Command) => {
      session.ask(command);
      return { ok: true, seq: 0, events: [] };
    },
  });
  const use = (command: string) => tools.heard('ana', 'before-tool', { tool_name: 'Bash', tool_input: { command } });
  for (let at = 0; at < 6; at++) use('npm test');
  expect(session.state.alerts.map(({ text }) => text)).toEqual([
    'ana does the same over and over: Bash npm test (6 times of the last 6)',
  ]);
  use('npm test');
  expect(session.state.alerts[0]!.count).toBe(1);
  session.wait(2 * 60_000);
  use('cat package.json');
  expect(session.state.alerts).toEqual([]);
  expect(session.state.watch.progress.ana).toMatchObject({ kind: 'tool', text: 'Bash cat package.json' });
});
