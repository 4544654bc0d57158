/** Takes a round back from its refs. What was written since stays: it is merged onto what was there before the round. */
import { readAgreed, withoutPaths, writeAgreed } from './agreed.ts';
import type { FileChange, Outcome, Worktree } from './api-merge.ts';
import { readDisk, sameState, stateOf, transition } from './disk.ts';
import { readBlobs, writeObject } from './objects.ts';
import { Git, GitError, MovedError, attempt } from './plumb.ts';
import { agreedRef, backupRef, updateRefs } from './refs.ts';
import { readPlan } from './round.ts';
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

/** Both agents must stand still. What is there now is kept under refs/llmctl/backup/ROUND-undo first. May be repeated. */
export function undoRound(round: string, scratch: Scratch, worktrees: Pair<Worktree>): Promise<Outcome<Undone>> {
  return attempt(async () => {
    const git = new Git(worktrees[0]);
    const restored: { agent: string; path: string }[] = [];
    const left: { agent: string; path: string }[] = [];
    const plans = await Promise.all(worktrees.map((worktree) => readPlan(git, round, worktree.agent)));
    if (plans.some((plan) => plan === null))
      throw new GitError(`round ${round} wrote nothing that could be undone`, null);
    await keepPresent(round, scratch, worktrees);
    for (const [i, worktree] of worktrees.entries()) {
      const plan = plans[i]!;
      for (const change of plan.changes.toReversed()) {
        const done = await undoOne(new Git(worktree), scratch, change, plan.agreement.base);
        (done ? restored : left).push({ agent: worktree.agent, path: change.path });
      }
    }
    const ref = agreedRef(worktrees[0].agent, worktrees[1].agent);
    const agreed = await readAgreed(git, ref);
    const gone = new Set(plans.flatMap((plan) => plan!.agreement.paths.map(({ path }) => path)));
    if (agreed) await updateRefs(git, [[ref, await writeAgreed(git, withoutPaths(agreed, gone), agreed.base)]]);
    return { restored, left };
  });
}

async function keepPresent(round: string, scratch: Scratch, worktrees: Pair<Worktree>): Promise<void> {
  const refs: [string, string][] = [];
  for (const worktree of worktrees) {
    const taken = await new Snapshots(worktree, scratch, 'repository').take();
    if (!taken.ok) throw new GitError(taken.reason, null);
    refs.push([backupRef(`${round}-undo`, worktree.agent, 'snap'), taken.snapshot.commit]);
  }
  await updateRefs(new Git(worktrees[0]), refs);
}

/** False where the path has moved on in a way that can't be kept. */
async function undoOne(git: Git, scratch: Scratch, change: FileChange, like: string): Promise<boolean> {
  const disk = await readDisk(git.dirs.dir, change.path);
  const now = stateOf(disk, like);
  if (sameState(now, change.from)) return true;
  const options = { stage: scratch.stage };
  if (sameState(now, change.to)) {
    await transition(git, like, [{ path: change.path, from: change.to, to: change.from }], options);
    return true;
  }
  if (!disk || !now || !change.from || !change.to) return false;
  if ([now, change.from, change.to].some((state) => state.mode === '120000')) return false;
  const [before, after] = await readBlobs(git, [change.from.oid, change.to.oid]);
  const merged = await mergeTexts(git, scratch, { ours: disk.bytes, base: after!, theirs: before! }, 'plain');
  if (merged.content === null || merged.conflicts > 0) return false;
  const oid = await writeObject(git, 'blob', merged.content, like);
  try {
    await transition(git, like, [{ path: change.path, from: now, to: { mode: now.mode, oid } }], options);
    return true;
  } catch (error) {
    if (error instanceof MovedError) return false;
    throw error;
  }
}
