import { describe, expect, it } from 'vitest';
import { shell } from '../kit/agents.ts';
import type { State } from '../../src/core/model/state.ts';
import { isAlive } from '../kit/procs.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { agentWrites, lines, onlyRound, overlapOf, read } from '../kit/worktrees.ts';

const STEPS = [
  'round.detected',
  'round.paused',
  'round.snapshot',
  'round.backed-up',
  'round.merged',
  'round.planned',
  'round.applied',
  'round.told',
  'round.resumed',
] as const;

/** A daemon that dies right after this event is in the journal; the next one has no such wish. */
async function dyingAt(step: string): Promise<Room> {
  const files = { 'src/app.txt': lines() };
  const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files, up: false });
  const up = await room.cliWith({ env: { LLMCTL_FAULT_AT: step } }, 'up');
  expect(up).toMatchObject({ code: 0 });
  return room;
}

async function dies(pid: number): Promise<void> {
  await until('the daemon to die', () => !isAlive(pid));
}

describe('the daemon is killed in the middle of a merge', () => {
  it.each(STEPS)('right after %s: the next one ends it, and nothing is lost', async (step) => {
    const room = await dyingAt(step);
    const pid = await room.daemonPid();
    const pids = (await room.status()).agents.map((agent) => agent.pid!);
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 10: 'ana was here' }));
    // Not by its command line, which would wait for a daemon that may be gone by then.
    const wire = await room.wire();
    await wire.ask({
      method: 'command',
      command: { type: 'agent.send', agent: 'ben', text: "sed -i '12s/.*/ben was here/' src/app.txt", enter: true },
    });
    await dies(pid);
    expect(pids.every(isAlive)).toBe(true);

    await room.up();
    await room.becomes('the merge to end', (now) => onlyRound(now)?.phase === 'resolved');
    const both = lines({ 10: 'ana was here', 12: 'ben was here' });
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(both);
    await room.becomes('nothing to be left', ({ overlaps }) =>
      Object.values(overlaps).every(({ state }) => state === 'resolved'),
    );
    await room.idle();
    const { agents } = await room.status();
    expect(agents.map((agent) => agent.pid)).toEqual(pids);
    expect(agents.map(({ state }) => state)).not.toContain('paused');
    for (const agent of ['ana', 'ben']) {
      expect((await room.output(agent)).join('\n')).toContain('and you changed the same file');
    }
    // They really run.
    await agentWrites(room, 'ana', 'after.txt', 'ana goes on\n');
    await agentWrites(room, 'ben', 'after-2.txt', 'ben goes on\n');
    await room.ok('merge', '--undo', 'src/app.txt');
    expect(read(room, 'ana', 'src/app.txt')).toBe(lines({ 10: 'ana was here' }));
    expect(read(room, 'ben', 'src/app.txt')).toBe(lines({ 12: 'ben was here' }));
  });

  const conflicting = async (room: Room): Promise<void> => {
    await agentWrites(room, 'ana', 'src/app.txt', lines({ 10: 'ana was here' }));
    const text = "sed -i '10s/.*/ben was here/' src/app.txt";
    const wire = await room.wire();
    await wire.ask({ method: 'command', command: { type: 'agent.send', agent: 'ben', text, enter: true } });
  };
  const isAsked = (now: State): boolean => overlapOf(now, 'src/app.txt')?.state === 'needs-person';
  const isSettled = async (room: Room): Promise<void> => {
    await room.becomes('the merge to end', (now) => onlyRound(now)?.phase === 'resolved');
    for (const agent of ['ana', 'ben']) expect(read(room, agent, 'src/app.txt')).toBe(lines({ 10: 'ben was here' }));
    expect((await room.status()).agents.map(({ state }) => state)).not.toContain('paused');
  };

  it('right after a conflict was found: the question stands', async () => {
    const room = await dyingAt('round.merged');
    const pid = await room.daemonPid();
    await conflicting(room);
    await dies(pid);
    await room.up();
    await room.becomes('the question', isAsked);
    expect((await room.status()).agents.map(({ state }) => state)).toEqual(['paused', 'paused']);
    await room.ok('merge', 'src/app.txt', '--take', 'B');
    await isSettled(room);
  });

  it('right after a person decided: the answer holds', async () => {
    const room = await dyingAt('round.settled');
    const pid = await room.daemonPid();
    await conflicting(room);
    await room.becomes('the question', isAsked);
    const lost = await room.cli('merge', 'src/app.txt', '--take', 'B');
    expect([lost.code, lost.stderr.trim().split('\n').length]).toEqual([1, 1]);
    await dies(pid);
    await room.up();
    await isSettled(room);
  });
});
