/**
 * Snapshots of a dirty worktree that touch neither its index nor its files. Who knows what changed since the last one gets
 * the next by putting just that into the last tree; else a shadow of the index, seeded from the worktree's own, takes
 * everything in, tracked and new, with filters and line ends as git has them.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPath, Oid, Outcome, Snapshot, Worktree } from './api-merge.ts';
import { headOf } from './head.ts';
import { indexFlags } from './index-flags.ts';
import { writeCommit } from './objects.ts';
import { Git, GitError, attempt } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { ShadowIndex } from './shadow-index.ts';
import { FullLook, Splicer } from './splice.ts';
import { treesOf } from './trees.ts';
import type { Trees } from './trees.ts';

/** Whoever can say what a worktree holds now. */
export interface TakesSnapshots {
  take(): Promise<Outcome<{ snapshot: Snapshot }>>;
  /** What was taken before was not what lay there: the next take looks at everything. */
  forget?(): void;
}

export class Snapshots implements TakesSnapshots {
  readonly #worktree: Worktree;
  readonly #git: Git;
  readonly #trees: Trees;
  readonly #shadow: ShadowIndex;
  readonly #splicer: Splicer;
  /** What the last take came to; null where only a full look will do. */
  #tree: Oid | null = null;
  /** Of the worktree's own index when it was last read, and whether git takes every file of it as it lies on disk. */
  #index = { stamp: '', plain: false };
  #doubted = false;
  /** Said to have changed, and in no snapshot yet. */
  #owed = new Set<GitPath>();
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param keep where the objects go: 'scratch' for the many that serve a verdict, 'repository' for those that a ref will
   * name. Each has a shadow of its own, for a shadow's objects must be there.
   */
  constructor(worktree: Worktree, scratch: Scratch, keep: 'scratch' | 'repository') {
    this.#worktree = worktree;
    this.#git = new Git(worktree, keep === 'scratch' ? scratch.env : {});
    this.#trees = treesOf(worktree, scratch);
    const name = `index-${keep}-${Buffer.from(worktree.agent).toString('hex')}`;
    this.#shadow = new ShadowIndex(this.#git, join(scratch.dir, name));
    this.#splicer = new Splicer(this.#git, this.#trees);
  }

  /**
   * Files that git can't read are left out. Calls wait for each other: there is one shadow.
   * @param hint every path, file or folder, that may have changed since the last take of this object began; some 5 ms for a
   * few at any size of the repository. Left out, the whole worktree is looked at: 50 ms at 10,000 files, 350 at 100,000.
   */
  take(hint?: ReadonlySet<GitPath>): Promise<Outcome<{ snapshot: Snapshot }>> {
    const mine = this.#last.then(() => attempt(async () => ({ snapshot: await this.#take(hint) })));
    this.#last = mine;
    return mine;
  }

  forget(): void {
    this.#doubted = true;
  }

  async #take(hint?: ReadonlySet<GitPath>): Promise<Snapshot> {
    for (const path of hint ?? []) this.#owed.add(path);
    const { dir, agent } = this.#worktree;
    // To a snapshot a folder that isn't there would be one with everything deleted.
    if (!(await stat(dir).catch(() => null))) throw new GitError(`the worktree of ${agent} is gone: ${dir}`, null);
    const [head, tree] = await Promise.allSettled([headOf(this.#git), this.#treeNow(hint !== undefined)]);
    if (tree.status === 'rejected') throw tree.reason;
    if (head.status === 'rejected') throw head.reason;
    if (head.value === null) throw new GitError(`the worktree of ${agent} has no commit yet`, 1);
    this.#owed.clear();
    this.#tree = tree.value;
    const commit = await writeCommit(this.#git, tree.value, [head.value], `llmctl: what ${agent} has`);
    return { agent, head: head.value, tree: tree.value, commit };
  }

  async #treeNow(hinted: boolean): Promise<Oid> {
    const doubted = this.#doubted;
    this.#doubted = false;
    const stamp = await this.#stamp();
    const before = this.#tree;
    this.#tree = null;
    if (hinted && !doubted && before && stamp === this.#index.stamp && this.#index.plain) {
      try {
        return await this.#splicer.splice(before, this.#owed);
      } catch (error) {
        // Whatever it stumbled over, a look by git itself tells what it is.
        if (error instanceof FullLook && error.rules) this.#shadow.forget();
      }
    }
    const own = readFile(join(this.#worktree.gitDir, 'index')).catch(() => null);
    const [tree, index] = await Promise.all([this.#shadow.take(stamp), own, this.#splicer.refresh()]);
    // None: all of HEAD is taken as it lies there.
    this.#index = { stamp, plain: index === null || indexFlags(index, tree.length / 2).plain };
    return before && (await this.#rulesChanged(before, tree)) ? this.#anew(stamp) : tree;
  }

  #anew(stamp: string): Promise<Oid> {
    this.#shadow.forget();
    return this.#shadow.take(stamp);
  }

  /** Files that came in before may be ignored now, and the shadow would keep them. */
  async #rulesChanged(before: Oid, tree: Oid): Promise<boolean> {
    const changes = await this.#trees.diff(before, tree).catch(() => null);
    return changes === null || changes.some(({ path }) => path === '.gitignore' || path.endsWith('/.gitignore'));
  }

  /** Changes whenever git may take something in that it left out before, or the other way round. */
  async #stamp(): Promise<string> {
    const { gitDir, commonDir } = this.#worktree;
    const files = [join(gitDir, 'index'), join(commonDir, 'info/exclude'), join(commonDir, 'config')];
    const found = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => null)));
    return found.map((one) => (one ? `${one.ino} ${one.mtimeNs} ${one.size}` : '-')).join('\n');
  }
}
