/** Every process of the machine at about this moment. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
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

/** Files read in one go. The kernel makes each in some 15 µs: handing them to Node's threads costs five times that. */
const AT_ONCE = 64;
/** The field of proc_pid_stat(5) that is needed last is rss, number 24. */
const FIELDS = 22;
/** Longer than any line of that file up to there. */
const LINE_BYTES = 1024;

/**
 * Not one instant: processes come and go while it is read.
 * @throws Error where there is no /proc
 */
export async function readProcessTable(): Promise<ProcessTable> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const table = new Map<number, ProcessRow>();
  const line = Buffer.allocUnsafe(LINE_BYTES);
  for (const [i, name] of pids.entries()) {
    if (i > 0 && i % AT_ONCE === 0) await turn();
    const row = parseStat(Number(name), readStat(name, line));
    if (row) table.set(row.pid, row);
  }
  return table;
}

/** '' where the process is gone. */
function readStat(pid: string, line: Buffer): string {
  try {
    const fd = openSync(`/proc/${pid}/stat`, 'r');
    try {
      return line.toString('latin1', 0, readSync(fd, line, 0, LINE_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
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
