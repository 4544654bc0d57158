/**
 * What a round does to the repository and to two worktrees, step by step. Each step may be stopped anywhere and done again:
 * what it needs beyond its arguments is kept under refs/llmctl/backup/ROUND.
 */
import type { Settled } from '../../core/merge/round.ts';
import type { MergeScope } from '../../core/model/overlap.ts';
import { agreeOn, readAgreed, writeAgreed } from './agreed.ts';
import type { AgreedPath } from './agreed.ts';
import type { MergeResult, MergedPath, Oid, Outcome, Snapshot, Worktree } from './api-merge.ts';
import { reversed, transition } from './disk.ts';
import type { TransitionOptions } from './disk.ts';
import { writeCommit } from './objects.ts';
import { mergePair } from './pair-merge.ts';
import { planMove } from './head-move.ts';
import { joinBranches } from './join-branches.ts';
import { moveOn, takeMoveBack } from './kept-move.ts';
import { keepPlan, keepWorktree, readPlan, takeAgreementBack } from './kept-plan.ts';
import type { KeptPlan } from './kept-plan.ts';
import { Planner, isPointer, newSubmodules } from './plans.ts';
import type { Target } from './plans.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { agreedRef, mergedRef, updateRefs } from './refs.ts';
import type { Scratch } from './scratch.ts';
import { entryOfChoice } from './settle.ts';
import { sameEntry } from './touched.ts';
import { treesOf } from './trees.ts';

/** A in front, in the order of the agents' ids. */
export type Pair<T> = readonly [T, T];

export interface Side {
  readonly worktree: Worktree;
  /** Taken with `keep: 'repository'`. */
  readonly snapshot: Snapshot;
}

/** Keeps what both sides have, their HEADs and their indexes under refs, in one transaction. */
export function backUp(round: string, sides: Pair<Side>): Promise<Outcome<object>> {
  return attempt(async () => {
    const git = new Git(sides[0].worktree);
    const refs = await Promise.all(sides.map(({ worktree, snapshot }) => keepWorktree(git, round, worktree, snapshot)));
    await updateRefs(git, refs.flat());
    return {};
  });
}

/** The merge of both snapshots. Writes objects, no file and no ref. */
export function mergeSides(
  scratch: Scratch,
  sides: Pair<Side>,
  scope: MergeScope = 'paths',
): Promise<Outcome<{ result: MergeResult }>> {
  return attempt(async () => {
    const git = new Git(sides[0].worktree);
    const [a, b] = [sides[0].snapshot, sides[1].snapshot];
    const agreed = readAgreed(treesOf(git.dirs, scratch), agreedRef(a.agent, b.agent));
    // Looked at a little later; until then its failure is nobody's.
    agreed.catch(() => {});
    const merge = await mergePair(git, scratch, a, b, agreed, scope);
    const commit = await writeCommit(git, merge.tree, [a.commit, b.commit], `llmctl: ${a.agent} and ${b.agent}`);
    const merged = merge.paths.filter((path) => !path.conflict).map((path) => ({ ...path, entry: path.merged }));
    const conflicts = merge.paths.filter((path) => path.conflict);
    return { result: { scope, base: merge.base, commit, merged, conflicts } };
  });
}

/**
 * Works out what is written where and keeps it under the round's refs. Fails with `moved` where a file isn't what the snapshot
 * has, and where a conflict is not among `settled`.
 */
export function planRound(
  round: string,
  scratch: Scratch,
  sides: Pair<Side>,
  result: MergeResult,
  settled: readonly Settled[] = [],
): Promise<Outcome<{ plans: Pair<KeptPlan> }>> {
  return attempt(async () => {
    const git = new Git(sides[0].worktree);
    const [a, b] = sides;
    const outcome = [...result.merged];
    for (const conflict of result.conflicts) {
      const choice = settled.find((one) => one.path === conflict.path);
      if (!choice) throw new GitError(`${conflict.path} is in conflict and nobody has decided`, null);
      outcome.push({ ...conflict, entry: await entryOfChoice(git, scratch, conflict, choice, result.base) });
    }
    const joint = result.scope === 'tree' ? await joinBranches(git, scratch, sides, result, outcome) : null;
    const forA = outcome.map((path) => ({ path: path.path, before: path.ours, after: path.entry }));
    const forB = outcome.map((path) => ({ path: path.path, before: path.theirs, after: path.entry }));
    const changes = await Promise.all([
      planSide(round, scratch, a, forA, joint),
      planSide(round, scratch, b, forB, joint),
    ]);
    const agreedPaths = await Promise.all(outcome.map((path) => agreedPath(git, scratch, path, joint)));
    const earlier = await readAgreed(treesOf(git.dirs, scratch), agreedRef(a.worktree.agent, b.worktree.agent));
    const agreement = { base: joint ?? result.base, paths: agreedPaths, earlier };
    const agents = [a.worktree.agent, b.worktree.agent] as const;
    const plans: Pair<KeptPlan> = [
      { ...changes[0], agents, agreement },
      { ...changes[1], agents, agreement },
    ];
    const refs = await Promise.all(plans.map((plan) => keepPlan(git, round, plan, result.commit)));
    await updateRefs(git, [...refs.flat(), [mergedRef(round), result.commit]]);
    return { plans };
  });
}

/** @param joint where both branches are from then on: who has that again went back, too. */
async function agreedPath(git: Git, scratch: Scratch, merged: MergedPath, joint: Oid | null): Promise<AgreedPath> {
  const { path, entry, base, ours, theirs } = merged;
  const trees = treesOf(git.dirs, scratch);
  const committed = joint === null ? base : await trees.at(await trees.root(joint), path);
  return { path, entry, before: [base, ours, theirs, committed].filter((one) => !sameEntry(one, entry)) };
}

/** @param joint commit that the branch goes to, where it moves. */
async function planSide(
  round: string,
  scratch: Scratch,
  { worktree, snapshot }: Side,
  targets: readonly Target[],
  joint: Oid | null,
): Promise<Omit<KeptPlan, 'agents' | 'agreement'>> {
  const planner = new Planner(worktree, scratch, round);
  if (joint === null) return planner.plan(snapshot, targets);
  const { changes } = await planner.plan(
    snapshot,
    targets.filter((one) => !isPointer(one)),
  );
  const folders = newSubmodules(targets);
  const move = joint === snapshot.head ? null : await planMove(new Git(worktree), scratch, snapshot.head, joint);
  return { agent: worktree.agent, changes, folders, move };
}

async function planOf(git: Git, round: string, agent: string): Promise<KeptPlan> {
  const plan = await readPlan(git, round, agent);
  if (!plan) throw new GitError(`nothing is kept of round ${round} for ${agent}`, null);
  return plan;
}

/**
 * Writes what was planned into both worktrees, then remembers what the two agreed on. Fails with `moved` where a file is
 * neither as planned nor done already: the caller then rolls back. @param options `plans`: what planRound answered, where it
 * is still at hand; else they are read from the refs.
 */
export function applyRound(
  round: string,
  scratch: Scratch,
  worktrees: Pair<Worktree>,
  options: Pick<TransitionOptions, 'beforeWrite'> & { readonly plans?: Pair<KeptPlan> | null } = {},
): Promise<Outcome<object>> {
  return attempt(async () => {
    const git = new Git(worktrees[0]);
    const { plans: known, ...hooks } = options;
    const plans = known ?? (await Promise.all(worktrees.map((worktree) => planOf(git, round, worktree.agent))));
    // Both to their end: a roll-back must not run while one of them still writes.
    const trees = treesOf(git.dirs, scratch);
    const done = await Promise.allSettled(
      worktrees.map((worktree, i) => {
        const { agreement, changes } = plans[i]!;
        return transition(new Git(worktree), agreement.base, changes, { stage: scratch.stage, trees, ...hooks });
      }),
    );
    for (const one of done) if (one.status === 'rejected') throw one.reason;
    for (const [i, worktree] of worktrees.entries()) {
      if (plans[i]!.move) await hooks.beforeWrite?.('HEAD');
      await moveOn(new Git(worktree), plans[i]!, `llmctl: round ${round}`);
    }
    const { agreement } = plans[0]!;
    const ref = agreedRef(worktrees[0].agent, worktrees[1].agent);
    const agreed = agreeOn(await readAgreed(trees, ref), agreement.base, agreement.paths);
    await updateRefs(git, [[ref, await writeAgreed(git, agreed, agreement.base)]]);
    return {};
  });
}

/** Takes back what was written of a round, as far as it was. @returns paths that somebody changed since, left as they are. */
export function rollBack(
  round: string,
  scratch: Scratch,
  worktrees: Pair<Worktree>,
  hooks: Pick<TransitionOptions, 'beforeWrite'> = {},
): Promise<Outcome<{ left: readonly { readonly agent: string; readonly path: string }[] }>> {
  return attempt(async () => {
    const left: { agent: string; path: string }[] = [];
    for (const worktree of worktrees) {
      const git = new Git(worktree);
      const plan = await readPlan(git, round, worktree.agent);
      if (plan) await takeMoveBack(git, plan);
      for (const change of reversed(plan?.changes ?? [])) {
        const one = await attempt(async () => {
          await transition(git, plan!.agreement.base, [change], { stage: scratch.stage, ...hooks });
          return {};
        });
        if (!one.ok && !one.moved) throw new GitError(one.reason, null);
        if (!one.ok) left.push({ agent: worktree.agent, path: change.path });
      }
    }
    const git = new Git(worktrees[0]);
    const plan = await readPlan(git, round, worktrees[0].agent);
    if (plan) await takeAgreementBack(git, plan);
    return { left };
  });
}
