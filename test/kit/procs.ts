/** Processes as /proc shows them: who belongs to a scenario, and what they cost. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface Proc {
  readonly pid: number;
  readonly ppid: number;
  /** R, S, T, Z and so on, as in proc(5). */
  readonly state: string;
  readonly command: string;
}

/** Clock ticks a second: USER_HZ is 100 on every Linux that Node runs on. */
const TICKS = 100;
const PAGE_BYTES = 4096;

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Fields after the command's name, which may itself hold spaces and brackets; undefined where the process is gone. */
function statFields(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

export function proc(pid: number): Proc | undefined {
  const fields = statFields(pid);
  if (fields === undefined) return undefined;
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return { pid, ppid: Number(fields[1]), state: fields[0]!, command };
}

/** True while the process runs or sleeps; a zombie is gone but for its parent's knowing. */
export function isAlive(pid: number): boolean {
  const state = proc(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

export function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Living processes whose environment, arguments or folder name `marker`, but for this one. */
export function processesNaming(marker: string): Proc[] {
  const own = process.pid;
  return allPids()
    .filter((pid) => pid !== own)
    .filter(
      (pid) =>
        read(`/proc/${pid}/environ`).includes(marker) ||
        read(`/proc/${pid}/cmdline`).includes(marker) ||
        link(`/proc/${pid}/cwd`).startsWith(marker),
    )
    .map((pid) => proc(pid))
    .filter((found): found is Proc => found !== undefined && found.state !== 'Z' && found.state !== 'X');
}

/** All descendants of a process, itself first. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const each of allPids()) {
    const parent = Number(statFields(each)?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    open.push(...(children.get(next) ?? []));
  }
  return found;
}

/** Seconds of CPU that the processes (all their threads) have used; a process that is gone counts nothing. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    if (fields !== undefined) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS;
}

export function rssBytes(pid: number): number {
  return Number(statFields(pid)?.[21] ?? 0) * PAGE_BYTES;
}

export function openDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** Ends processes that the scenario started; one that is gone already is no error. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // Gone: what was wanted.
    }
  }
}
