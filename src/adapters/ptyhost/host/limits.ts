/**
 * Room for one more program. node-pty starts a thread for every child and aborts the whole process where that fails,
 * with all agents in it; so the limits are read first.
 */
import { accessSync, constants, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Threads and processes to be left over: the child's own first ones, and ours. */
const PROCESS_MARGIN = 24;
const FILE_MARGIN = 16;

/** @returns why the program can't be started, in one line; null where it can */
export function refuseSpawn(file: string, cwd: string): string | null {
  return badFolder(cwd) ?? badProgram(file) ?? noFiles() ?? noProcesses() ?? noPids() ?? noThreads();
}

function badFolder(cwd: string): string | null {
  try {
    if (!statSync(cwd).isDirectory()) return `${cwd} is no folder: the program can't start in it`;
    accessSync(cwd, constants.X_OK);
    return null;
  } catch (error) {
    return `can't start in ${cwd}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`;
  }
}

function badProgram(file: string): string | null {
  if (!file.startsWith('/')) return `${file}: not an absolute path`;
  try {
    accessSync(file, constants.X_OK);
    return null;
  } catch (error) {
    return `can't run ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`;
  }
}

function noFiles(): string | null {
  const limit = softLimit('Max open files');
  const open = readdirSync('/proc/self/fd').length;
  return open + FILE_MARGIN > limit ? `no descriptor left: ${open} of ${limit} are open (ulimit -n)` : null;
}

/** RLIMIT_NPROC counts the threads of the user, and binds nobody with CAP_SYS_RESOURCE (setrlimit(2)). */
function noProcesses(): string | null {
  const uid = process.getuid?.() ?? 0;
  const limit = softLimit('Max processes');
  if (uid === 0 || limit === Infinity) return null;
  const used = threadsOf(uid, limit - PROCESS_MARGIN);
  return used > limit - PROCESS_MARGIN ? `no process left: ${used} of ${limit} are in use (ulimit -u)` : null;
}

function softLimit(name: string): number {
  const line = read('/proc/self/limits')
    .split('\n')
    .find((candidate) => candidate.startsWith(name));
  const value = line?.slice(name.length).trim().split(/\s+/)[0];
  return value === undefined || value === 'unlimited' ? Infinity : Number(value);
}

/** Threads of all processes of a user; stops counting past `enough`. */
function threadsOf(uid: number, enough: number): number {
  let count = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d/.test(name)) continue;
    const status = read(`/proc/${name}/status`);
    if (Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]) !== uid) continue;
    count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    if (count > enough) break;
  }
  return count;
}

/** The pids controller of control groups, at every level above us. */
function noPids(): string | null {
  for (const folder of pidsFolders()) {
    const max = read(join(folder, 'pids.max')).trim();
    if (max === '' || max === 'max') continue;
    const current = Number(read(join(folder, 'pids.current')));
    if (current + PROCESS_MARGIN > Number(max)) {
      return `no process left: ${current} of ${max} are in use in the control group ${folder}`;
    }
  }
  return null;
}

function pidsFolders(): readonly string[] {
  const folders: string[] = [];
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [, controllers, path] = line.split(':');
    if (path === undefined || (controllers !== '' && !controllers!.split(',').includes('pids'))) continue;
    const roots = controllers === '' ? ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] : ['/sys/fs/cgroup/pids'];
    for (const root of roots) {
      for (let at = path; ; at = dirname(at)) {
        folders.push(join(root, at));
        if (at === '/' || at === '.') break;
      }
    }
  }
  return folders;
}

/** All threads of the machine: the second figure of the fourth field, proc_loadavg(5). */
function noThreads(): string | null {
  const used = Number(read('/proc/loadavg').split(' ')[3]?.split('/')[1]);
  const max = Math.min(Number(read('/proc/sys/kernel/threads-max')), Number(read('/proc/sys/kernel/pid_max')));
  return max > 0 && used + PROCESS_MARGIN > max ? `no process left: ${used} of ${max} on this machine` : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
