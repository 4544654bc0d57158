/** The integration branch: made once, moved only from where it was to what was tested. */
import { oneLine } from '../../core/text.ts';
import type { Oid, Outcome, Worktree } from './api-merge.ts';
import { Git, GitError, MovedError, attempt } from './plumb.ts';
import { checkFinished } from './quiesce.ts';
import { landedRef } from './refs.ts';
import { findRepository } from './repo.ts';
import { CHECKOUT_TIMEOUT_MS, LOCK_TRIES, LOCK_WAIT_MS, listWorktrees, startOf, worktreeAt } from './worktrees.ts';
import { STATE_FOLDER } from '../paths/worktree.ts';

export interface IntegrationRequest {
  /** Short: `llmctl/integration`, `main`. */
  readonly branch: string;
  /** Commit or branch that it begins from where it isn't there; null: where the repository's own HEAD is. */
  readonly base: string | null;
}

export interface Integration {
  readonly tip: Oid;
  readonly made: 'new' | 'reused';
  /** Of the repository's own working tree, for all that follows. */
  readonly git: Git;
}

/** A branch that exists is left where it is. @param top of the repository's own working tree. */
export function openIntegration(top: string, { branch, base }: IntegrationRequest): Promise<Outcome<Integration>> {
  return attempt(async () => {
    const found = await findRepository(top);
    if (!found.ok) throw new GitError(found.reason, null);
    const git = new Git({ dir: found.dirs.top, gitDir: found.dirs.gitDir, commonDir: found.dirs.commonDir });
    const valid = await git.run(['check-ref-format', `refs/heads/${branch}`], { ok: [0, 1] });
    if (valid.code !== 0 || branch.startsWith('-')) {
      throw new GitError(`${oneLine(branch)} is no name for a branch; name another for the integration branch`, null);
    }
    const there = await tipOf(git, branch);
    if (there) return { tip: there, made: 'reused', git };
    const start = await startOf(top, base);
    try {
      // Fails where somebody made it meanwhile, or where a branch of another name is in the way.
      await updateTo(git, `create refs/heads/${branch} ${start}`, `llmctl: from ${base ?? 'HEAD'}`);
    } catch (error) {
      const now = await tipOf(git, branch);
      if (now) return { tip: now, made: 'reused', git };
      throw error;
    }
    return { tip: start, made: 'new', git };
  });
}

/** null where there is no such branch. */
export async function tipOf(git: Git, branch: string): Promise<Oid | null> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], { ok: [0, 1] });
  return found.code === 0 ? found.out.toString().trim() : null;
}

export interface IntegrationMove {
  readonly branch: string;
  /** Where it was when what is to land was merged. */
  readonly from: Oid;
  /** What was tested. */
  readonly to: Oid;
  /** Of the landing (or roll-back): refs/llmctl/landed/ID keeps `from`. */
  readonly id: string;
  /** Further landings that `to` holds, each with where the branch would have been before it: a batch moves the branch once. */
  readonly others?: readonly { readonly id: string; readonly from: Oid }[];
}

/**
 * Fails with `moved` where the branch is elsewhere by now. Where it is checked out, the files there go along as `git merge --ff-only`
 * would have them go, or nothing is done at all: changes in the way are somebody's work. May be repeated.
 */
export function moveIntegration(git: Git, move: IntegrationMove): Promise<Outcome<object>> {
  return attempt(async () => {
    const { branch, from, to, id } = move;
    if ((await tipOf(git, branch)) === to && from !== to) return {};
    await checkTip(git, move);
    const places = await checkedOut(git, branch);
    const done: Worktree[] = [];
    try {
      for (const place of places) {
        await carry(place, move);
        done.push(place);
      }
      const kept = [{ id, from }, ...(move.others ?? [])].map((one) => `update ${landedRef(one.id)} ${one.from}`);
      const lines = [`update refs/heads/${branch} ${to} ${from}`, ...kept];
      await updateTo(git, lines.join('\n'), `llmctl: land ${id}`);
    } catch (error) {
      for (const place of done) await readTree(new Git(place), to, from);
      await checkTip(git, move);
      throw error;
    }
    return {};
  });
}

async function checkTip(git: Git, { branch, from }: IntegrationMove): Promise<void> {
  const now = await tipOf(git, branch);
  if (now === from) return;
  const where = now ? `at ${now.slice(0, 10)}` : 'gone';
  throw new MovedError(`${branch} was moved while this was tested: it is ${where}; nothing was landed`);
}

async function updateTo(git: Git, lines: string, why: string): Promise<void> {
  const log = why.replace(/[\s\0]+/g, ' ');
  await git.run(['update-ref', '-m', log, '--stdin'], { input: `start\n${lines}\nprepare\ncommit\n` });
}

/** The working trees whose HEAD is the branch. Throws where that is an agent's: nobody writes there unasked. */
async function checkedOut(git: Git, branch: string): Promise<Worktree[]> {
  const listed = await listWorktrees(git.dirs.dir);
  if (!listed.ok) throw new GitError(listed.reason, null);
  const places: Worktree[] = [];
  for (const { dir } of listed.worktrees.filter((one) => one.branch === branch && !one.missing)) {
    if (dir.includes(`/${STATE_FOLDER}/worktrees/`)) {
      throw new GitError(
        `${branch} is checked out by an agent in ${dir}; switch that back to the agent's branch`,
        null,
      );
    }
    const place = await worktreeAt(dir, dir);
    if (place) places.push(place);
  }
  return places;
}

async function carry(place: Worktree, { branch, from, to }: IntegrationMove): Promise<void> {
  const git = new Git(place);
  const then = 'then land again';
  try {
    await waitFinished(git, place);
    await readTree(git, from, to);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const there = `${branch} is checked out in ${place.dir}`;
    const path = /^(?:error: )?(?:Entry|Untracked working tree file) '(.*)' (?:not uptodate|would be)/.exec(
      error.message,
    )?.[1];
    if (path !== undefined) {
      throw new GitError(`${there}, where ${path} has changes in the way; commit or stash them, ${then}`, null);
    }
    throw new GitError(`${there}, and can't follow: ${error.message}; settle that, ${then}`, null);
  }
}

/** A git at work there is done in a moment, unless it died. */
async function waitFinished(git: Git, place: Worktree): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await checkFinished(git, place);
    } catch (error) {
      if (!(error instanceof MovedError) || tries === LOCK_TRIES) throw error;
      await new Promise((done) => setTimeout(done, LOCK_WAIT_MS));
    }
  }
}

/** The "two tree merge" of git-read-tree(1): what is changed there stays where the move doesn't touch it. */
async function readTree(git: Git, from: Oid, to: Oid): Promise<void> {
  // Files that were only touched are no changes in the way.
  await git.run(['update-index', '-q', '--refresh'], { ok: [0, 1] });
  await git.run(['read-tree', '-m', '-u', from, to], { timeoutMs: CHECKOUT_TIMEOUT_MS });
}
