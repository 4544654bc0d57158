/**
 * `.llmctl/NAME`: a working tree in which a commit is tested. llmctl's own, unlike all others: it may be mended by force.
 */
import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Oid, Outcome, Worktree } from './api-merge.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { writersIn } from './quiesce.ts';
import { runGit } from './run.ts';
import {
  CHECKOUT_TIMEOUT_MS,
  LOCK_TRIES,
  LOCK_WAIT_MS,
  excludeStateFolder,
  retryLocked,
  worktreeAt,
} from './worktrees.ts';
import { STATE_FOLDER } from '../paths/worktree.ts';

export interface CheckedOut {
  /** To run the checks in. */
  readonly dir: string;
  /** It was made just now: what a new worktree needs (setup commands, copied files) is yet to be done. */
  readonly made: 'new' | 'reused';
}

const LOCKS = ['index.lock', 'HEAD.lock'];
export class LandingTree {
  readonly #top: string;
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param top of the repository's own working tree. @param name of the folder: `landing`, `gates` */
  constructor(top: string, name = 'landing') {
    this.#top = top;
    this.#name = name;
  }

  /**
   * Makes the tracked files exactly those of `commit`; what git ignores stays, so that a build needs not begin anew. HEAD is
   * detached; no hook runs. One at a time: not while something runs in it.
   */
  checkout(commit: Oid): Promise<Outcome<CheckedOut>> {
    const mine = this.#last.then(() => attempt(() => this.#checkout(commit)));
    this.#last = mine;
    return mine;
  }

  async #checkout(commit: Oid): Promise<CheckedOut> {
    const dir = join(await realpath(this.#top), STATE_FOLDER, this.#name);
    const there = await existing(this.#top, dir);
    const worktree = there ?? (await this.#make(dir, commit));
    const git = new Git(worktree);
    await freeLocks(worktree);
    try {
      await moveTo(git, commit);
    } catch {
      // An index cut short by a crash; whatever else is wrong is said by the second try.
      await rm(join(worktree.gitDir, 'index'), { force: true });
      await moveTo(git, commit);
    }
    return { dir: worktree.dir, made: there ? 'reused' : 'new' };
  }

  async #make(dir: string, commit: Oid): Promise<Worktree> {
    await excludeStateFolder(this.#top);
    await mkdir(dirname(dir), { recursive: true });
    await moveAside(dir);
    // --force twice: git still lists a folder that is gone, and has it locked where a git died while making it.
    const args = ['--force', '--force', '--quiet', '--detach', '--no-checkout', dir, commit];
    await retryLocked(this.#top, ['worktree', 'add', ...args]);
    const made = await worktreeAt(dir, 'landing');
    if (!made) throw new GitError(`git made no worktree in ${dir}`, null);
    return made;
  }
}

async function moveTo(git: Git, commit: Oid): Promise<void> {
  const timeoutMs = CHECKOUT_TIMEOUT_MS;
  await git.run(['checkout', '--quiet', '--force', '--detach', '--no-recurse-submodules', commit], { timeoutMs });
  // Twice --force: repositories that a test left behind, too.
  await git.run(['clean', '--quiet', '-d', '--force', '--force'], { timeoutMs });
}

/** null where it is to be made. */
async function existing(top: string, dir: string): Promise<Worktree | null> {
  const found = await worktreeAt(dir, 'landing');
  if (found) return found;
  if (!(await stat(dir).catch(() => null))) return null;
  await runGit(top, ['worktree', 'repair', dir]);
  return worktreeAt(dir, 'landing');
}

/** Whatever it is, it might be somebody's. */
async function moveAside(dir: string): Promise<void> {
  const entries = await readdir(dir).catch(() => null);
  if (!entries?.length) return;
  for (let n = 1; ; n++) {
    const aside = `${dir}.aside-${n}`;
    if (await stat(aside).catch(() => null)) continue;
    await rename(dir, aside);
    return;
  }
}

/** Waits for a git that still runs here; locks of one that is dead are removed. */
async function freeLocks(worktree: Worktree): Promise<void> {
  for (let tries = 1; ; tries++) {
    const locks = LOCKS.map((name) => join(worktree.gitDir, name));
    const found = await Promise.all(locks.map((lock) => stat(lock).catch(() => null)));
    const held = locks.filter((_, i) => found[i]);
    if (held.length === 0) return;
    // A git on a loaded machine closes its lock before it renames it.
    if (tries >= LOCK_TRIES) {
      const [writer] = await writersIn(worktree.gitDir);
      if (writer)
        throw new GitError(`process ${writer.pid} is at work in ${worktree.dir}; end it, then land again`, null);
      await Promise.all(held.map((lock) => rm(lock, { force: true })));
      return;
    }
    await new Promise((done) => setTimeout(done, LOCK_WAIT_MS));
  }
}
