/** Figures for thresholds: one that holds, one just beyond the limit. */
import { quantitiesIn } from '../health/quantity.ts';
import { isFigure, judge, type Threshold } from '../health/threshold.ts';

/** What stands in for a baseline in a file. */
export const BASELINE = '100';

/** null: no figure is on that side. */
export interface Figures {
  readonly good: number | null;
  readonly bad: number | null;
}

export function figuresFor(check: Threshold): Figures {
  const baseline = baselineOf(check);
  const plain = { ...check, metric: null, baseline };
  const around = [
    ...(check.limit === null ? [] : near(check.limit.value, 10)),
    ...(baseline === null ? [] : near(quantitiesIn(baseline)[0]?.value ?? 0, Math.max(1, check.tolerance))),
    0,
    1_000_000,
    -1_000_000,
  ];
  const holds = (figure: number): boolean => judge(plain, [String(figure)], baseline).ok;
  return { good: around.find(holds) ?? null, bad: around.find((figure) => !holds(figure)) ?? null };
}

export function baselineOf({ baseline }: Threshold): string | null {
  return baseline === null || isFigure(baseline) ? baseline : BASELINE;
}

/** The value, a little below and above, and some more. @param percent how little */
function near(value: number, percent: number): readonly number[] {
  const step = value === 0 ? 1 : (Math.abs(value) * percent) / 100;
  return [value - step / 2, value + step / 2, value, value - 2 * step, value + 2 * step].map(
    (figure) => Math.round(figure * 1e6) / 1e6,
  );
}
