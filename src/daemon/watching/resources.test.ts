import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Command } from '../../core/model/commands.ts';
import type { State } from '../../core/model/state.ts';
import { planOf, WorkSession } from '../../core/working.testkit.ts';
import { Resources } from './resources.ts';

/** A program with so many below it, once they are there. */
async function family(children: number): Promise<ChildProcess> {
  const script = `for i in $(seq ${children}); do sleep 1000 & done; echo up; wait`;
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

it('names the agent whose processes are too many for too long, once, and nobody else', async () => {
  const limits = { runaway: { processes: 5, after: '1s' } };
  const session = new WorkSession(planOf({ tasks: [{ id: 'a', agent: 'ana' }], limits }), false);
  const [wild, calm] = [await family(8), await family(2)];
  for (const [id, { pid }] of [
    ['ana', wild],
    ['ben', calm],
  ] as const) {
    session.ask({ type: 'agent.restart', agent: id });
    session.ask({ type: 'pty.spawned', agent: id, pid: pid!, token: id });
  }
  const said: Command[] = [];
  const room = {
    get state(): State {
      return session.state;
    },
    dispatch(command: Command) {
      said.push(command);
      return { ok: true, seq: 0, events: [] } as const;
    },
  };
  const resources = new Resources({ room, ownPids: () => [] });
  while (said.length === 0) {
    await resources.look();
    await sleep(50);
  }
  await resources.look();
  expect(said).toEqual([
    { type: 'agent.runaway', agent: 'ana', what: expect.stringMatching(/^9 processes \(5 at most\), for \ds$/) },
  ]);
});
