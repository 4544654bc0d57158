/**
 * What of an agent's tree is its own, and what it only has because it has landed: an agent that was brought forward has changed
 * nothing by that, and meets nobody in it. Who is behind meets the integration branch, when it lands or is brought forward itself.
 */
import type { GitPath, Oid, Snapshot } from '../../adapters/git/api-merge.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { mergeBase } from '../../adapters/git/touched.ts';
import { treesOf } from '../../adapters/git/trees.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Tree } from './tree.ts';

interface Own {
  /** Head, tree and target that it was worked out for. */
  readonly key: string;
  readonly from: Oid;
  readonly paths: ReadonlySet<GitPath>;
}

export class OwnWork {
  /** Commit that agents' branches are measured against; null where there is none. */
  readonly #against: (tree: Tree) => Promise<string | null>;
  readonly #known = new Map<AgentId, Own>();

  constructor(against: (tree: Tree) => Promise<string | null>) {
    this.#against = against;
  }

  /**
   * @param base merge base of a pair that the agent is one of
   * @returns true for a path that differs from `base` only by what has landed
   */
  async landed(tree: Tree, snapshot: Snapshot, base: Oid): Promise<(path: GitPath) => boolean> {
    const own = await this.#own(tree, snapshot);
    // Measured from one place, all that it has is its own.
    if (own === null || own.from === base) return () => false;
    const trees = treesOf(tree.worktree, tree.scratch);
    const since = new Set((await trees.diff(await trees.root(base), snapshot.tree)).map(({ path }) => path));
    return (path) => since.has(path) && !own.paths.has(path);
  }

  async #own(tree: Tree, { head, tree: oid }: Snapshot): Promise<Own | null> {
    const against = await this.#against(tree);
    if (against === null) return null;
    const key = `${head} ${oid} ${against}`;
    const known = this.#known.get(tree.agent);
    if (known?.key === key) return known;
    const from = await mergeBase(new Git(tree.worktree, tree.scratch.env), head, against);
    const trees = treesOf(tree.worktree, tree.scratch);
    const changes = await trees.diff(await trees.root(from), oid);
    const own = { key, from, paths: new Set(changes.map(({ path }) => path)) };
    this.#known.set(tree.agent, own);
    return own;
  }
}
