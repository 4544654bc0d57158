/** What the room shows of an agent's git, taken from the snapshots that are made anyway: no `git status` for it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../../adapters/git/api-merge.ts';
import { treesOf } from '../../adapters/git/trees.ts';
import { branchFigures } from '../../adapters/git/worktrees.ts';
import type { Room } from '../room.ts';
import type { Tree } from './tree.ts';

/** Thousands of changed files: somebody switches branches. */
const CHANGED_LIMIT = 2_000;

export class Figures {
  readonly #room: Room;
  /** Commit that agents' branches are measured against; null where there is none. */
  readonly #against: (tree: Tree) => Promise<string | null>;
  readonly #known = new Map<string, { readonly key: string; readonly ahead: number; readonly behind: number }>();

  constructor(room: Room, against: (tree: Tree) => Promise<string | null>) {
    this.#room = room;
    this.#against = against;
  }

  async tell(tree: Tree, snapshot: Snapshot): Promise<void> {
    const trees = treesOf(tree.worktree, tree.scratch);
    const [changes, branch, { ahead, behind }] = await Promise.all([
      trees.root(snapshot.head).then((root) => trees.diff(root, snapshot.tree)),
      branchOf(tree),
      this.#distance(tree, snapshot),
    ]);
    const changed = changes.slice(0, CHANGED_LIMIT).map(({ path }) => path);
    this.#room.dispatch({ type: 'agent.git', agent: tree.agent, git: { branch, changed, ahead, behind } });
  }

  async #distance(tree: Tree, { head }: Snapshot): Promise<{ ahead: number; behind: number }> {
    const against = await this.#against(tree);
    if (against === null) return { ahead: 0, behind: 0 };
    const key = `${head} ${against}`;
    const known = this.#known.get(tree.agent);
    if (known?.key === key) return known;
    const figures = await branchFigures(tree.worktree, against);
    const { ahead, behind } = figures.ok ? figures : { ahead: 0, behind: 0 };
    this.#known.set(tree.agent, { key, ahead, behind });
    return { ahead, behind };
  }
}

/** '' while HEAD is detached. (gitrepository-layout(5), HEAD) */
async function branchOf({ worktree }: Tree): Promise<string> {
  const head = await readFile(join(worktree.gitDir, 'HEAD'), 'utf8').catch(() => '');
  return /^ref: refs\/heads\/(.+)\n?$/.exec(head)?.[1] ?? '';
}
