/** How much an agent's processes have written so far. */
import { readFile } from 'node:fs/promises';

export interface IoCounters {
  /** Bytes that went or will go to a disk; none for memory file systems. */
  readonly disk: number;
  /** Bytes given to write(2) and the like, terminals and pipes included. */
  readonly all: number;
}

/**
 * The sum over processes (proc_pid_io(5)). What a child wrote moves to the parent that waits for it, so short-lived programs
 * count too. Those that are gone or not ours to look at count for nothing.
 */
export async function ioCounters(pids: readonly number[]): Promise<IoCounters> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/io`, 'latin1').catch(() => '')));
  const sum = (pattern: RegExp) => texts.reduce((total, text) => total + Number(pattern.exec(text)?.[1] ?? 0), 0);
  return { disk: sum(/^write_bytes: (\d+)/m), all: sum(/^wchar: (\d+)/m) };
}
