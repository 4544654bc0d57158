/** Files that only one may change are free again once what their holder made of them has landed. */
import { Git } from '../../adapters/git/plumb.ts';
import { rawDiff } from '../../adapters/git/touched.ts';
import { treesOf } from '../../adapters/git/trees.ts';
import { COORDINATOR, type AgentId } from '../../core/model/agent.ts';
import { heldBy, isBinding } from '../../core/overlap/holders.ts';
import type { Room } from '../room.ts';
import type { Tree } from './tree.ts';

export interface LandedWork {
  readonly agent: AgentId;
  /** Its worktree, where it has one. */
  readonly tree: Tree | undefined;
  /** The integration branch before and after its merge. */
  readonly from: string;
  readonly merge: string;
}

/** What it has changed again since stays its own, and what it only claimed until now. */
export async function freeLanded(room: Room, git: Git, { agent, tree, from, merge }: LandedWork): Promise<void> {
  const held = heldBy(room.state, agent).filter((path) => isBinding(room.state, path));
  if (held.length === 0) return;
  const landed = (await rawDiff(git, from, merge)).map(({ path }) => path);
  const changed = tree ? await uncommittedIn(tree) : [];
  const touches = (paths: readonly string[], lock: string): boolean =>
    paths.some((path) => path === lock || (lock.endsWith('/') && path.startsWith(lock)));
  for (const path of held) {
    if (touches(landed, path) && !touches(changed, path)) room.dispatch({ type: 'lock.free', path, by: COORDINATOR });
  }
}

/** @throws Error where it can't be looked at */
async function uncommittedIn(tree: Tree): Promise<readonly string[]> {
  const taken = await tree.look();
  if (!taken.ok) throw new Error(taken.reason);
  const { head, tree: oid } = taken.snapshot;
  const trees = treesOf(tree.worktree, tree.scratch);
  return (await trees.diff(await trees.root(head), oid)).map(({ path }) => path);
}
