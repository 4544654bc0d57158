/**
 * Snapshots of a dirty worktree that touch neither its index nor its files: a shadow of the index, seeded from the
 * worktree's own, takes everything in, tracked and new, with filters and line ends as git has them.
 */
import { open, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid, Outcome, Snapshot, Worktree } from './api-merge.ts';
import { writeCommit } from './objects.ts';
import { Git, GitError, attempt } from './plumb.ts';
import type { Scratch } from './scratch.ts';

export class Snapshots {
  readonly #worktree: Worktree;
  readonly #git: Git;
  readonly #shadow: string;
  /** Which file the shadow was seeded from; '' where it is to be seeded anew. */
  #seed = '';
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param keep where the objects go: 'scratch' for the many that serve a verdict, 'repository' for those that a ref will
   * name. Each has a shadow of its own, for a shadow's objects must be there.
   */
  constructor(worktree: Worktree, scratch: Scratch, keep: 'scratch' | 'repository') {
    this.#worktree = worktree;
    this.#git = new Git(worktree, keep === 'scratch' ? scratch.env : {});
    this.#shadow = join(scratch.dir, `index-${keep}-${Buffer.from(worktree.agent).toString('hex')}`);
  }

  /** Some 30 ms at 10,000 files. Files that git can't read are left out. Calls wait for each other: there is one shadow. */
  take(): Promise<Outcome<{ snapshot: Snapshot }>> {
    const mine = this.#last.then(() => attempt(() => this.#withRetry()));
    this.#last = mine;
    return mine;
  }

  async #withRetry(): Promise<{ snapshot: Snapshot }> {
    try {
      return { snapshot: await this.#take() };
    } catch (error) {
      // The shadow may have been half written, or name objects that are gone.
      if (this.#seed === '' || !(error instanceof GitError)) throw error;
      this.#seed = '';
      return { snapshot: await this.#take() };
    }
  }

  async #take(): Promise<Snapshot> {
    const [head, tree] = await Promise.allSettled([this.#head(), this.#tree()]);
    if (head.status === 'rejected') throw head.reason;
    if (tree.status === 'rejected') throw tree.reason;
    const message = `llmctl: what ${this.#worktree.agent} has`;
    const commit = await writeCommit(this.#git, tree.value, [head.value], message);
    return { agent: this.#worktree.agent, head: head.value, tree: tree.value, commit };
  }

  async #tree(): Promise<Oid> {
    await this.#seedShadow();
    const env = { GIT_INDEX_FILE: this.#shadow };
    // 1: some files could not be read, the others are in.
    await this.#git.run(['add', '-A', '--ignore-errors', '--', ':/'], { env, ok: [0, 1] });
    return this.#git.line(['write-tree'], { env });
  }

  async #head(): Promise<Oid> {
    const head = await this.#git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { ok: [0, 1] });
    if (head.code !== 0) throw new GitError(`the worktree of ${this.#worktree.agent} has no commit yet`, 1);
    return head.out.toString().trimEnd();
  }

  /** Again whenever the agent's own index changed: it knows what was added by force, and its stat data is warm. */
  async #seedShadow(): Promise<void> {
    const own = join(this.#worktree.gitDir, 'index');
    const found = await stat(own, { bigint: true }).catch(() => null);
    const seed = found ? `${found.ino} ${found.mtimeNs} ${found.size}` : 'none';
    if (seed === this.#seed) return;
    // Left behind by a git that was killed; nobody else uses this index.
    await rm(`${this.#shadow}.lock`, { force: true });
    this.#seed = '';
    if (found) await copyIndex(own, this.#shadow);
    else await this.#git.run(['read-tree', 'HEAD'], { env: { GIT_INDEX_FILE: this.#shadow } });
    this.#seed = seed;
  }
}

/**
 * The copy keeps the time of the original, never a later one: git takes an entry for unchanged without looking where the
 * file is older than the index ("racy git", git's Documentation/technical/racy-git).
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const file = await open(from);
  try {
    const { mtimeMs } = await file.stat();
    const temporary = `${to}.new`;
    await writeFile(temporary, await file.readFile());
    const seconds = Math.floor(mtimeMs) / 1000;
    await utimes(temporary, seconds, seconds);
    await rename(temporary, to);
  } finally {
    await file.close();
  }
}
