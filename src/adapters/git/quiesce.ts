/** Whether a worktree may be read and written now: nobody stopped in the middle of a write, git in the middle of nothing. */
import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree } from './api-merge.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import { GitError, MovedError } from './plumb.ts';
import type { Git } from './plumb.ts';
import { Turns } from './turns.ts';

export interface Writer {
  readonly pid: number;
  /** Absolute; may end in " (deleted)" as Linux has it. */
  readonly file: string;
}

/** open(2): the two lowest bits say how a file was opened; 0 is for reading only. */
const ACCESS_MODE = 0o3;

/**
 * Descriptors open for writing below `dir` (proc_pid_fd(5), proc_pid_fdinfo(5)). Empty where there is no /proc.
 * @param pids whose; all that may be looked into where left out
 */
export async function writersIn(dir: string, pids?: readonly number[]): Promise<Writer[]> {
  const all = pids ?? (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(all.filter((pid) => pid !== process.pid).map((pid) => writesOf(pid, `${dir}/`)));
  return found.flat();
}

async function writesOf(pid: number, below: string): Promise<Writer[]> {
  const folder = `/proc/${pid}/fd`;
  const writers: Writer[] = [];
  for (const fd of await readdir(folder).catch(() => [])) {
    const file = await readlink(join(folder, fd)).catch(() => '');
    if (!file.startsWith(below)) continue;
    const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, 'latin1').catch(() => '');
    const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8);
    if (flags & ACCESS_MODE) writers.push({ pid, file });
  }
  return writers;
}

/** Files of a git that is at work, or that stopped for a person; and what that is called. */
const UNDER_WAY: readonly (readonly [string, string])[] = [
  ['index.lock', 'git is at work'],
  ['HEAD.lock', 'git is at work'],
  ['MERGE_HEAD', 'a merge is under way'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick is under way'],
  ['REVERT_HEAD', 'a revert is under way'],
  ['rebase-merge', 'a rebase is under way'],
  ['rebase-apply', 'a rebase is under way'],
  ['BISECT_LOG', 'a bisect is under way'],
];

export interface Busy {
  readonly reason: string;
  /** It is a lock, gone in a moment unless its git died; else it takes a person or the agent. */
  readonly brief: boolean;
}

/** What git is in the middle of in this worktree; null where nothing. */
export async function gitBusy(worktree: Worktree): Promise<Busy | null> {
  const branchLock = worktree.branch && join(worktree.commonDir, 'refs/heads', `${worktree.branch}.lock`);
  const files = UNDER_WAY.map(([name, what]) => [join(worktree.gitDir, name), what] as const);
  const checks = branchLock ? [...files, [branchLock, 'git is at work'] as const] : files;
  const there = await Promise.all(checks.map(([file]) => stat(file).catch(() => null)));
  const at = there.findIndex((found) => found !== null);
  if (at < 0) return null;
  const [file, what] = checks[at]!;
  return { reason: `${what} in the worktree of ${worktree.agent} (${file})`, brief: file.endsWith('.lock') };
}

/** Throws GitError where git is in the middle of something there, MovedError where only for a moment. */
export async function checkIdle(worktree: Worktree): Promise<void> {
  const busy = await gitBusy(worktree);
  if (busy?.brief) throw new MovedError(`${busy.reason}; try again, or remove the file if no git runs there`);
  if (busy) throw new GitError(`${busy.reason}; finish or abort it first`, null);
}

/** The same, and where a path is unmerged: moving the branch would spoil that. */
export async function checkFinished(git: Git, worktree: Worktree): Promise<void> {
  await checkIdle(worktree);
  const { out } = await git.run(['ls-files', '-z', '--unmerged']);
  if (out.length === 0) return;
  const path = pathOf(fieldsOf(out)[0]!.subarray(out.indexOf(9) + 1));
  throw new GitError(`${path} is unmerged in the worktree of ${worktree.agent}; settle it first`, null);
}

export interface StillOptions {
  /** Stops every process of the agent; resolves once they stand. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly pids?: () => Promise<readonly number[]>;
  /** After this many milliseconds, and LEAST_TRIES, a writer or a lock is taken for one that stays. */
  readonly deadlineMs?: number;
}

export interface Still {
  readonly writers: readonly Writer[];
  readonly busy: Busy | null;
  /** How often it was let go on for a moment. */
  readonly tries: number;
}

/** How long an agent is let go on that was caught in the middle of something; a write is over in less. */
const GO_ON_MS = [1, 2, 5, 10, 20];
const DEADLINE_MS = 500;
/** A pause alone may take as long as the deadline: what was never let go on had no chance to end its write. */
const LEAST_TRIES = 10;
/** On a busy machine a process that is let go on may not get to run at all: that was no chance either. But some end has to be. */
const PATIENCE_MS = 5_000;

/**
 * Pauses until nobody is caught in the middle of a write or a git command. Ends paused in any case; what is left over after
 * the deadline (a log that stays open, a rebase) is in the answer, for the caller to judge. Rejects only where `pause` does.
 */
export async function pauseStill(worktree: Worktree, options: StillOptions): Promise<Still> {
  const begun = performance.now();
  const until = begun + (options.deadlineMs ?? DEADLINE_MS);
  const turns = new Turns();
  for (let tries = 0; ; tries++) {
    await options.pause();
    const pids = await options.pids?.();
    const [writers, busy] = await Promise.all([writersIn(worktree.dir, pids), gitBusy(worktree)]);
    const hopeful = writers.length > 0 || busy?.brief === true;
    const now = performance.now();
    const late = tries >= LEAST_TRIES && now > until;
    const fair = writers.every(({ pid }) => turns.of(pid) >= LEAST_TRIES) || now > begun + PATIENCE_MS;
    if (!hopeful || (late && fair)) return { writers, busy, tries };
    await turns.begin(writers.map(({ pid }) => pid));
    await options.resume();
    await new Promise((done) => setTimeout(done, GO_ON_MS[Math.min(tries, GO_ON_MS.length - 1)]));
    await turns.end();
  }
}
