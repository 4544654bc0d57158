/** The part of a plan that is no file: submodules' folders, and branch and index. */
import { makeSubmoduleFolders } from './disk.ts';
import { applyMove, finishMove, planMove, reversedMove } from './head-move.ts';
import type { HeadMove } from './head-move.ts';
import { headOf } from './head.ts';
import type { KeptPlan } from './kept-plan.ts';
import { GitError, MovedError, attempt } from './plumb.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';

/** After the files. Throws MovedError, with branch and index as they were, where somebody moved them. */
export async function moveOn(git: Git, plan: KeptPlan, why: string): Promise<void> {
  await makeSubmoduleFolders(git, plan);
  if (plan.move) await applyMove(git, plan.move, why);
}

/** As far as it was done; a branch that somebody moved since is theirs. */
export async function takeMoveBack(git: Git, { move }: KeptPlan): Promise<void> {
  await finishMove(git);
  if (!move) return;
  const done = await attempt(async () => {
    await applyMove(git, reversedMove(move), 'llmctl: taken back');
    return {};
  });
  if (!done.ok && !done.moved) throw new GitError(done.reason, null);
}

/** Throws GitError where the branch has gone on. */
export async function checkNotMoved(git: Git, { agent, move }: KeptPlan): Promise<void> {
  await finishMove(git);
  const head = await headOf(git);
  if (!move || head === move.from.head || head === move.to.head) return;
  throw new GitError(`${agent} has committed since; its branch can't go back`, null);
}

/** The index as it was; where something was staged since, only what the move had changed in it. */
export async function undoMove(git: Git, scratch: Scratch, move: HeadMove, why: string): Promise<void> {
  try {
    await applyMove(git, reversedMove(move), why);
  } catch (error) {
    if (!(error instanceof MovedError)) throw error;
    await applyMove(git, await planMove(git, scratch, move.to.head, move.from.head), why);
  }
}
