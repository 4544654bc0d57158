/** An agent whose processes take more than they may: named, and held where the plan wants it. */
import { bytesText } from '../bytes.ts';
import type { PlanLimits } from '../plan/sections/working.ts';
import type { EpochMs } from '../model/agent.ts';
import { span } from './limits.ts';

export interface RunawayLimits {
  readonly processes: number;
  readonly memoryBytes: number;
  /** Percent of one core; null: as much as there is. */
  readonly cpuPercent: number | null;
  /** It has to be so for this long. */
  readonly afterMs: number;
}

/** What the tree below an agent's program takes. */
export interface TreeFigures {
  readonly processes: number;
  readonly memoryBytes: number;
  /** null until two moments are known. */
  readonly cpuPercent: number | null;
}

const MB = 1024 * 1024;
const PROCESSES = 1_000;
/** Of the machine's memory. */
const MEMORY_SHARE = 0.75;
const AFTER_MS = 60_000;
/** It has to fall this far below before it counts as well again: no to and fro at the limit. */
const WELL = 0.8;

export function runawayLimits(limits: PlanLimits | null, totalBytes: number): RunawayLimits {
  const known = limits?.runaway ?? null;
  return {
    processes: known?.processes ?? PROCESSES,
    memoryBytes: known?.memory == null ? totalBytes * MEMORY_SHARE : known.memory * MB,
    cpuPercent: known?.cpu ?? null,
    afterMs: known?.after ?? AFTER_MS,
  };
}

export interface Watched {
  /** When it began to take too much; null: it doesn't. */
  readonly since: EpochMs | null;
  /** It was told of. */
  readonly told: boolean;
}

export const WELL_BEHAVED: Watched = { since: null, told: false };

export interface Judged {
  readonly next: Watched;
  /** What to say: in words what it takes too much of; null: it is well again; undefined: nothing new. */
  readonly say: string | null | undefined;
}

export function judge(limits: RunawayLimits, figures: TreeFigures, watched: Watched, now: EpochMs): Judged {
  const over = overOf(limits, figures, 1);
  if (over.length > 0) {
    const since = watched.since ?? now;
    const due = !watched.told && now - since >= limits.afterMs;
    const words = `${over.join(', ')}${limits.afterMs > 0 ? `, for ${span(now - since)}` : ''}`;
    return { next: { since, told: watched.told || due }, say: due ? words : undefined };
  }
  if (!watched.told) return { next: WELL_BEHAVED, say: undefined };
  if (overOf(limits, figures, WELL).length > 0) return { next: watched, say: undefined };
  return { next: WELL_BEHAVED, say: null };
}

function overOf(limits: RunawayLimits, figures: TreeFigures, share: number): readonly string[] {
  const { processes, memoryBytes, cpuPercent } = figures;
  const words: string[] = [];
  if (processes > limits.processes * share) words.push(`${processes} processes (${limits.processes} at most)`);
  if (memoryBytes > limits.memoryBytes * share) {
    words.push(`${bytesText(memoryBytes)} of memory (${bytesText(limits.memoryBytes)} at most)`);
  }
  if (limits.cpuPercent !== null && cpuPercent !== null && cpuPercent > limits.cpuPercent * share) {
    words.push(`${Math.round(cpuPercent)} % of a core (${limits.cpuPercent} at most)`);
  }
  return words;
}
