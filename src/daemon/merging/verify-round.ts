/** Whether what a round wrote passes the plan's check in both worktrees, before their agents go on. */
import { otherFiles } from '../../adapters/git/other-files.ts';
import type { Round, RoundEvent } from '../../core/merge/round.ts';
import type { Tree } from './tree.ts';

/** Runs a health check in a worktree; null where it passed, else its first error. */
export type Verify = (check: string, dir: string) => Promise<string | null>;

type Verified = Extract<RoundEvent, { type: 'round.verified' | 'round.failed' }>;

/** One after the other: a build may use all there is. */
export async function verifyRound(
  round: Round,
  check: string,
  trees: readonly [Tree, Tree],
  verify: Verify,
): Promise<readonly Verified[]> {
  for (const [i, tree] of trees.entries()) {
    const error = await verify(check, tree.worktree.dir);
    if (error === null) continue;
    const hint = round.scope === 'paths' ? await lacked(round, tree, trees[i === 0 ? 1 : 0]) : '';
    const reason = `${check} fails in the worktree of ${tree.agent} with the merge: ${error}${hint}`;
    return [{ type: 'round.failed', round: round.id, reason, moved: false }];
  }
  return [{ type: 'round.verified', round: round.id }];
}

/** What a merge of paths alone may be red for. */
async function lacked(round: Round, tree: Tree, other: Tree): Promise<string> {
  const found = await otherFiles(round.id, tree.scratch, tree.worktree, other.worktree);
  const count = found.ok ? found.paths.length : 0;
  if (count === 0) return '';
  const files = count === 1 ? '1 file that only it has' : `${count} files that only it has`;
  return `; ${other.agent} has ${files} (\`overlaps: {scope: tree}\` takes such along)`;
}
