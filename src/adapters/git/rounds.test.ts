import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { MergeScope } from '../../core/model/overlap.ts';
import { RoundsSession, type RoundWish } from './rounds.testkit.ts';
import type { Op } from './writers.testkit.ts';

/** Of both scopes together; more by hand: LLMCTL_ROUNDS=10000 LLMCTL_ROUNDS_SEED=7. */
const ROUNDS = Number(process.env.LLMCTL_ROUNDS ?? 200);
const SEED = Number(process.env.LLMCTL_ROUNDS_SEED ?? 1);
/** Then a new repository: refs should not make later rounds slower. */
const ROUNDS_A_SESSION = 25;
/** Of a round, at which the daemon may be killed; in three of four it is. */
const POINTS = 12;
const ROUND_MS = 3_000;
const TAKES = ['A', 'B', 'both'] as const;
const EDITS = ['insert', 'insert', 'insert', 'drop', 'replace'] as const;
const OTHERS = ['create', 'delete', 'rename', 'begin', 'begin', 'begin', 'finish', 'finish', 'finish'] as const;
/** All that there is to die in. */
const STEPS = [
  'pause',
  'snapshot',
  'back-up',
  'merge',
  'ask',
  'plan',
  'apply',
  'verify',
  'roll-back',
  'tell',
  'resume',
];

interface Figures {
  rounds: number;
  crashes: number;
  conflicts: number;
  written: number;
  kept: number;
  readonly diedIn: Set<string>;
}

/** mulberry32: a whole number below `limit`. */
function chance(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

function anyOp(random: (limit: number) => number): Op {
  const side = random(2) as 0 | 1;
  const file = random(7);
  if (random(12) === 0) return { kind: 'commit', side };
  if (random(10) < 6) return { kind: EDITS[random(EDITS.length)]!, side, file, at: random(40) };
  return { kind: OTHERS[random(OTHERS.length)]!, side, file };
}

/** @returns what is not as it must be; null where all is */
async function oneRound(
  session: RoundsSession,
  wish: RoundWish & { readonly undo: boolean; readonly look: boolean },
): Promise<{ readonly conflicts: number; readonly wrong: object | null }> {
  const { writers, pair } = session;
  const { undo } = wish;
  await Promise.all([session.hear(0), session.hear(1)]);
  session.forgive();
  if (writers.lost().length > 0) return { conflicts: 0, wrong: { lostBefore: writers.lost() } };
  const refused = wish.verify === false;
  const look = (): object => ({ contents: session.contents(), standing: session.standing() });
  let before: object | null = null;
  session.onStill = () => (before = undo || refused ? look() : null);
  const round = await session.round(wish);
  session.forgive(round);
  const lost = writers.lost();
  const differences = refused ? [] : session.differences();
  const overlaps = wish.look ? (await pair.verdict()).paths : [];
  const left = undo ? await session.undo(round) : [];
  const back = before === null || isDeepStrictEqual(before, look());
  const ended = round.phase === (refused ? 'failed' : 'resolved');
  const all = [lost, differences, overlaps, left];
  const good = back && ended && all.every((list) => list.length === 0);
  const { phase, reason } = round;
  const wrong = good ? null : { phase, reason, back, lost, differences, overlaps, left };
  return { conflicts: round.conflicts.length, wrong };
}

async function live(scope: MergeScope, seed: number, rounds: number, sum: Figures): Promise<void> {
  const random = chance(seed);
  const session = new RoundsSession(scope);
  const { writers } = session;
  try {
    await session.start();
    for (let n = 0; n < rounds; n++) {
      for (let ops = 6 + random(14); ops > 0; ops--) {
        session.write(anyOp(random));
        // Often it has not heard of one write when there comes the next.
        if (random(5) === 0) await session.hear(random(2) as 0 | 1);
      }
      const wish = {
        take: TAKES[random(3)]!,
        crashes: n % 4 === 3 ? [] : [random(POINTS)],
        verify: n % 8 === 2 ? false : n % 8 === 6 ? true : null,
        ...(n % 4 === 2 ? { dieAfter: n % 8 === 2 ? ('roll-back' as const) : ('verify' as const) } : {}),
        undo: n % 8 === 5,
        look: n % 4 === 0,
      };
      const was = await oneRound(session, wish);
      if (was.wrong !== null) throw new Error(JSON.stringify({ scope, seed, n, ...was.wrong }));
      sum.rounds++;
      sum.conflicts += was.conflicts;
    }
  } finally {
    sum.crashes += session.crashed;
    sum.written += writers.written;
    sum.kept += writers.forgiven.size;
    for (const step of session.diedIn) sum.diedIn.add(step);
    session.end();
  }
}

describe('rounds between two writers', () => {
  it(
    'lose nothing over many, through crashes at every step, moves and deletions of what was written from old reads',
    async () => {
      const sum: Figures = {
        rounds: 0,
        crashes: 0,
        conflicts: 0,
        written: 0,
        kept: 0,
        diedIn: new Set(),
      };
      const sessions = async (scope: MergeScope): Promise<void> => {
        // Each scope has seeds of its own: which of the two is faster must not matter.
        const first = SEED * 100_000 + (scope === 'tree' ? 50_000 : 0);
        for (let begun = 0; begun < ROUNDS / 2; begun += ROUNDS_A_SESSION) {
          await live(scope, first + begun, ROUNDS_A_SESSION, sum);
        }
      };
      // Two at a time: git's processes leave the other core to the other one.
      const ends = await Promise.allSettled([sessions('paths'), sessions('tree')]);
      if (process.env.LLMCTL_ROUNDS !== undefined)
        process.stderr.write(`${JSON.stringify({ ...sum, diedIn: [...sum.diedIn] })}\n`);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      expect(sum.rounds).toBeGreaterThanOrEqual(ROUNDS);
      expect(sum.crashes).toBeGreaterThanOrEqual(ROUNDS / 2);
      expect(STEPS.filter((step) => !sum.diedIn.has(step))).toEqual([]);
    },
    60_000 + ROUNDS * ROUND_MS,
  );
});
