/** What is usual for a check: how long its runs take. */
import type { HealthRun } from '../model/health.ts';

/** Fewer runs say nothing about what is usual. */
const LEAST = 3;

/** Median of the green runs before the last one, in ms; null while there are too few. */
export function usualMs(history: readonly HealthRun[]): number | null {
  const green = history.slice(0, -1).flatMap(({ state, ms }) => (state === 'green' ? [ms] : []));
  if (green.length < LEAST) return null;
  const sorted = green.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : Math.round((sorted[half - 1]! + sorted[half]!) / 2);
}
