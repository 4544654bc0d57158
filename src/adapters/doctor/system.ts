/** Limits and folders of the system: inotify, descriptors, control groups, where the sockets go. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureSafeDir } from '../paths/safe-dir.ts';
import { sessionPaths } from '../paths/session.ts';
import { fail, ok, warn } from './model.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';

const WATCHES_WANTED = 65_536;
const INSTANCES_WANTED = 64;
const FILES_WANTED = 1024;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

export function inotifyRow(folder = '/proc/sys/fs/inotify'): DoctorRow {
  const watches = Number(read(join(folder, 'max_user_watches')) ?? Number.NaN);
  const instances = Number(read(join(folder, 'max_user_instances')) ?? Number.NaN);
  if (Number.isNaN(watches)) return ok('file watching', 'not limited by inotify on this system');
  const text = `${watches} inotify watches, ${instances} instances`;
  if (watches < WATCHES_WANTED) {
    return warn('file watching', text, `sudo sysctl fs.inotify.max_user_watches=524288 (now polled when they run out)`);
  }
  if (instances < INSTANCES_WANTED) return warn('file watching', text, 'sudo sysctl fs.inotify.max_user_instances=512');
  return ok('file watching', text);
}

export function filesRow(limits = read('/proc/self/limits')): DoctorRow {
  const line = limits?.split('\n').find((text) => text.startsWith('Max open files'));
  const soft = line?.slice('Max open files'.length).trim().split(/\s+/)[0];
  if (soft === undefined) return ok('open files', 'limit unknown on this system');
  const enough = soft === 'unlimited' || Number(soft) >= FILES_WANTED;
  const text = `${soft} for each process`;
  return enough ? ok('open files', text) : warn('open files', text, `ulimit -n ${FILES_WANTED} before llmctl`);
}

/** A control group of our own, writable, with a freezer: pausing takes a millisecond then instead of a walk. */
export function freezerRow(cgroups = read('/proc/self/cgroup'), root = '/sys/fs/cgroup'): DoctorRow {
  const path = cgroups
    ?.split('\n')
    .find((line) => line.startsWith('0::'))
    ?.slice(3);
  const walk = 'agents are paused process by process';
  if (path === undefined || read(join(root, 'cgroup.controllers')) === null) {
    return ok('pausing', `${walk} (no cgroup v2 here)`);
  }
  const own = join(root, path);
  try {
    accessSync(own, constants.W_OK);
    accessSync(join(own, 'cgroup.procs'), constants.W_OK);
    return ok('pausing', `a delegated cgroup v2 with a freezer: ${own}`);
  } catch {
    return ok('pausing', `${walk} (cgroup v2 is not delegated: systemd-run --user --scope -p Delegate=yes would)`);
  }
}

export function folderRows({ env, repo }: DoctorFacts): DoctorRow[] {
  const paths = sessionPaths(repo, env);
  return [
    folderRow('sockets', paths.socketDir, 'set XDG_RUNTIME_DIR to a folder of your own, such as /run/user/UID'),
    folderRow('state', paths.stateDir, 'set XDG_STATE_HOME to a folder that you may write to'),
  ];
}

function folderRow(name: string, path: string, remedy: string): DoctorRow {
  if (statSync(path, { throwIfNoEntry: false })) {
    try {
      ensureSafeDir(path);
      return ok(name, path);
    } catch (error) {
      return fail(name, error instanceof Error ? error.message : String(error), remedy);
    }
  }
  for (let at = dirname(path); ; at = dirname(at)) {
    if (!statSync(at, { throwIfNoEntry: false })) continue;
    try {
      accessSync(at, constants.W_OK | constants.X_OK);
      return ok(name, `${path} (made when needed)`);
    } catch {
      return fail(name, `${path} can't be made: ${at} is not writable`, remedy);
    }
  }
}
