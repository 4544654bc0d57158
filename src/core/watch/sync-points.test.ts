import { describe, expect, it } from 'vitest';
import { digestOf, digestSummary, digestText } from '../select/digest.ts';
import { planOf, WorkSession } from '../working.testkit.ts';
import { BY_HAND, cameByClock, nextByClock } from './sync-points.ts';

const PLAN = {
  phases: [{ id: 'base' }],
  tasks: [
    { id: 'lexer', agent: 'ana', phase: 'base' },
    { id: 'parser', agent: 'ben', phase: 'base', dependsOn: ['lexer'] },
    { id: 'docs', agent: 'cleo' },
  ],
  gates: [{ id: 'ready', after: ['parser'], checks: [{ person: 'Good?' }] }],
  syncPoints: [
    { title: 'Morning', at: '09:00', digest: ['What happened overnight'], actions: ['Land what is complete'] },
    { title: 'Mid-day talk', at: '12:30' },
    { id: 'ends', title: 'After a phase', on: 'phase' },
    { id: 'each', title: 'After a task', on: 'task-done' },
    { id: 'bad', title: 'After a failure', on: 'failure' },
  ],
};

function session(): WorkSession {
  const one = new WorkSession(planOf(PLAN), false);
  for (const id of ['ana', 'cleo']) one.spawned(id);
  return one;
}

const called = (one: WorkSession) =>
  one.effects.flatMap((effect) => (effect.type === 'sync.hold' ? [effect.point] : []));

describe('sync points', () => {
  it('come by the clock, the next one first, also over midnight', () => {
    const { state } = session();
    expect(nextByClock(state, 8 * 60)).toBe(60);
    expect(nextByClock(state, 9 * 60)).toBe(210);
    expect(nextByClock(state, 23 * 60 + 30)).toBe(570);
  });

  it('are known to have come by the clock, each once, the earliest first', () => {
    const { state } = session();
    const came = (minute: number, minutes: number) =>
      cameByClock(state, minute, minutes).map(({ point, ago }) => `${point.point} ${ago}`);
    expect(came(9 * 60, 0.5)).toEqual(['morning 0']);
    expect(came(9 * 60 + 1, 1)).toEqual([]);
    expect(came(14 * 60, 6 * 60)).toEqual(['morning 300', 'mid-day-talk 90']);
    expect(came(10 * 60, 3 * 24 * 60)).toEqual(['mid-day-talk 1290', 'morning 60']);
    expect(came(10 * 60, -5)).toEqual([]);
  });

  it('come after what they are to follow', () => {
    const one = session();
    one.report('ana', 'done');
    one.spawned('ben');
    expect(called(one)).toEqual(['each']);
    one.report('ben', 'done');
    expect(called(one)).toEqual(['each', 'ends', 'each']);
    one.ask({ type: 'task.fail', task: 'docs', reason: 'no' });
    expect(called(one).at(-1)).toBe('bad');
  });

  it('can be held by hand, by their name', () => {
    const one = session();
    expect(one.ask({ type: 'sync.hold', point: 'mornin' })).toMatch(/did you mean "morning"/);
    one.ask({ type: 'sync.hold', point: 'morning' });
    expect(one.effect('sync.hold')).toEqual({ type: 'sync.hold', point: 'morning', soon: false });
    one.ask({
      type: 'sync.told',
      point: 'morning',
      title: 'Morning',
      summary: '0 landed',
      path: '/x',
      text: '# Morning\n',
      due: null,
    });
    expect(one.state.watch.syncs.morning).toMatchObject({ summary: '0 landed', path: '/x', text: '# Morning\n' });
    expect(one.state.alerts).toMatchObject([{ level: 'info', text: 'Morning: 0 landed' }]);
  });

  it('keep as much of their digest in the state as a page of it has', () => {
    const one = session();
    const rest = { type: 'sync.told', point: 'now', title: 'Now', summary: '', path: '', due: null } as const;
    one.ask({ ...rest, text: 'a line\n'.repeat(9000) });
    expect(one.state.watch.syncs.now!.text).toMatch(/^(a line\n)+…\n$/);
    expect(one.state.watch.syncs.now!.text!.length).toBeLessThan(16_010);
  });

  it('say so where they are held late', () => {
    const one = session();
    const due = one.now - 130 * 60_000;
    one.ask({
      type: 'sync.told',
      point: 'morning',
      title: 'Morning',
      summary: '0 landed',
      path: '/x',
      text: '# Morning\n',
      due,
    });
    expect(one.state.alerts).toMatchObject([{ text: expect.stringMatching(/^Morning \(2h 10m late\): 0 landed$/) }]);
    const digest = digestOf(one.state, BY_HAND, { since: null, due }, one.now);
    expect(digestText(digest, one.now)).toContain('Held 2h 10m late, when llmctl was there again');
  });
});

describe('a digest', () => {
  it('says what is done, what holds up, and what comes next', () => {
    const one = session();
    one.report('ana', 'done');
    one.spawned('ben');
    one.report('ben', 'blocked', 'the grammar is ambiguous');
    one.ask({ type: 'health.define', name: 'build', command: 'make', timeoutMs: 1 });
    const red = {
      name: 'build',
      state: 'red',
      ms: 1,
      commit: 'c',
      firstError: "a.c:1: expected ';'",
      tail: [],
    } as const;
    one.ask({ type: 'health.result', ...red });
    const digest = digestOf(one.state, { ...BY_HAND, actions: ['Land it'] }, { since: null }, one.now);
    expect(digest).toMatchObject({
      done: ['lexer'],
      progress: { done: 1, tasks: 3 },
      blocked: [{ task: 'parser', agent: 'ben', stage: 'blocked' }],
      waiting: [{ agent: 'ben', state: 'waiting' }],
      running: [{ task: 'docs', agent: 'cleo' }],
      gates: { asking: [], next: 'ready' },
    });
    expect(digestSummary(digest)).toBe('1/3 tasks done, 0 landed, 1 blocked, ben needs you, build red');
    const text = digestText(digest, one.now);
    expect(text).toMatch(/^# How things stand\n/);
    for (const line of [
      '- parser (ben) blocked: the grammar is ambiguous',
      "- build red: a.c:1: expected ';'",
      '- Land it',
    ]) {
      expect(text).toContain(line);
    }
    expect(digestOf(one.state, BY_HAND, { since: one.now + 1 }, one.now + 1).done).toEqual([]);
  });
});
