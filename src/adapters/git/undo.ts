/** Takes a round back from its refs. What was written since stays: it is merged onto what was there before the round. */
import { isDeepStrictEqual } from 'node:util';
import { agreeOn, readAgreed, withoutPaths, writeAgreed } from './agreed.ts';
import type { FileChange, Outcome, Worktree } from './api-merge.ts';
import { readDisk, reversed, sameState, stateOf, transition } from './disk.ts';
import { readBlobs, writeObject } from './objects.ts';
import { Git, GitError, MovedError, attempt } from './plumb.ts';
import { agreedRef, updateRefs } from './refs.ts';
import { checkNotMoved, undoMove } from './kept-move.ts';
import { keepWorktree, readPlan, takeAgreementBack } from './kept-plan.ts';
import type { Pair } from './round.ts';
import type { Scratch } from './scratch.ts';
import { mergeTexts } from './settle.ts';
import { Snapshots } from './snapshot.ts';

export interface Undone {
  /** Paths that are as before the round, what was written since included. */
  readonly restored: readonly { readonly agent: string; readonly path: string }[];
  /** Paths that were changed since in the same lines: left as they are. */
  readonly left: readonly { readonly agent: string; readonly path: string }[];
}

/** Both agents must stand still; refused where a branch moved in the round and has gone on. What is there now is kept under refs/llmctl/backup/ROUND-undo first. May be repeated. */
export function undoRound(round: string, scratch: Scratch, worktrees: Pair<Worktree>): Promise<Outcome<Undone>> {
  return attempt(async () => {
    const git = new Git(worktrees[0]);
    const restored: { agent: string; path: string }[] = [];
    const left: { agent: string; path: string }[] = [];
    const plans = await Promise.all(worktrees.map((worktree) => readPlan(git, round, worktree.agent)));
    if (plans.some((plan) => plan === null))
      throw new GitError(`round ${round} wrote nothing that could be undone`, null);
    for (const [i, worktree] of worktrees.entries()) await checkNotMoved(new Git(worktree), plans[i]!);
    await keepPresent(round, scratch, worktrees);
    for (const [i, worktree] of worktrees.entries()) {
      const plan = plans[i]!;
      for (const change of reversed(plan.changes)) {
        const done = await undoOne(new Git(worktree), scratch, change, plan.agreement.base);
        (done ? restored : left).push({ agent: worktree.agent, path: change.path });
      }
      if (plan.move) await undoMove(new Git(worktree), scratch, plan.move, `llmctl: undo round ${round}`);
    }
    const ref = agreedRef(worktrees[0].agent, worktrees[1].agent);
    const agreed = await readAgreed(git, ref);
    const { agreement } = plans[0]!;
    const gone = new Set(agreement.paths.map(({ path }) => path));
    if (agreed && isDeepStrictEqual(agreed, agreeOn(agreement.earlier ?? null, agreement.base, agreement.paths))) {
      // Nothing was agreed on since.
      await takeAgreementBack(git, plans[0]!);
    } else if (agreed) await updateRefs(git, [[ref, await writeAgreed(git, withoutPaths(agreed, gone), agreed.base)]]);
    return { restored, left };
  });
}

export async function keepPresent(
  round: string,
  scratch: Scratch,
  worktrees: readonly [Worktree, ...Worktree[]],
): Promise<void> {
  const refs: (readonly [string, string])[] = [];
  for (const worktree of worktrees) {
    const taken = await new Snapshots(worktree, scratch, 'repository').take();
    if (!taken.ok) throw new GitError(taken.reason, null);
    refs.push(...(await keepWorktree(new Git(worktree), `${round}-undo`, worktree, taken.snapshot)));
  }
  await updateRefs(new Git(worktrees[0]), refs);
}

/** False where the path has moved on in a way that can't be kept. @param change the way back: of `reversed` */
export async function undoOne(git: Git, scratch: Scratch, change: FileChange, like: string): Promise<boolean> {
  const { path, from: after, to: before } = change;
  const disk = await readDisk(git.dirs.dir, path);
  const now = stateOf(disk, like);
  if (sameState(now, before)) return true;
  const options = { stage: scratch.stage };
  if (sameState(now, after)) {
    await transition(git, like, [change], options);
    return true;
  }
  if (!disk || !now || !before || !after) return false;
  if ([now, before, after].some((state) => state.mode === '120000')) return false;
  const [old, made] = await readBlobs(git, [before.oid, after.oid]);
  const merged = await mergeTexts(git, scratch, { ours: disk.bytes, base: made!, theirs: old! }, 'plain');
  if (merged.content === null || merged.conflicts > 0) return false;
  const oid = await writeObject(git, 'blob', merged.content, like);
  try {
    await transition(git, like, [{ path, from: now, to: { mode: now.mode, oid } }], options);
    return true;
  } catch (error) {
    if (error instanceof MovedError) return false;
    throw error;
  }
}
