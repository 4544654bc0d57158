import { describe, expect, it } from 'vitest';
import { planOf, WorkSession } from '../working.testkit.ts';
import { judge, runawayLimits, WELL_BEHAVED, type Watched } from './runaway.ts';

const MB = 1024 * 1024;
const plan = (parts: Readonly<Record<string, unknown>>) =>
  planOf({
    tasks: [{ id: 'a', agent: 'ana' }],
    limits: { runaway: { processes: 100, memory: 2000, cpu: 150, after: '1m', ...parts } },
  });
const figures = { processes: 3, memoryBytes: 100 * MB, cpuPercent: 5 };

describe('a runaway', () => {
  it('is one that takes too much for long enough, is named once, and forgiven well below the limit', () => {
    const limits = runawayLimits(plan({}).limits, 16_000 * MB);
    let watched: Watched = WELL_BEHAVED;
    const said = [3, 200, 200, 200, 200, 95, 200, 60, 60].map((processes, at) => {
      const judged = judge(limits, { ...figures, processes }, watched, at * 30_000);
      watched = judged.next;
      return judged.say;
    });
    expect(said).toEqual([
      undefined,
      undefined,
      undefined,
      '200 processes (100 at most), for 1m',
      undefined,
      undefined,
      undefined,
      null,
      undefined,
    ]);
  });

  it('has limits of its own where the plan says nothing', () => {
    const limits = runawayLimits(null, 8_000 * MB);
    const say = (more: object) => judge({ ...limits, afterMs: 0 }, { ...figures, ...more }, WELL_BEHAVED, 0).say;
    expect(say({ cpuPercent: 800 })).toBeUndefined();
    expect(say({ memoryBytes: 7_000 * MB })).toMatch(/^7.3 GB of memory \(6.3 GB at most\)/);
    expect(say({ processes: 1_200 })).toBe('1200 processes (1000 at most)');
  });

  it.each([
    ['tell', undefined],
    ['pause', 'agent.pausing'],
    ['stop', 'agent.stopping'],
  ])('is dealt with as the plan says: %s', (what, event) => {
    const session = new WorkSession(plan({ do: what }));
    session.spawned('ana');
    const before = session.journal.length;
    session.ask({ type: 'agent.runaway', agent: 'ana', what: '200 processes (100 at most)' });
    const events = session.journal.slice(before).map((entry) => entry.event.type);
    expect(events).toEqual(['alert.raised', ...(event === undefined ? [] : [event])]);
    expect(session.state.alerts[0]!.text).toBe(
      `ana takes too much: 200 processes (100 at most)${{ tell: '', pause: '; it is paused', stop: '; it is stopped' }[what]}`,
    );
    session.ask({ type: 'agent.runaway', agent: 'ana', what: null });
    expect(session.state.alerts).toEqual([]);
  });
});
