import { describe, expect, it } from 'vitest';
import type { RollbackEvent } from '../landing/rollback.ts';
import type { Inquiry } from '../model/health.ts';
import { healthDocument } from '../select/health.ts';
import { planOf, WorkSession } from '../working.testkit.ts';

const PLAN = planOf({
  tasks: [
    { id: 'one', title: 'One', agent: 'ana' },
    { id: 'two', title: 'Two', agent: 'ben' },
  ],
});
const BY = { kind: 'person', name: 'eve' } as const;
const tell = (room: WorkSession, fact: RollbackEvent): string | null => room.ask({ type: 'rollback.fact', fact });
const ask = (room: WorkSession, landing: string, undo = false): string | null =>
  room.ask({ type: 'landing.rollback', landing, undo, untested: false });

/** Both have landed, ana's first. */
function landedRoom(): WorkSession {
  const room = new WorkSession(PLAN);
  for (const [agent, task] of [
    ['ana', 'one'],
    ['ben', 'two'],
  ] as const) {
    room.spawned(agent);
    room.report(agent, 'done');
    room.landed(task);
  }
  room.ask({ type: 'health.define', name: 'test', command: 'make test', timeoutMs: 1000, place: 'integration' });
  return room;
}

function takeOut(room: WorkSession, undo = false): void {
  const landing = room.state.landings[0]!.id;
  const [from, to] = undo ? ['B', 'A'] : ['A', 'B'];
  const merges = [{ id: room.state.landings[1]!.id, from: `m-${from}`, to: `m-${to}` }];
  const rollback = undo ? 'r2' : 'r1';
  tell(room, { type: 'rollback.begun', rollback, landing, from, to, merges, undo, reason: 'it broke test', by: BY });
  tell(room, { type: 'rollback.done', rollback, holders: [] });
}

describe('a roll-back', () => {
  it('opens the task again, moves the others’ merges, and holds their agents until they are brought forward', () => {
    const room = landedRoom();
    expect(room.task('one')?.stage).toBe('done');
    takeOut(room);
    expect(room.state.landings.map(({ state, merge }) => [state, merge])).toEqual([
      ['undone', 'm-one'],
      ['landed', 'm-B'],
    ]);
    expect(room.state.rebuilt).toEqual({ ben: 'A' });
    expect(room.task('one')?.stage).not.toBe('done');
    expect(room.task('two')?.stage).toBe('done');
    expect(room.journal.some(({ event }) => event.type === 'task.reopened' && event.task === 'one')).toBe(true);
    const told = room.state.alerts.find(({ cause }) => cause === 'rollback:ana');
    expect(told?.text).toBe('the landing of ana was taken out again by eve: it broke test');
    // Told twice, it happens once.
    const { seq } = room.state;
    tell(room, { type: 'rollback.done', rollback: 'r1', holders: ['ben', 'cleo'] });
    expect(room.state.seq).toBe(seq);
  });

  it('is refused in one line where there is nothing to take out, or to put back', () => {
    const room = landedRoom();
    const { id } = room.state.landings[0]!;
    expect(ask(room, 'nobody')).toMatch(/^no landing or merge is .*nobody.*; these are landed: .* of ana, .* of ben$/);
    expect(ask(room, 'ana', true)).toMatch(/is on the branch: there is nothing to undo/);
    expect([ask(room, 'ana'), ask(room, id), ask(room, 'm-one')].map((text) => text === null)).toEqual([
      true,
      true,
      false,
    ]);
    takeOut(room);
    expect(ask(room, 'ana')).toMatch(/is taken out already/);
    expect(ask(room, 'ben')).toMatch(/^ben has still to be brought forward/);
    expect(ask(room, 'ana', true)).toBeNull();
    takeOut(room, true);
    expect(room.state.landings.map(({ state, merge }) => [state, merge])).toEqual([
      ['landed', 'm-one'],
      ['landed', 'm-A'],
    ]);
    // It was not brought forward yet: it stands there already.
    expect(room.state.rebuilt).toEqual({});
    expect(room.state.alerts.some(({ cause }) => cause === 'rollback:ana')).toBe(false);
  });

  it('is one at a time', () => {
    const room = landedRoom();
    const landing = room.state.landings[0]!.id;
    const facts = { landing, from: 'A', to: 'B', merges: [], undo: false, reason: '', by: BY };
    tell(room, { type: 'rollback.begun', rollback: 'r1', ...facts });
    expect(ask(room, 'ben')).toBe('another roll-back is under way');
    tell(room, { type: 'rollback.failed', rollback: 'r1', reason: 'the branch was moved' });
    expect(ask(room, 'ben')).toBeNull();
    expect(room.state.rebuilt).toEqual({});
  });
});

describe('who broke a check', () => {
  const red = { name: 'test', state: 'red', ms: 1, commit: 'A', firstError: 'a.c:1: no', tail: [] } as const;
  const found = (room: WorkSession): Inquiry => {
    const { id: landing, agent } = room.state.landings[0]!;
    const blame = { landing, agent, merge: 'm-one', partner: null, reason: 'a.c:1: no' };
    return { verdict: 'landing', commit: 'm-one', blame, reason: 'a.c:1: no', runs: 7 };
  };
  const document = (room: WorkSession) => healthDocument(room.state.health['test']!);

  it('stands beside the check until it is green again', () => {
    const room = landedRoom();
    room.ask({ type: 'health.result', ...red });
    expect(document(room)).toMatchObject({ state: 'red', brokenBy: null });
    room.ask({ type: 'health.blamed', name: 'test', inquiry: found(room) });
    expect(document(room)).toMatchObject({ state: 'red', brokenBy: 'ana' });
    expect(room.state.alerts.at(-1)?.text).toMatch(/^the landing .* of ana broke test: a\.c:1: no; `llmctl rollback /);
    const counts = { passed: 3, failed: 0, skipped: 1 };
    room.ask({ type: 'health.result', ...red, state: 'green', firstError: '', counts });
    expect(document(room)).toMatchObject({ state: 'green', brokenBy: null, counts });
    expect(room.state.health['test']?.lastGreen).toBe('A');
  });

  it('has what looks at the branch stale once that moved, not because files changed in the repository', () => {
    const room = landedRoom();
    room.ask({ type: 'health.result', ...red });
    room.ask({ type: 'tree.moved' });
    expect(document(room).stale).toBe(false);
    takeOut(room);
    expect(document(room).stale).toBe(true);
  });
});

describe('when checks run', () => {
  const checks = (health: object) => planOf({ health }).health;

  it('is the plan’s to say', () => {
    expect(checks({ build: 'make' })[0]).not.toHaveProperty('on');
    expect(checks({ build: { run: 'make', on: ['change', 'hand'], quiet: '3s' } })[0]).toMatchObject({
      on: ['change', 'hand'],
      quietMs: 3000,
    });
    expect(checks({ test: { run: 'make', on: 'land' } })[0]).toMatchObject({ on: ['land'], place: 'integration' });
    expect(checks({ bench: { run: 'make', on: 'schedule', every: '1h', in: 'integration' } })[0]).toMatchObject({
      everyMs: 3_600_000,
      place: 'integration',
    });
    expect(planOf({ integration: { red: 'rollback' } }).integration.red).toMatchObject({
      pause: 'auto',
      rollback: 'auto',
    });
  });

  it.each([
    [{ on: 'landing' }, /"on" of health check "x" can't be "landing"; write land, change, schedule or hand/],
    [{ quiet: 'soon' }, /"quiet" of health check "x" can't be "soon"/],
    [{ in: 'branch' }, /"in" of health check "x" can't be "branch"; write integration, agent or repository/],
  ])('%j is said to be wrong', (parts, message) => {
    expect(() => checks({ x: { run: 'make', ...parts } })).toThrow(message);
  });
});
