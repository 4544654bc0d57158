/** Every process of the machine at about this moment. */
import { readFile, readdir } from 'node:fs/promises';
import { statFields } from './stat-fields.ts';

export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  /** Session; the leader's pid. */
  readonly sid: number;
  /** Clock ticks from boot to its start. */
  readonly start: number;
  /** Ticks it ran itself, in user and kernel. */
  readonly ticks: number;
  /** Ticks of its children that ended and were waited for, and of theirs. */
  readonly childTicks: number;
  /** Pages in memory, shared ones included. */
  readonly pages: number;
}

export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** Files read at a time: few enough to leave Node's threads to others. */
const AT_ONCE = 16;
/** The field of proc_pid_stat(5) that is needed last is rss, number 24. */
const FIELDS = 22;

/**
 * Not one instant: processes come and go while it is read.
 * @throws Error where there is no /proc
 */
export async function readProcessTable(): Promise<ProcessTable> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const table = new Map<number, ProcessRow>();
  const reader = async (): Promise<void> => {
    for (let name = pids.pop(); name !== undefined; name = pids.pop()) {
      const row = parseStat(Number(name), await readFile(`/proc/${name}/stat`, 'latin1').catch(() => ''));
      if (row) table.set(row.pid, row);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return table;
}

/** @returns null where the process is gone */
export function parseStat(pid: number, text: string): ProcessRow | null {
  const fields = statFields(text, FIELDS);
  if (!fields) return null;
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid,
    ppid: field(4),
    sid: field(6),
    start: field(22),
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
    pages: field(24),
  };
}
