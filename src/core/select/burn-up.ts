/** How many tasks were done when, against how many there are. */
import type { Work } from '../model/work.ts';

export interface BurnUp {
  /** Tasks done at the end of each of equally long stretches of time, the last of them now. */
  readonly done: readonly number[];
  readonly total: number;
  /** Milliseconds since 1970: where the first stretch begins. */
  readonly from: number;
}

/** @param stretches how many, at least 1 */
export function burnUp(work: Work, now: number, stretches: number): BurnUp {
  const tasks = Object.values(work.tasks).filter(({ active }) => active);
  const from = tasks.reduce((least, { startedAt }) => Math.min(least, startedAt ?? now), now);
  const long = Math.max(1, now - from) / stretches;
  const ended = Array.from({ length: stretches }, () => 0);
  for (const { stage, endedAt } of tasks) {
    if (stage !== 'done') continue;
    // What was done before the plan began is there from the first on.
    const at = Math.floor(((endedAt ?? from) - from) / long);
    ended[Math.max(0, Math.min(stretches - 1, at))]!++;
  }
  let sum = 0;
  return { done: ended.map((count) => (sum += count)), total: tasks.length, from };
}
