/**
 * Memory of processes with what they share divided among those that share it: Pss of /proc/PID/smaps_rollup
 * (proc_pid_smaps(5)). The kernel walks all of their pages for it, so it is asked only where it matters.
 */
import { readFile } from 'node:fs/promises';
import type { ProcessTable } from './process-table.ts';
import { pidsBelow } from './tree-usage.ts';

/** Bytes; of those that are gone or belong to somebody else nothing is counted. */
export async function readPss(pids: readonly number[]): Promise<number> {
  let bytes = 0;
  for (const pid of pids) bytes += parsePss(await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => ''));
  return bytes;
}

export function parsePss(text: string): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(text);
  return match ? Number(match[1]) * 1024 : 0;
}

/** Memory changes slowly, and counting it is dear. */
const KEPT_MS = 5_000;

/** Trees' memory, counted anew now and then. */
export class SharedMemory {
  #known: ReadonlyMap<number, { readonly at: number; readonly bytes: number }> = new Map();

  /** @param roots - pids; what is below each is counted with it. @returns bytes by root */
  async of(table: ProcessTable, roots: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const now = performance.now();
    const counted = new Map<number, { readonly at: number; readonly bytes: number }>();
    for (const root of roots) {
      const before = this.#known.get(root);
      const fresh = before !== undefined && now - before.at < KEPT_MS;
      counted.set(root, fresh ? before : { at: now, bytes: await readPss(pidsBelow(table, root)) });
    }
    this.#known = counted;
    return new Map([...counted].map(([root, { bytes }]) => [root, bytes]));
  }
}
