/** A worktree for each agent, `.llmctl/worktrees/AGENT` on branch `llmctl/AGENT`. One that is there is used again, never removed. */
import { mkdir, readFile, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { agentBranch } from '../../core/model/agent.ts';
import { STATE_FOLDER, worktreeDir } from '../paths/worktree.ts';
import type { GitPath, Oid, Outcome, Worktree } from './api-merge.ts';
import { copyIncluded } from './copy-included.ts';
import { fieldsOf } from './path-bytes.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { findRepository, headCommit } from './repo.ts';
import { runGit } from './run.ts';

/** A checkout of 100,000 files on a slow disk. */
export const CHECKOUT_TIMEOUT_MS = 300_000;
/** Somebody's git holds a lock for moments; longer is a git that died. */
export const LOCK_TRIES = 20;
export const LOCK_WAIT_MS = 100;

export interface WorktreeRequest {
  readonly agent: string;
  /** Commit or branch that a new branch starts from; null: where the repository's own HEAD is. */
  readonly base: string | null;
  /** Patterns as in .gitignore: files that git leaves out, but a program needs (`.env`), copied into a new worktree. */
  readonly copy?: readonly string[];
}

export interface MadeWorktree {
  readonly worktree: Worktree;
  readonly made: 'new' | 'reused';
  /** What .worktreeinclude and `copy` brought over. */
  readonly copied: readonly GitPath[];
}

let queue: Promise<unknown> = Promise.resolve();

/** Never rejects. One at a time: git's own worktree list has no lock. @param top of the repository's own working tree. */
export function ensureWorktree(top: string, request: WorktreeRequest): Promise<Outcome<MadeWorktree>> {
  const mine = queue.then(() => attempt(() => make(top, request)));
  queue = mine;
  return mine;
}

async function make(top: string, request: WorktreeRequest): Promise<MadeWorktree> {
  const dir = worktreeDir(await realpath(top), request.agent);
  const branch = agentBranch(request.agent);
  await excludeStateFolder(top);
  const known = await useExisting(top, dir, request.agent);
  if (known) return { worktree: known, made: 'reused', copied: [] };
  const start = await startOf(top, request.base);
  await mkdir(dirname(dir), { recursive: true });
  const exists = (await runGit(top, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`])).ok;
  // --force: the folder of a worktree that git still lists may be gone.
  const what = exists ? [dir, branch] : ['-b', branch, dir, start];
  await retryLocked(top, ['worktree', 'add', '--force', '--quiet', ...what]);
  const worktree = await worktreeAt(dir, request.agent);
  if (!worktree) throw new GitError(`git made no worktree in ${dir}`, null);
  return { worktree, made: 'new', copied: await copyIncluded(top, dir, request.copy ?? []) };
}

/** null where it is to be made. Throws where something else is in its place. */
async function useExisting(top: string, dir: string, agent: string): Promise<Worktree | null> {
  const entries = await readdir(dir).catch(() => null);
  if (entries === null || entries.length === 0) return null;
  const found = await worktreeAt(dir, agent);
  if (found) return found;
  // Moved with its repository: its .git file still names the old place.
  await runGit(top, ['worktree', 'repair', dir]);
  const repaired = await worktreeAt(dir, agent);
  if (repaired) return repaired;
  throw new GitError(`${dir} exists and is no worktree of this repository; move it away`, null);
}

/** null where `dir` is not the top of a working tree of its own. */
export async function worktreeAt(dir: string, agent: string): Promise<Worktree | null> {
  const found = await findRepository(dir);
  if (!found.ok || found.dirs.top !== (await realpath(dir).catch(() => dir))) return null;
  return {
    agent,
    dir: found.dirs.top,
    gitDir: found.dirs.gitDir,
    commonDir: found.dirs.commonDir,
    branch: await branchOf(dir),
  };
}

/** The working tree that all agents of a session without worktrees share. */
export function sharedWorktree(top: string, agent: string): Promise<Outcome<{ worktree: Worktree }>> {
  return attempt(async () => {
    const worktree = await worktreeAt(top, agent);
    if (!worktree) throw new GitError(`${top} is not the top of a git working tree`, null);
    return { worktree };
  });
}

/** Throws GitError. @param base commit or branch; null: where HEAD is. */
export async function startOf(top: string, base: string | null): Promise<Oid> {
  const run = await runGit(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base ?? 'HEAD'}^{commit}`]);
  if (run.ok) return run.stdout.toString().trim();
  if ((await headCommit(top)) === '') throw new GitError('the repository has no commit yet; make a first one', null);
  throw new GitError(`the plan's base ${base} names no commit; name a branch that exists`, null);
}

/** Throws GitError. */
export async function retryLocked(top: string, args: readonly string[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    const run = await runGit(top, args, { timeoutMs: CHECKOUT_TIMEOUT_MS });
    if (run.ok) return;
    if (tries === LOCK_TRIES || !/\.lock|could not lock|Unable to create/i.test(run.reason)) {
      throw new GitError(`no worktree made: ${run.reason}`, run.code);
    }
    await new Promise((done) => setTimeout(done, LOCK_WAIT_MS));
  }
}

/** '' while HEAD is detached. */
async function branchOf(dir: string): Promise<string> {
  const run = await runGit(dir, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return run.ok ? run.stdout.toString().trim() : '';
}

/** Keeps `.llmctl/` out of everybody's `git status` through .git/info/exclude, which nobody commits. */
export async function excludeStateFolder(top: string): Promise<void> {
  const found = await findRepository(top);
  if (!found.ok) throw new GitError(found.reason, null);
  const file = join(found.dirs.commonDir, 'info', 'exclude');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split('\n').some((line) => line.trim().replace(/^\//, '') === `${STATE_FOLDER}/`)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}/${STATE_FOLDER}/\n`);
}

export interface ListedWorktree {
  readonly dir: string;
  readonly head: Oid;
  /** '' while detached. */
  readonly branch: string;
  /** Its folder is gone. */
  readonly missing: boolean;
}

/** All worktrees that git knows of, the repository's own first. */
export function listWorktrees(top: string): Promise<Outcome<{ worktrees: ListedWorktree[] }>> {
  return attempt(async () => {
    const run = await runGit(top, ['worktree', 'list', '--porcelain', '-z']);
    if (!run.ok) throw new GitError(run.reason, run.code);
    const worktrees: ListedWorktree[] = [];
    let facts = new Map<string, string>();
    for (const field of fieldsOf(run.stdout)) {
      const text = field.toString();
      const space = text.indexOf(' ');
      if (text !== '') facts.set(space < 0 ? text : text.slice(0, space), space < 0 ? '' : text.slice(space + 1));
      else {
        worktrees.push(await listed(facts));
        facts = new Map();
      }
    }
    return { worktrees };
  });
}

async function listed(facts: ReadonlyMap<string, string>): Promise<ListedWorktree> {
  const dir = facts.get('worktree') ?? '';
  return {
    dir,
    head: facts.get('HEAD') ?? '',
    branch: (facts.get('branch') ?? '').replace(/^refs\/heads\//, ''),
    missing: !(await stat(dir).catch(() => null)),
  };
}

export interface BranchFigures {
  readonly branch: string;
  readonly head: Oid;
  /** Commits that the worktree has and `base` has not, and the other way round. */
  readonly ahead: number;
  readonly behind: number;
}

/** Where a worktree's HEAD stands against a commit or branch. */
export function branchFigures(worktree: Worktree, base: string): Promise<Outcome<BranchFigures>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const [branch, head, counts] = await Promise.all([
      branchOf(worktree.dir),
      git.line(['rev-parse', '--verify', 'HEAD^{commit}']),
      git.line(['rev-list', '--left-right', '--count', '--end-of-options', `${base}...HEAD`]),
    ]);
    const [behind = 0, ahead = 0] = counts.split('\t').map(Number);
    return { branch, head, ahead, behind };
  });
}
