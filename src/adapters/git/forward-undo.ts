/** Takes an agent's worktree back to before it was brought forward. */
import type { GitPath, Outcome, Worktree } from './api-merge.ts';
import { reversed } from './disk.ts';
import { applyMove, finishMove, planMove, reversedMove } from './head-move.ts';
import type { HeadMove } from './head-move.ts';
import { readPlan } from './kept-plan.ts';
import { Git, GitError, MovedError, attempt } from './plumb.ts';
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
    await finishMove(git);
    const plan = await readPlan(git, id, worktree.agent);
    if (!plan?.move) throw new GitError(`nothing is kept of ${id} for ${worktree.agent}`, null);
    await checkFinished(git, worktree);
    await checkHead(git, worktree, plan.move);
    await keepPresent(id, scratch, [worktree]);
    const restored: GitPath[] = [];
    const left: GitPath[] = [];
    for (const change of reversed(plan.changes)) {
      const done = await undoOne(git, scratch, change, plan.agreement.base);
      (done ? restored : left).push(change.path);
    }
    await moveBack(git, scratch, plan.move, `llmctl: undo ${id}`);
    return { restored, left };
  });
}

/** Throws GitError where the branch has gone on. */
export async function checkHead(git: Git, worktree: Worktree, { from, to }: HeadMove): Promise<void> {
  const head = await git.line(['rev-parse', '--verify', 'HEAD^{commit}']);
  if (head === from.head || head === to.head) return;
  throw new GitError(`${worktree.agent} has committed since; its branch can't go back`, null);
}

/** The index as it was; where something was staged since, only what the move had changed in it. */
export async function moveBack(git: Git, scratch: Scratch, move: HeadMove, why: string): Promise<void> {
  try {
    await applyMove(git, reversedMove(move), why);
  } catch (error) {
    if (!(error instanceof MovedError)) throw error;
    await applyMove(git, await planMove(git, scratch, move.to.head, move.from.head), why);
  }
}
