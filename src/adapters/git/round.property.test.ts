import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoundsSession } from './rounds.testkit.ts';
import type { Op } from './writers.testkit.ts';

/** rounds.test.ts has the many; these can be made smaller. By hand: ROUND_RUNS=200. Each run has up to five rounds. */
const RUNS = Number(process.env.ROUND_RUNS ?? 3);
/** By hand other ones each time; else the same, so that a run says something about what was changed. */
const SEED = process.env.ROUND_SEED ?? (process.env.ROUND_RUNS === undefined ? '1' : undefined);
/** To make a counterexample small takes longer than to find it: ROUND_SHRINK=1, with the seed and the path that it was told with. */
const CHANCE = {
  endOnFailure: process.env.ROUND_SHRINK === undefined,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  ...(process.env.ROUND_PATH === undefined ? {} : { path: process.env.ROUND_PATH }),
};

const side = fc.constantFrom<0 | 1>(0, 1);
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('insert' as const, 'insert' as const, 'drop' as const, 'replace' as const),
      side,
      file: fc.nat(6),
      at: fc.nat(40),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'create' as const,
        'delete' as const,
        'rename' as const,
        'begin' as const,
        'begin' as const,
        'finish' as const,
        'finish' as const,
      ),
      side,
      file: fc.nat(6),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), side }) },
);

const chapter = fc.record({
  ops: fc.array(op, { minLength: 4, maxLength: 14 }),
  take: fc.constantFrom('A' as const, 'B' as const, 'both' as const),
  /** Points at which the daemon dies, counted over steps and writes. */
  crashes: fc.array(fc.nat(12), { maxLength: 2 }),
  undo: fc.boolean(),
});

describe('rounds between two writers', () => {
  it.each(['paths', 'tree'] as const)(
    'with scope %s lose nothing, through crashes, and are undone byte for byte',
    async (scope) => {
      let crashes = 0;
      let rounds = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(chapter, { minLength: 2, maxLength: 5 }), async (chapters) => {
          const session = new RoundsSession(scope);
          const { pair, writers } = session;
          try {
            await session.start();
            for (const { ops, take, crashes: fatal, undo } of chapters) {
              for (const op of ops) {
                session.write(op);
                if (op.kind === 'finish') await session.hear(op.side);
              }
              await Promise.all([session.hear(0), session.hear(1)]);
              session.forgive();
              expect(writers.lost()).toEqual([]);
              let before = session.contents();
              let standing = session.standing();
              session.onStill = () => ([before, standing] = [session.contents(), session.standing()]);
              const round = await session.round({ take, crashes: fatal });
              expect(round).toMatchObject({ phase: 'resolved', reason: '' });
              session.forgive(round);
              expect(writers.lost()).toEqual([]);
              expect((await pair.verdict()).paths).toEqual([]);
              expect(session.differences()).toEqual([]);
              rounds++;
              const left = undo ? await session.undo(round) : [];
              expect(left).toEqual([]);
              expect(undo ? session.contents() : before).toEqual(before);
              expect(undo ? session.standing() : standing).toEqual(standing);
            }
            crashes += session.crashed;
          } finally {
            session.end();
          }
        }),
        { numRuns: RUNS, ...CHANCE },
      );
      expect(rounds).toBeGreaterThan(RUNS);
      expect(crashes).toBeGreaterThan(0);
    },
    60_000 + RUNS * 10_000,
  );
});
