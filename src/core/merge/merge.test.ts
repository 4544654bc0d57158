import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveRound } from './evolve-round.ts';
import { nextStep, overlapStateOf } from './next-step.ts';
import type { RoundStep } from './next-step.ts';
import { RETRY_LIMIT, beginRound, isOver, unsettled } from './round.ts';
import type { Round, RoundEvent, RoundTerms } from './round.ts';
import { lineCounts, lineDistance, nearestVersion } from './stale.ts';

type Later = Exclude<RoundEvent, { type: 'round.detected' }>;
const by = { kind: 'person', name: 't' } as const;
const terms = { scope: 'paths', confirm: false, verify: null } as const;
const start = (more: Partial<RoundTerms> = {}) =>
  beginRound({ type: 'round.detected', round: 'r', agents: ['a', 'b'], paths: ['f'], by, ...terms, ...more }, 1);

/** The facts that answer a step, as one who carries it out would tell them. */
function answer(step: RoundStep, conflicts: readonly string[]): readonly Later[] {
  const round = 'r';
  switch (step.do) {
    case 'pause':
      return step.agents.map((agent) => ({ type: 'round.paused', round, agent, before: false }));
    case 'snapshot':
      return step.agents.map((agent) => ({ type: 'round.snapshot', round, agent, commit: `of ${agent}` }));
    case 'back-up':
      return [{ type: 'round.backed-up', round }];
    case 'merge':
      return [{ type: 'round.merged', round, merged: ['f'], conflicts }];
    case 'plan':
      return [{ type: 'round.planned', round }];
    case 'apply':
      return [{ type: 'round.applied', round }];
    case 'verify':
      return [{ type: 'round.verified', round }];
    case 'roll-back':
      return [{ type: 'round.rolled-back', round }];
    case 'tell':
      return step.agents.map((agent) => ({ type: 'round.told', round, agent }));
    case 'resume':
      return step.agents.map((agent) => ({ type: 'round.resumed', round, agent }));
    case 'ask':
      return [{ type: 'round.settled', round, settled: conflicts.map((path) => ({ path, take: 'A' })), by }];
    case 'nothing':
      return [];
    default:
      return step satisfies never;
  }
}

const fold = (round: Round, ...events: readonly Later[]) =>
  events.reduce((now, event) => evolveRound(now, event, 2), round);

/** Steps until one of the given kind is due. */
function until(kind: RoundStep['do'], conflicts: readonly string[] = [], round = start()): Round {
  for (let turn = 0; turn < 50; turn++) {
    const step = nextStep(round);
    if (step.do === kind || step.do === 'nothing') return round;
    round = fold(round, ...answer(step, conflicts));
  }
  throw new Error('does not end');
}

describe('a round', () => {
  it('goes its way and tells where it is', () => {
    const steps: string[] = [];
    const states = new Set<string>();
    let round = start();
    while (!isOver(round)) {
      const step = nextStep(round);
      steps.push(step.do);
      states.add(overlapStateOf(round));
      round = fold(round, ...answer(step, []));
    }
    expect(steps).toEqual(['pause', 'snapshot', 'back-up', 'merge', 'plan', 'apply', 'tell', 'resume']);
    expect([...states, overlapStateOf(round)]).toEqual(['pausing', 'merging', 'resuming', 'resolved']);
    expect(round).toMatchObject({ phase: 'resolved', outcome: 'merged', applied: true, endedAt: 2 });
  });

  it('waits for a person where there is a conflict, and for every path of it', () => {
    const asked = until('ask', ['f', 'g']);
    expect([asked.phase, unsettled(asked)]).toEqual(['needs-person', ['f', 'g']]);
    const half = fold(asked, { type: 'round.settled', round: 'r', settled: [{ path: 'f', take: 'A' }], by });
    expect([half.phase, unsettled(half)]).toEqual(['needs-person', ['g']]);
    const rest = fold(half, { type: 'round.settled', round: 'r', settled: [{ path: 'g', take: 'both' }], by });
    expect(nextStep(rest)).toEqual({ do: 'plan' });
  });

  it('put off writes nothing and lets both go on', () => {
    const off = fold(until('ask', ['f']), { type: 'round.deferred', round: 'r', reason: 'nobody came', by });
    expect(nextStep(off)).toEqual({ do: 'resume', agents: ['a', 'b'] });
    expect(until('nothing', [], off)).toMatchObject({ phase: 'deferred', applied: false, reason: 'nobody came' });
  });

  it('begins again where a file moved, rolls back first where something may be written, and gives up in the end', () => {
    const failure = { type: 'round.failed', round: 'r', reason: 'moved', moved: true } as const;
    let round = fold(until('apply'), failure);
    expect(nextStep(round)).toEqual({ do: 'roll-back' });
    expect(fold(round, { type: 'round.rolled-back', round: 'r' })).toMatchObject({ phase: 'snapshot', retries: 1 });
    for (let tries = 0; tries < RETRY_LIMIT; tries++) round = fold(until('apply', [], round), failure);
    round = until('nothing', [], round);
    expect(round).toMatchObject({ phase: 'failed', reason: 'moved', applied: false });
  });

  it('ends as failed where not even rolling back works', () => {
    const failure = { type: 'round.failed', round: 'r', reason: 'disk full', moved: false } as const;
    const round = until('nothing', [], fold(until('apply'), failure, failure));
    expect(round).toMatchObject({ phase: 'failed', reason: 'disk full' });
  });

  it('leaves an agent paused that was so before, through a crash as well', () => {
    const paused = { type: 'round.paused', round: 'r', agent: 'a', before: true } as const;
    const mine = { type: 'round.paused', round: 'r', agent: 'b', before: true } as const;
    let round = fold(
      start(),
      paused,
      { ...mine, before: false },
      { type: 'round.recovered', round: 'r' },
      paused,
      mine,
    );
    expect(round.sides.map((side) => side.pausedBefore)).toEqual([true, false]);
    round = fold(round, { type: 'round.gone', round: 'r', agent: 'b' });
    expect(nextStep(until('resume', [], round))).toEqual({ do: 'resume', agents: ['a'] });
  });

  it('comes to its end whatever crashes and failures come between, and never applies without a plan', () => {
    const noise = fc.array(
      fc.constantFrom<'crash' | 'moved' | 'failed' | 'twice' | 'gone'>('crash', 'moved', 'failed', 'twice', 'gone'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(noise, fc.array(fc.nat(3), { maxLength: 30 }), fc.boolean(), (kinds, gaps, conflict) => {
        let round = start();
        let [turn, next] = [0, 0];
        let due = gaps[0] ?? 1;
        for (; !isOver(round); turn++) {
          expect(turn).toBeLessThan(200);
          const step = nextStep(round);
          expect(step.do).not.toBe('nothing');
          const kind = turn >= due ? kinds[next++] : undefined;
          if (turn >= due) due = turn + 1 + (gaps[next] ?? 1);
          const events = answer(step, conflict ? ['f'] : []);
          const failure = { type: 'round.failed', round: 'r', reason: 'why', moved: kind === 'moved' } as const;
          if (kind === 'crash') round = fold(round, { type: 'round.recovered', round: 'r' });
          else if (kind === 'moved' || kind === 'failed') round = fold(round, failure);
          else if (kind === 'gone') round = fold(round, { type: 'round.gone', round: 'r', agent: 'b' });
          else round = fold(round, ...events, ...(kind === 'twice' ? events : []));
          expect(!round.applied || round.planned).toBe(true);
        }
        expect(round.sides.every((side) => side.resumed)).toBe(true);
        expect(round.outcome === 'merged').toBe(round.applied);
        expect(JSON.parse(JSON.stringify(round))).toEqual(round);
      }),
    );
  });
});

describe('the version a writer had read', () => {
  const versions = ['a\nb\nc\n', 'a\nx\nb\nc\n', 'a\nx\nb\nc\nd\n'].map(lineCounts);

  it('is the nearest, the older of two', () => {
    expect(nearestVersion(lineCounts('a\nb\nc\nnew\n'), versions)).toBe(0);
    expect(nearestVersion(lineCounts('a\nx\nb\nc\nd\nnew\n'), versions)).toBe(2);
    expect(nearestVersion(lineCounts('a\nx\nb\nc\n'), [versions[1]!, versions[1]!])).toBe(0);
    expect(nearestVersion(lineCounts(''), [])).toBe(-1);
  });

  it('is told by lines and how often they occur', () => {
    expect(lineDistance(lineCounts('a\na\nb'), lineCounts('a\nc'))).toBe(3);
    expect(lineDistance(lineCounts('a\nb'), lineCounts('b\na'))).toBe(0);
  });
});
