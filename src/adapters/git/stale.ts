/** Worktrees of agents that are no more: what each still holds, and removing those that hold nothing. */
import { readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { agentBranch } from '../../core/model/agent.ts';
import { worktreeDir } from '../paths/worktree.ts';
import type { GitPath, Oid, Outcome, Worktree } from './api-merge.ts';
import { readDisk } from './disk.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { gitBusy } from './quiesce.ts';
import { cleanedRef, updateRefs } from './refs.ts';
import { runGit } from './run.ts';
import { listWorktrees, worktreeAt, type ListedWorktree } from './worktrees.ts';

export interface StaleWorktree {
  readonly agent: string;
  /** Absolute. */
  readonly dir: string;
  /** '' while HEAD is detached, or where it is no worktree. */
  readonly branch: string;
  readonly head: Oid;
  /** Its folder is gone; git still lists it. */
  readonly missing: boolean;
  /** Changed, new or deleted; and ignored files that the repository hasn't just so, which would go unasked. */
  readonly uncommitted: readonly GitPath[];
  /** Commits that are in none of the branches work lands on. */
  readonly unlanded: number;
  /** Why it stays; '' where nothing would be lost. */
  readonly keep: string;
}

export interface StaleRequest {
  /** Agents whose worktrees are in use. */
  readonly live: ReadonlySet<string>;
  /** Branches that work lands on; those that don't exist are left out. */
  readonly landed: readonly string[];
}

/** In order of their names. @param top of the repository's own working tree. */
export function staleWorktrees(top: string, request: StaleRequest): Promise<Outcome<{ worktrees: StaleWorktree[] }>> {
  return attempt(async () => {
    const real = await realpath(top);
    const home = dirname(worktreeDir(real, 'x'));
    const listed = await listWorktrees(real);
    if (!listed.ok) throw new GitError(listed.reason, null);
    const known = new Map(listed.worktrees.map((one) => [one.dir, one]));
    const there = await readdir(home).catch(() => []);
    const gone = listed.worktrees.filter(({ dir, missing }) => missing && join(home, nameIn(home, dir)) === dir);
    const agents = new Set([...there, ...gone.map(({ dir }) => nameIn(home, dir))]);
    const landed = await existing(real, request.landed);
    const stale = [...agents].filter((agent) => !request.live.has(agent)).toSorted();
    const worktrees: StaleWorktree[] = [];
    for (const agent of stale) {
      const dir = worktreeDir(real, agent);
      worktrees.push(await look(real, agent, dir, known.get(dir), landed));
    }
    return { worktrees };
  });
}

/**
 * Looks once more, then has git remove it, which looks for itself, too. Its branch goes where all of it has landed, else it stays.
 * What HEAD was is kept under refs/llmctl/cleaned: an integration branch may be built anew without it.
 */
export function cleanWorktree(
  top: string,
  agent: string,
  request: StaleRequest,
): Promise<Outcome<{ branch: 'removed' | 'kept' | 'none' }>> {
  return attempt(async () => {
    const found = await staleWorktrees(top, request);
    if (!found.ok) throw new GitError(found.reason, null);
    const stale = found.worktrees.find((one) => one.agent === agent);
    if (!stale) throw new GitError(`${agent} has no stale worktree`, null);
    if (stale.keep !== '') throw new GitError(stale.keep, null);
    const git = await repositoryGit(top);
    if (stale.head !== '') await updateRefs(git, [[cleanedRef(agent, stale.head), stale.head]]);
    const removed = await runGit(top, ['worktree', 'remove', '--', stale.dir]);
    if (!removed.ok) throw new GitError(removed.reason, removed.code);
    if (stale.branch === '') return { branch: 'none' };
    if (stale.unlanded > 0 || stale.branch !== agentBranch(agent)) return { branch: 'kept' };
    // Only as it was looked at: somebody may have moved it just now.
    await git.run(['update-ref', '-d', `refs/heads/${stale.branch}`, stale.head]);
    return { branch: 'removed' };
  });
}

async function look(
  top: string,
  agent: string,
  dir: string,
  known: ListedWorktree | undefined,
  landed: readonly string[],
): Promise<StaleWorktree> {
  const empty = { agent, dir, branch: '', head: '', missing: false, uncommitted: [], unlanded: 0 };
  if (known?.missing) {
    const { branch, head } = known;
    const unlanded = await countUnlanded(await repositoryGit(top), head, landed);
    return { ...empty, branch, head, missing: true, unlanded, keep: branch === '' ? orphaned(unlanded) : '' };
  }
  const worktree = known && (await worktreeAt(dir, agent));
  if (!worktree) return { ...empty, keep: 'it is no worktree of this repository: look into it and move it away' };
  const git = new Git(worktree);
  const head = await git.line(['rev-parse', '--verify', 'HEAD^{commit}']);
  const uncommitted = await heldFiles(git, top, dir);
  const unlanded = await countUnlanded(git, head, landed);
  const { branch } = worktree;
  const keep = await whyKept(worktree, uncommitted.length, unlanded);
  return { agent, dir, branch, head, missing: false, uncommitted, unlanded, keep };
}

async function whyKept(worktree: Worktree, uncommitted: number, unlanded: number): Promise<string> {
  const busy = await gitBusy(worktree);
  if (busy) return busy.reason;
  const user = await processIn(worktree.dir);
  if (user !== null) return `process ${user} works in it`;
  if (uncommitted > 0)
    return uncommitted === 1 ? 'it holds 1 uncommitted file' : `it holds ${uncommitted} uncommitted files`;
  return worktree.branch === '' ? orphaned(unlanded) : '';
}

function orphaned(unlanded: number): string {
  return unlanded === 0
    ? ''
    : `${unlanded} commit${unlanded === 1 ? ' is' : 's are'} on no branch: give them one with \`git branch\``;
}

/** What would go with the folder, though git has it nowhere. */
async function heldFiles(git: Git, top: string, dir: string): Promise<GitPath[]> {
  const args = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching'];
  const { out } = await git.run(args);
  const held: GitPath[] = [];
  for (const field of fieldsOf(out)) {
    const path = pathOf(field.subarray(3));
    const ignored = field.toString('latin1', 0, 2) === '!!';
    // A whole ignored folder is what some command made, and makes again.
    if (ignored && (path.endsWith('/') || (await sameInBoth(top, dir, path)))) continue;
    held.push(path);
  }
  return [...held, ...(await unwatched(git, dir))];
}

/** Such as `.env`, copied when the worktree was made. */
async function sameInBoth(top: string, dir: string, path: GitPath): Promise<boolean> {
  const [here, there] = await Promise.all([readDisk(dir, path), readDisk(top, path)]);
  return here !== null && there !== null && here.bytes.equals(there.bytes);
}

/** Files that git was told not to look at (git-update-index(1), --assume-unchanged and --skip-worktree) and that are there. */
async function unwatched(git: Git, dir: string): Promise<GitPath[]> {
  const { out } = await git.run(['ls-files', '-v', '-z']);
  const marked = fieldsOf(out).filter((field) => /^[a-zS]/.test(field.toString('latin1', 0, 1)));
  const paths = marked.map((field) => pathOf(field.subarray(2)));
  const there = await Promise.all(paths.map((path) => readDisk(dir, path)));
  return paths.filter((_, i) => there[i] !== null);
}

async function countUnlanded(git: Git, head: Oid, landed: readonly string[]): Promise<number> {
  return head === '' ? 0 : Number(await git.line(['rev-list', '--count', head, '--not', ...landed]));
}

async function existing(top: string, branches: readonly string[]): Promise<string[]> {
  const named = [...new Set(branches.filter((branch) => branch !== ''))];
  const refs = await Promise.all(
    named.map(async (branch) => {
      const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${branch}^{commit}`];
      const run = await runGit(top, args);
      return run.ok ? run.stdout.toString().trim() : '';
    }),
  );
  return refs.filter((oid) => oid !== '');
}

async function repositoryGit(top: string): Promise<Git> {
  const own = await worktreeAt(top, '');
  if (!own) throw new GitError(`${top} is not the top of a git working tree`, null);
  return new Git(own);
}

/** A process whose folder is in there; null where there is none, or no /proc to tell. */
async function processIn(dir: string): Promise<number | null> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  const at = folders.findIndex((folder) => folder === dir || folder.startsWith(`${dir}/`));
  return at < 0 ? null : Number(pids[at]);
}

/** The folder's name where it lies right below `home`. */
function nameIn(home: string, dir: string): string {
  const name = dir.startsWith(`${home}/`) ? dir.slice(home.length + 1) : '';
  return name.includes('/') ? '' : name;
}
