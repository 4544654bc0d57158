/** Where an agent's branch goes when it is brought forward. */
import type { GitPath, Oid, Snapshot } from './api-merge.ts';
import { identityOf, written } from './identity.ts';
import { isAncestor, settleAgreed } from './landing-merge.ts';
import { mergeCommits, mergeTrees } from './merge-tree.ts';
import { treeOf, writeCommitBy } from './objects.ts';
import type { Git } from './plumb.ts';
import { firstParents } from './rebuild.ts';
import { replay } from './replay.ts';
import type { Scratch } from './scratch.ts';
import { mergeBase } from './touched.ts';

export interface HeadRequest {
  /** Of the integration branch. */
  readonly tip: Oid;
  /** Milliseconds since 1970. */
  readonly at: number;
  /**
   * Where the branch was before it was rebuilt without a landing: the agent's own commits are made again on `tip`, or its next
   * landing would bring back what was taken out. Not for the agent whose landing that was: it keeps its work.
   */
  readonly instead?: Oid;
}

interface Conflict {
  readonly kind: 'conflict';
  readonly paths: readonly GitPath[];
}

/** The head itself where it has all of the tip already. Writes objects only. */
export async function newHead(
  git: Git,
  scratch: Scratch,
  { head, agent }: Pick<Snapshot, 'head' | 'agent'>,
  { tip, at, instead }: HeadRequest,
): Promise<Oid | Conflict> {
  if (instead && !(await isAncestor(git, await mergeBase(git, instead, head), tip))) {
    return onRebuilt(git, head, { tip, at, instead });
  }
  if (await isAncestor(git, tip, head)) return head;
  if (await isAncestor(git, head, tip)) return tip;
  const merged = await mergeCommits(git, head, tip);
  const clean = merged.conflicts.size === 0;
  const tree = clean ? merged.tree : await settleAgreed(git, scratch, agent, tip, head, merged);
  if (!tree) return conflict(merged.conflicts);
  const author = written(await identityOf(git));
  return writeCommitBy(git, { tree, parents: [head, tip], message: 'Bring in what has landed', author, at });
}

/** One by one; all in one where merges are among them, for these hold what came from the branch as it was. */
async function onRebuilt(git: Git, head: Oid, { tip, at, instead }: Required<HeadRequest>): Promise<Oid | Conflict> {
  const own = await firstParents(git, instead, head);
  if (own.length === 0) return tip;
  const range = ['--first-parent', head, `^${instead}`, '--'];
  if ((await git.line(['rev-list', '--count', '--merges', ...range])) === '0') {
    const replayed = await replay(git, own, tip, async () => false);
    return replayed.kind === 'conflict' ? conflict(replayed.paths) : replayed.tip;
  }
  const whole = await mergeCommits(git, instead, head);
  if (whole.conflicts.size > 0) return conflict(whole.conflicts);
  const merged = await mergeTrees(git, await treeOf(git, instead), await treeOf(git, tip), whole.tree);
  if (merged.conflicts.size > 0) return conflict(merged.conflicts);
  const subjects = await git.line(['log', '--reverse', '--no-merges', '--format=- %s', ...range]);
  const message = `Work from before a landing was taken out\n\n${subjects}`;
  return writeCommitBy(git, { tree: merged.tree, parents: [tip], message, author: written(await identityOf(git)), at });
}

function conflict(paths: Iterable<GitPath>): Conflict {
  return { kind: 'conflict', paths: [...paths].sort() };
}
