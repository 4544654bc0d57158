import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { MergeScope } from '../../src/core/model/overlap.ts';
import { LiveSession } from './live/session.ts';

/** `npm run faults -- --long` asks for more. */
const ROUNDS = Number(process.env.LLMCTL_LIVE_ROUNDS ?? 200);
const CRASHES = Number(process.env.LLMCTL_LIVE_CRASHES ?? 100);
const SEED = Number(process.env.LLMCTL_LIVE_SEED ?? 1);
/** Then a new repository: refs and logs should not make later rounds other ones. */
const ROUNDS_A_SESSION = 100;
/** Points in a round at which it may be killed: steps, and writes of files. */
const POINTS = 14;
/** On a machine that is busy with something else. */
const ROUND_MS = 15_000;
const TAKES = ['A', 'B', 'both'] as const;

interface Figures {
  rounds: number;
  crashes: number;
  written: number;
  conflicts: number;
  forgiven: number;
  healed: number;
  torn: number;
}

async function liveSession(
  scope: MergeScope,
  seed: number,
  sum: Figures,
  rounds: number,
  crash: boolean,
): Promise<void> {
  const session = new LiveSession(scope);
  try {
    await session.start(seed);
    for (let n = 0; n < rounds; n++) {
      await sleep((n * 37) % 50);
      let before: unknown[] = [];
      const undo = n % 10 === 4;
      session.onHeld = () => (before = undo ? session.standing() : []);
      // Three times in one round, each time somewhere else.
      const fatal = [0, 3, 8].map((later) => later + ((seed * 7 + n * 5) % POINTS));
      const crashes = new Set(crash ? fatal : []);
      await session.round({ take: TAKES[(seed + n) % 3]!, crashes }, async (round) => {
        expect(session.desks.map(({ alive, troubles }) => ({ alive, troubles }))).toEqual([
          { alive: true, troubles: [] },
          { alive: true, troubles: [] },
        ]);
        const lost = session.lost();
        if (lost.length > 0) console.error(session.trace(lost));
        expect({ seed, scope, n, lost }).toMatchObject({ lost: [] });
        expect({ seed, scope, n, differences: session.differences(round) }).toMatchObject({ differences: [] });
        if (!undo) return { undone: false };
        expect(await session.undo(round)).toEqual([]);
        expect(session.standing()).toEqual(before);
        return { undone: true };
      });
      sum.rounds++;
    }
  } finally {
    sum.crashes += session.crashes;
    sum.written += session.written;
    sum.conflicts += session.conflicts;
    sum.forgiven += session.forgiven;
    for (const { healed, torn } of session.desks) {
      sum.healed += healed;
      sum.torn += torn;
    }
    await session.end();
  }
}

/** Two sessions at a time, one for each scope. @param due whether there is to be another one */
async function sessions(seed: number, rounds: number, crash: boolean, due: (sum: Figures, begun: number) => boolean) {
  const sum: Figures = { rounds: 0, crashes: 0, written: 0, conflicts: 0, forgiven: 0, healed: 0, torn: 0 };
  let begun = 0;
  const one = async (scope: MergeScope): Promise<void> => {
    while (due(sum, begun)) {
      begun += rounds;
      await liveSession(scope, seed + begun, sum, rounds, crash);
    }
  };
  const ends = await Promise.allSettled([one('paths'), one('tree')]);
  console.log(JSON.stringify(sum));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return sum;
}

describe('rounds between two live writers', () => {
  it(
    'lose nothing of what either wrote and neither took out',
    async () => {
      const rounds = Math.min(ROUNDS_A_SESSION, Math.ceil(ROUNDS / 2));
      const sum = await sessions(SEED, rounds, false, (_, begun) => begun < ROUNDS);
      expect(sum.rounds).toBeGreaterThanOrEqual(ROUNDS);
      expect(sum.conflicts).toBeGreaterThan(ROUNDS / 20);
      expect(sum.written).toBeGreaterThan(ROUNDS);
    },
    60_000 + ROUNDS * ROUND_MS,
  );

  it(
    'survive the end of the daemon at every step',
    async () => {
      const sum = await sessions(SEED + 100_000, 14, true, ({ crashes }) => crashes < CRASHES);
      expect(sum.crashes).toBeGreaterThanOrEqual(CRASHES);
    },
    60_000 + CRASHES * ROUND_MS,
  );
});
