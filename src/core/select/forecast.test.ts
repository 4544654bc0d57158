import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan/model.ts';
import { standingOf } from '../schedule/standing.ts';
import { WorkSession, planOf } from '../working.testkit.ts';
import { burnUp } from './burn-up.ts';
import { forecastOf } from './forecast.ts';
import { nextGate } from './gates.ts';
import { planStatus } from './plan-status.ts';
import { nextWaiting } from './waiting.ts';

const HOUR = 3_600_000;

/** ana does a then c, ben does b; d waits for both. 4 + 2 + 3 hours are the longest way. */
const diamond = (): Plan =>
  planOf({
    tasks: [
      { id: 'a', agent: 'ana', estimateHours: 4 },
      { id: 'b', agent: 'ben', estimateHours: 1, dependsOn: ['a'] },
      { id: 'c', agent: 'ana', estimateHours: 2, dependsOn: ['a'] },
      { id: 'd', agent: 'ben', estimateHours: 3, dependsOn: ['b', 'c'] },
    ],
    gates: [{ id: 'ready', after: ['b'], checks: ['good?'] }],
  });

/** The session with its tasks as a test wants them. */
function standing(plan: Plan, tasks: Readonly<Record<string, object>> = {}) {
  const { state } = new WorkSession(plan);
  const work = state.work!;
  const changed = Object.entries(work.tasks).map(([id, task]) => [id, { ...task, stage: 'open', ...tasks[id] }]);
  const next = { ...state, work: { ...work, tasks: Object.fromEntries(changed) } };
  return { state: next, standing: standingOf(next)! };
}

const at = (hours: number) => 1_000_000_000 + hours * HOUR;

describe('the forecast', () => {
  it('is the schedule of the plan while nothing has begun', () => {
    const now = at(0);
    const { standing: stands } = standing(diamond(), { a: { startedAt: null } });
    const forecast = forecastOf(stands, now)!;
    expect(forecast).toMatchObject({ pace: null, totalHours: 10, doneHours: 0, hoursLeft: 9, plannedHours: 9 });
    expect(forecast.critical).toEqual(['a', 'c', 'd']);
    expect(forecast.end).toBe(at(9));
    expect(forecast.tasks.get('b')).toMatchObject({ start: at(4), end: at(5), slackHours: 1, critical: false });
    expect(forecast.nodes.get('ready')).toBe(at(5));
  });

  it('takes what is left at the pace of what is done', () => {
    const { standing: stands } = standing(diamond(), {
      a: { stage: 'done', startedAt: at(0), endedAt: at(2), progress: 100 },
      c: { stage: 'running', agent: 'ana', startedAt: at(2), progress: 50 },
      b: { stage: 'running', agent: 'ben', startedAt: at(2) },
    });
    // Four hours took two, one of two took half an hour: half an hour an hour.
    const forecast = forecastOf(stands, at(2.5))!;
    expect(forecast.pace).toBeCloseTo(0.5);
    expect(forecast).toMatchObject({ doneHours: 5, hoursLeft: 2, from: at(0), end: at(4.5) });
    expect(forecast.tasks.get('a')).toMatchObject({ stage: 'over', start: at(0), end: at(2), slackHours: null });
    expect(forecast.tasks.get('c')).toMatchObject({ stage: 'begun', start: at(2), end: at(3), critical: true });
    expect(forecast.tasks.get('b')).toMatchObject({ end: at(2.5), critical: false });
    expect(forecast.tasks.get('d')).toMatchObject({ stage: 'to come', start: at(3), end: at(4.5), slackHours: 0 });
  });

  it('lets an agent do one thing at a time, and counts that as what holds the end up', () => {
    const plan = planOf({
      tasks: [
        { id: 'one', agent: 'ana', estimateHours: 2 },
        { id: 'two', agent: 'ana', estimateHours: 3 },
        { id: 'other', agent: 'ben', estimateHours: 1 },
      ],
    });
    const { standing: stands } = standing(plan, { one: { startedAt: null }, other: { startedAt: null } });
    const forecast = forecastOf(stands, at(0))!;
    expect(forecast.hoursLeft).toBe(5);
    expect(forecast.critical).toEqual(['two', 'one']);
    expect(forecast.tasks.get('other')).toMatchObject({ slackHours: 4 });
  });

  it('says how many were guessed and how many must begin anew, and leaves out what only runs in need', () => {
    const plan = planOf({
      tasks: [
        { id: 'a', agent: 'ana', estimateHours: 2 },
        { id: 'b', agent: 'ben' },
        { id: 'plan-b', agent: 'ben', estimateHours: 8 },
      ],
      gates: [{ id: 'g', after: ['a'], checks: ['ok?'], onFail: 'fallback plan-b' }],
    });
    const { standing: stands } = standing(plan, { a: { stage: 'failed', startedAt: at(0) }, b: { startedAt: null } });
    const forecast = forecastOf(stands, at(1))!;
    expect(forecast).toMatchObject({ guessed: 1, failed: 1, hoursLeft: 2, totalHours: 4 });
    expect(forecast.tasks.has('plan-b')).toBe(false);
  });

  it('is over when all is', () => {
    const done = (from: number, to: number) => ({ stage: 'done', startedAt: at(from), endedAt: at(to) });
    const { standing: stands } = standing(diamond(), { a: done(0, 1), b: done(1, 2), c: done(1, 3), d: done(3, 4) });
    const forecast = forecastOf(stands, at(100))!;
    expect(forecast).toMatchObject({ end: at(4), hoursLeft: 0, doneHours: 10, critical: [] });
  });
});

describe('the burn-up', () => {
  it('counts what was done by the end of each stretch', () => {
    const done = (to: number) => ({ stage: 'done', startedAt: at(0), endedAt: at(to) });
    const { standing: stands } = standing(diamond(), { a: done(1), b: done(7), c: done(8) });
    expect(burnUp(stands.work, at(8), 4)).toEqual({ done: [1, 1, 1, 3], total: 4, from: at(0) });
    expect(burnUp(stands.work, at(0), 2).done).toEqual([0, 3]);
  });
});

describe('the next gate', () => {
  const two = () =>
    planOf({
      tasks: [
        { id: 'a', agent: 'ana', estimateHours: 1 },
        { id: 'b', agent: 'ben', estimateHours: 5 },
      ],
      gates: [
        { id: 'late', after: ['b'], checks: ['?'] },
        { id: 'soon', after: ['a'], checks: ['?'] },
      ],
    });

  it('is the one that asks, else the one that will be reached first', () => {
    const session = new WorkSession(two());
    expect(nextGate(session.state, 0)?.id).toBe('soon');
    session.ask({ type: 'gate.run', gate: 'late', force: true });
    expect(session.state.work?.gates['late']?.asked).toBe(true);
    expect(nextGate(session.state, 0)?.id).toBe('late');
    session.ask({ type: 'gate.waive', gate: 'late', reason: '' });
    session.ask({ type: 'gate.waive', gate: 'soon', reason: '' });
    expect(nextGate(session.state, 0)).toBeNull();
  });
});

describe('the status of a plan', () => {
  it('says what is left, what holds the end up, and which gate comes next', () => {
    const { state } = standing(diamond(), {
      a: { stage: 'done', startedAt: at(0), endedAt: at(2), progress: 100 },
      c: { stage: 'running', agent: 'ana', startedAt: at(2) },
      b: { stage: 'open', startedAt: null },
    });
    expect(planStatus(state, at(2))).toMatchObject({
      plan: 'test',
      tasks: { done: 1, total: 4, failed: 0, withoutEstimate: 0 },
      hours: { planned: 9, total: 10, done: 4, left: 2.5, pace: 0.5 },
      endsAt: new Date(at(4.5)).toISOString(),
      criticalPath: { planned: ['a', 'c', 'd'], left: ['c', 'd'] },
      nextGate: 'ready',
      asked: [],
      burnUp: { total: 4 },
    });
    expect(planStatus({ ...state, work: null }, at(2))).toBeNull();
  });
});

describe('what waits for a person', () => {
  it('is agents first, then gates, round and round', () => {
    const session = new WorkSession(
      planOf({
        gates: [
          { id: 'g', checks: ['?'] },
          { id: 'h', checks: ['?'] },
        ],
        tasks: [],
      }),
    );
    expect(nextWaiting(session.state, { kind: 'agent', id: 'ana' })).toBeNull();
    session.ask({ type: 'gate.run', gate: 'h', force: false });
    session.ask({ type: 'gate.run', gate: 'g', force: false });
    expect(nextWaiting(session.state, { kind: 'agent', id: 'ana' })).toEqual({ kind: 'gate', id: 'h' });
    expect(nextWaiting(session.state, { kind: 'gate', id: 'h' })).toEqual({ kind: 'gate', id: 'g' });
    expect(nextWaiting(session.state, { kind: 'gate', id: 'g' })).toEqual({ kind: 'gate', id: 'h' });
  });
});
