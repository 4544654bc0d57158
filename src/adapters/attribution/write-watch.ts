/** Whose change it is in a tree that agents share, by what their processes do. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writersIn } from '../git/quiesce.ts';
import { ioCounters } from './io-counters.ts';
import type { IoCounters } from './io-counters.ts';

export interface Suspect {
  readonly agent: string;
  /** All its processes. */
  readonly pids: readonly number[];
  /** Whether the plan has the path among its files: tips the scales, and is no evidence. */
  readonly declared: boolean;
}

export interface Attribution {
  /** null: nobody can be told. */
  readonly agent: string | null;
  /** 'alone': nobody else is there. 'counters': it wrote something at the time. 'declared': by the plan alone, a guess. */
  readonly how: 'descriptor' | 'alone' | 'counters' | 'declared' | 'unknown';
  /** From 0 to 1. */
  readonly sure: number;
}

const NOBODY: Attribution = { agent: null, how: 'unknown', sure: 0 };
/** A longer time since the last look leaves room for writes to other files. */
const SHORT_MS = 1000;

export class WriteWatch {
  readonly #before = new Map<string, IoCounters>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Where the counters stand; called from time to time, so that what rose since is of the last moments. */
  async look(suspects: readonly Suspect[]): Promise<void> {
    await this.#risen(suspects);
  }

  /** Asked as soon as the change is heard of. Never rejects. @param file absolute */
  async who(file: string, suspects: readonly Suspect[]): Promise<Attribution> {
    const sinceMs = performance.now() - this.#lookedAt;
    const [holders, risen] = await Promise.all([holdersOf(file, suspects), this.#risen(suspects)]);
    if (holders.length === 1) return { agent: holders[0]!.agent, how: 'descriptor', sure: 0.98 };
    if (suspects.length === 1) return { agent: suspects[0]!.agent, how: 'alone', sure: 0.6 };
    const among = holders.length > 0 ? holders : suspects;
    return byCounters(among, risen, sinceMs) ?? byPlan(among);
  }

  /** What each wrote since the last look; nothing for one that wasn't looked at before. */
  async #risen(suspects: readonly Suspect[]): Promise<ReadonlyMap<string, IoCounters>> {
    const risen = new Map<string, IoCounters>();
    const looks = suspects.map(async ({ agent, pids }) => {
      const now = await ioCounters(pids);
      const before = this.#before.get(agent);
      this.#before.set(agent, now);
      if (before) risen.set(agent, { disk: now.disk - before.disk, all: now.all - before.all });
    });
    await Promise.all(looks);
    this.#lookedAt = performance.now();
    return risen;
  }
}

/** Agents that hold the file open for writing, or one beside it that was removed or is about to take its name. */
async function holdersOf(file: string, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  const real = join(folder, basename(file));
  const found = await Promise.all(
    suspects.map(async (suspect) => {
      const writers = await writersIn(folder, suspect.pids).catch(() => []);
      return writers.some((writer) => writer.file === real || writer.file === `${real} (deleted)`) ? suspect : null;
    }),
  );
  return found.filter((suspect) => suspect !== null);
}

function byCounters(
  suspects: readonly Suspect[],
  risen: ReadonlyMap<string, IoCounters>,
  sinceMs: number,
): Attribution | null {
  const short = sinceMs <= SHORT_MS;
  const rose = (which: keyof IoCounters) => suspects.filter(({ agent }) => (risen.get(agent)?.[which] ?? 0) > 0);
  const disk = rose('disk');
  if (disk.length === 1) return { agent: disk[0]!.agent, how: 'counters', sure: short ? 0.9 : 0.7 };
  // In memory file systems only this counts, together with all that went to the terminal.
  const all = disk.length > 0 ? disk : rose('all');
  if (all.length === 1) return { agent: all[0]!.agent, how: 'counters', sure: short ? 0.6 : 0.4 };
  const declared = all.filter((suspect) => suspect.declared);
  return declared.length === 1 ? { agent: declared[0]!.agent, how: 'counters', sure: 0.5 } : null;
}

function byPlan(suspects: readonly Suspect[]): Attribution {
  const declared = suspects.filter((suspect) => suspect.declared);
  return declared.length === 1 ? { agent: declared[0]!.agent, how: 'declared', sure: 0.3 } : NOBODY;
}
