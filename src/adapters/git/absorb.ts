/** After uncommitted work has landed: it becomes a commit of the agent's own, so that nothing of it is left to be landed again. */
import type { Oid, Outcome, Worktree } from './api-merge.ts';
import { applyMove, finishMove, planMove } from './head-move.ts';
import { keepWorktree } from './kept-plan.ts';
import { treeOf } from './objects.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { checkFinished } from './quiesce.ts';
import { updateRefs } from './refs.ts';
import type { Scratch } from './scratch.ts';

export interface AbsorbRequest {
  /** Of landCommit. */
  readonly commit: Oid;
  /** The landing: what branch and index were stays under refs/llmctl/backup/ID/AGENT. */
  readonly id: string;
}

/**
 * Branch and index go from the parent of `commit` to `commit`; files stay, and what was written since stays uncommitted. Changes nothing
 * where the agent has committed since or is in the middle of something. The agent may run; its git finds the index locked for moments.
 */
export function absorb(worktree: Worktree, scratch: Scratch, request: AbsorbRequest): Promise<Outcome<object>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const { commit, id } = request;
    await finishMove(git);
    const head = await git.line(['rev-parse', '--verify', 'HEAD^{commit}']);
    if (head === commit) return {};
    await checkFinished(git, worktree);
    const parents = await git.line(['rev-parse', `${commit}^@`]);
    if (parents !== head) {
      throw new GitError(`${worktree.agent} has committed since; its next landing takes that in`, null);
    }
    const move = await planMove(git, scratch, head, commit);
    const tree = await treeOf(git, commit);
    await updateRefs(git, await keepWorktree(git, id, worktree, { agent: worktree.agent, head, tree, commit }));
    await applyMove(git, move, `llmctl: landed as ${id}`);
    return {};
  });
}
