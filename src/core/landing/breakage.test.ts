import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBreakage, RETRIES, type Breakage } from './breakage.ts';

/** @param passes whether the check passes on the commit of that place, the nth time it runs there */
function search(length: number, passes: (place: number, time: number) => boolean) {
  const chain = Array.from({ length }, (_, i) => `c${i}`);
  const runs = new Map<string, readonly boolean[]>();
  let count = 0;
  for (;;) {
    const step: Breakage = nextBreakage(chain, runs);
    if (step.do !== 'run') return { step, count };
    const known = runs.get(step.commit) ?? [];
    runs.set(step.commit, [...known, passes(Number(step.commit.slice(1)), known.length)]);
    if (++count > 100) throw new Error('it does not come to an end');
  }
}

describe('the search for what broke a check', () => {
  it('finds the first red commit, whichever it is, and tries it again before it is named', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), (length, seed) => {
        const turn = 1 + (seed % (length - 1));
        const { step, count } = search(length, (place) => place < turn);
        expect(step).toEqual({ do: 'found', commit: `c${turn}`, before: `c${turn - 1}` });
        expect(count).toBeLessThanOrEqual(Math.ceil(Math.log2(length)) + 2 + 3 * RETRIES);
      }),
    );
  });

  it('needs one run where all is green, and blames nobody', () => {
    expect(search(9, () => true)).toEqual({ step: { do: 'green' }, count: 1 });
  });

  it('says that it failed before', () => {
    expect(search(9, () => false).step).toEqual({ do: 'before' });
    expect(search(1, () => false).step).toEqual({ do: 'before' });
  });

  it('names no commit where the tip, the culprit or the one before it passes and fails', () => {
    expect(search(9, (_, time) => time === 1).step).toEqual({ do: 'flaky', commit: 'c8' });
    const culprit = search(9, (place, time) => place < 4 || (place === 4 && time > 1)).step;
    expect(culprit).toEqual({ do: 'flaky', commit: 'c4' });
    const before = search(9, (place, time) => place < 4 && !(place === 3 && time === 2)).step;
    expect(before).toEqual({ do: 'flaky', commit: 'c3' });
  });

  it('never names a commit that passed, nor one behind a red one, whatever the check does', () => {
    const world = fc.record({ length: fc.integer({ min: 1, max: 20 }), said: fc.infiniteStream(fc.boolean()) });
    fc.assert(
      fc.property(world, ({ length, said }) => {
        const seen = new Map<number, boolean[]>();
        const { step } = search(length, (place) => {
          const passed = said.next().value as boolean;
          seen.set(place, [...(seen.get(place) ?? []), passed]);
          return passed;
        });
        if (step.do !== 'found') return;
        const of = (commit: string): readonly boolean[] => seen.get(Number(commit.slice(1))) ?? [];
        expect(of(step.commit).filter(Boolean)).toEqual([]);
        expect(of(step.before).every(Boolean)).toBe(true);
        expect([of(step.commit).length, of(step.before).length]).toEqual([RETRIES + 1, RETRIES + 1]);
      }),
    );
  });
});
