/** Where two agents' branches go when a round takes in the whole tree: to the merge of what both have committed. */
import type { MergedPath, MergeResult, Oid } from './api-merge.ts';
import { identityOf, written } from './identity.ts';
import { isAncestor } from './landing-merge.ts';
import { mergeCommits } from './merge-tree.ts';
import { writeCommitBy } from './objects.ts';
import type { Git } from './plumb.ts';
import type { Pair, Side } from './round.ts';
import type { Scratch } from './scratch.ts';
import { treeWith } from './tree-with.ts';
import { treesOf } from './trees.ts';

/**
 * One of the heads where that has the other's commits. Where the commits conflict, what the round came to stands in the paths
 * concerned: it was merged from later work, or decided by a person. Writes objects only.
 * @param outcome what both worktrees get
 */
export async function joinBranches(
  git: Git,
  scratch: Scratch,
  sides: Pair<Side>,
  result: MergeResult,
  outcome: readonly MergedPath[],
): Promise<Oid> {
  const [a, b] = [sides[0].snapshot, sides[1].snapshot];
  if (await isAncestor(git, b.head, a.head)) return a.head;
  if (await isAncestor(git, a.head, b.head)) return b.head;
  const merged = await mergeCommits(git, a.head, b.head);
  const trees = treesOf(git.dirs, scratch);
  const whole = await treeWith(trees, git, await trees.root(result.commit), outcome);
  const paths = [...merged.conflicts];
  const entries = await Promise.all(paths.map(async (path) => ({ path, entry: await trees.at(whole, path) })));
  const tree = await treeWith(trees, git, merged.tree, entries);
  const author = written(await identityOf(git));
  const message = `Merge the work of ${a.agent} and ${b.agent}`;
  return writeCommitBy(git, { tree, parents: [a.head, b.head], message, author, at: Date.now() });
}
