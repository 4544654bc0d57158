/** Takes an agent's worktree back to before it was brought forward. */
import type { GitPath, Outcome, Worktree } from './api-merge.ts';
import { reversed } from './disk.ts';
import { checkNotMoved, undoMove } from './kept-move.ts';
import { readPlan } from './kept-plan.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { checkFinished } from './quiesce.ts';
import type { Scratch } from './scratch.ts';
import { keepPresent, undoOne } from './undo.ts';

export interface ForwardUndone {
  /** Files that are as before, what was written since included. */
  readonly restored: readonly GitPath[];
  /** Files that were changed since in the same lines: left as they are. */
  readonly left: readonly GitPath[];
}

/**
 * Files, branch and index, byte for byte where nothing was written since. The agent must stand still. What is there now is kept under
 * refs/llmctl/backup/ID-undo first. Refused once the agent has committed: that commit stands on what would go. May be repeated.
 */
export function undoForward(worktree: Worktree, scratch: Scratch, id: string): Promise<Outcome<ForwardUndone>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const plan = await readPlan(git, id, worktree.agent);
    if (!plan?.move) throw new GitError(`nothing is kept of ${id} for ${worktree.agent}`, null);
    await checkNotMoved(git, plan);
    await checkFinished(git, worktree);
    await keepPresent(id, scratch, [worktree]);
    const restored: GitPath[] = [];
    const left: GitPath[] = [];
    for (const change of reversed(plan.changes)) {
      const done = await undoOne(git, scratch, change, plan.agreement.base);
      (done ? restored : left).push(change.path);
    }
    await undoMove(git, scratch, plan.move, `llmctl: undo ${id}`);
    return { restored, left };
  });
}
