/** What /proc says about processes: proc_pid_stat(5), proc_pid_environ(5), proc_tid_children(5). Linux only. */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { statFields } from '../../proc/stat-fields.ts';

export interface Proc {
  readonly pid: number;
  /** R S D T t Z X I, as in proc_pid_stat(5). */
  readonly state: string;
  readonly ppid: number;
  readonly sid: number;
  /** Device number of the controlling terminal, 0 where there is none. */
  readonly tty: number;
  readonly threads: number;
  /** Clock ticks from boot to its start: with the pid, what tells a process from a later one of the same pid. */
  readonly start: number;
}

const buffer = Buffer.allocUnsafe(4096);

/** A whole small file of /proc, without the costs of readFileSync; null where it is gone or not ours to read. */
function slurp(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null));
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** @returns null where the process is gone */
export function readProc(pid: number): Proc | null {
  const text = slurp(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = statFields(text, 20);
  if (!fields) return null;
  return {
    pid,
    state: fields[0]!,
    ppid: Number(fields[1]),
    sid: Number(fields[3]),
    tty: Number(fields[4]),
    threads: Number(fields[17]),
    start: Number(fields[19]),
  };
}

/** Every process but the kernel's own, by pid. Not one instant: processes come and go while it is read. */
export function readAll(): Map<number, Proc> {
  const all = new Map<number, Proc>();
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const proc = readProc(Number(name));
    if (proc && proc.ppid !== KTHREADD && proc.pid !== KTHREADD) all.set(proc.pid, proc);
  }
  return all;
}

const KTHREADD = 2;

/** Children of all threads of a process; null where this kernel doesn't say. */
export function readChildren(pid: number): readonly number[] | null {
  let tids: string[];
  try {
    tids = readdirSync(`/proc/${pid}/task`);
  } catch {
    return null;
  }
  const children: number[] = [];
  let known = false;
  for (const tid of tids) {
    const text = readWhole(`/proc/${pid}/task/${tid}/children`);
    if (text === null) continue;
    known = true;
    for (const word of text.split(' ')) if (word !== '') children.push(Number(word));
  }
  return known ? children : null;
}

/** @returns value of a variable in the environment that the process was started with; null where it can't be read */
export function readEnvironmentValue(pid: number, name: string): string | null {
  const text = readWhole(`/proc/${pid}/environ`);
  // Empty between two programs (exec under way), for zombies, and for some that hide it.
  if (text === null || text === '') return null;
  const key = `${name}=`;
  let at = text.startsWith(key) ? 0 : text.indexOf(`\0${key}`);
  if (at < 0) return '';
  if (at > 0) at += 1;
  const end = text.indexOf('\0', at);
  return text.slice(at + key.length, end < 0 ? undefined : end);
}

function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** @returns it runs no further: stopped, or dead */
export function isHeld(state: string): boolean {
  return state === 'T' || state === 't' || isDead(state);
}

export function isDead(state: string): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}

/** @returns no thread of the process can do anything until it is continued */
export function isHeldWhole(proc: Proc): boolean {
  if (isDead(proc.state)) return true;
  if (proc.threads <= 1) return isHeld(proc.state) || waitsForVfork(proc.pid, proc.pid, proc.state);
  let tids: string[];
  try {
    tids = readdirSync(`/proc/${proc.pid}/task`);
  } catch {
    return true;
  }
  return tids.every((tid) => {
    const text = slurp(`/proc/${proc.pid}/task/${tid}/stat`);
    if (text === null) return true;
    const state = text[text.lastIndexOf(')') + 2]!;
    return isHeld(state) || waitsForVfork(proc.pid, Number(tid), state);
  });
}

/**
 * A thread between vfork and its child's exec waits in state D and takes the stop only afterwards; with the child
 * stopped it never gets there. It can do nothing meanwhile, so it counts as held.
 */
function waitsForVfork(pid: number, tid: number, state: string): boolean {
  if (state !== 'D') return false;
  const text = slurp(`/proc/${pid}/task/${tid}/syscall`);
  return text !== null && VFORK_CALLS.has(text.slice(0, text.indexOf(' ')));
}

/** Numbers of vfork, clone and clone3 (asm/unistd_64.h; asm-generic/unistd.h for arm64). */
const VFORK_CALLS: ReadonlySet<string> = new Set(
  process.arch === 'x64' ? ['58', '56', '435'] : process.arch === 'arm64' ? ['220', '435'] : [],
);

/** @returns the process ignores the signal altogether (SigIgn of proc_pid_status(5)); a handler doesn't count */
export function ignoresSignal(pid: number, number: number): boolean {
  const mask = /^SigIgn:\s+([0-9a-f]+)/m.exec(readWhole(`/proc/${pid}/status`) ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n) === 1n;
}

/** Device number of /dev/pts/N as stat's tty_nr has it: major 136 (admin-guide/devices.txt), minor N in two parts. */
export function ttyNumber(ptsName: string): number {
  const match = /^\/dev\/pts\/(\d+)$/.exec(ptsName);
  if (!match) return 0;
  const minor = Number(match[1]);
  return (minor & 0xff) | (136 << 8) | ((minor & ~0xff) << 12);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread: only for a worker. Fractions of a millisecond count. */
export function blockFor(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms);
}
