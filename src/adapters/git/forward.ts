/** Brings an agent's worktree forward to what has landed: files, branch and index, what is uncommitted staying so. */
import { readFile, rm, writeFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPath, Oid, Outcome, Snapshot, Worktree } from './api-merge.ts';
import { reversed, transition } from './disk.ts';
import type { TransitionOptions } from './disk.ts';
import { finishMove, planMove, stampOf } from './head-move.ts';
import { headOf } from './head.ts';
import { moveOn, takeMoveBack } from './kept-move.ts';
import { keepPlan, keepWorktree, readPlan } from './kept-plan.ts';
import type { KeptPlan } from './kept-plan.ts';
import { isAncestor, settleAgreed } from './landing-merge.ts';
import { mergeTrees } from './merge-tree.ts';
import { newHead } from './new-head.ts';
import type { HeadRequest } from './new-head.ts';
import { treeOf } from './objects.ts';
import { Planner, isPointer, newSubmodules } from './plans.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { checkFinished, checkIdle } from './quiesce.ts';
import { backupRef, updateRefs } from './refs.ts';
import type { Scratch } from './scratch.ts';
import type { TakesSnapshots } from './snapshot.ts';
import { rawDiff } from './touched.ts';

export interface ForwardRequest extends HeadRequest {
  /** What was there before stays under refs/llmctl/backup/ID/AGENT. */
  readonly id: string;
  readonly hooks?: Pick<TransitionOptions, 'beforeWrite'>;
}

/** What was worked out while the agent still ran. */
export interface PreparedForward {
  readonly id: string;
  readonly snapshot: Snapshot;
  /** Stamp of the index that it was worked out with. */
  readonly index: string;
  readonly plan: KeptPlan;
}

export type Forwarded =
  /** `paths`: files that changed under the agent. */
  | {
      readonly kind: 'forwarded';
      readonly head: Oid;
      readonly fastForward: boolean;
      readonly paths: readonly GitPath[];
    }
  /** It has all of it. */
  | { readonly kind: 'nothing' }
  /** Nothing was touched. */
  | { readonly kind: 'conflict'; readonly paths: readonly GitPath[] };

/**
 * All that can be done before the agent stands still: the first look at everything, the merge, the plan. Writes objects and the
 * refs of the plan. null where there is nothing to bring, or where only a try will tell.
 */
export async function prepareForward(
  worktree: Worktree,
  scratch: Scratch,
  snapshots: TakesSnapshots,
  request: ForwardRequest,
): Promise<PreparedForward | null> {
  const done = await attempt(async () => {
    const git = new Git(worktree);
    if (await isCutShort(worktree)) return { prepared: null };
    await checkFinished(git, worktree);
    const index = await stampOf(join(worktree.gitDir, 'index'));
    const taken = await snapshots.take();
    if (!taken.ok) return { prepared: null };
    const { snapshot } = taken;
    const found = await work(git, scratch, snapshot, request);
    if (found.kind !== 'ready') return { prepared: null };
    const plan = await makePlan(git, worktree, scratch, snapshot, found, request);
    return { prepared: { id: request.id, snapshot, index, plan } };
  });
  return done.ok ? done.prepared : null;
}

/**
 * The agent must stand still. What llmctl was killed in the middle of is ended first; called again with the same id that is all. Fails with
 * nothing touched where a rebase is under way, and with `moved` where a file was written meanwhile.
 * @param snapshots of this worktree, made with `keep: 'repository'`
 * @param prepared of the same request; of use where nothing was written since, which is then looked at once more
 */
export function forward(
  worktree: Worktree,
  scratch: Scratch,
  snapshots: TakesSnapshots,
  request: ForwardRequest,
  prepared: PreparedForward | null = null,
): Promise<Outcome<{ forwarded: Forwarded }>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const begun = await finishBegun(git, worktree.agent, scratch, request.hooks);
    if (begun?.id === request.id) return { forwarded: begun.forwarded };
    const done = prepared ? null : await readPlan(git, request.id, worktree.agent);
    if (done?.move) return { forwarded: outcome(done) };
    const sameIndex = prepared?.index === (await stampOf(join(worktree.gitDir, 'index')));
    if (!sameIndex) await checkFinished(git, worktree);
    else await checkIdle(worktree);
    const taken = await snapshots.take();
    if (!taken.ok) throw new GitError(taken.reason, null);
    const plan =
      prepared && sameIndex && prepared.snapshot.commit === taken.snapshot.commit
        ? prepared.plan
        : await planNow(git, worktree, scratch, taken.snapshot, request);
    if ('kind' in plan) return { forwarded: plan };
    await writeFile(noteOf(git), request.id);
    return { forwarded: await carryOut(git, scratch, plan, request.id, request.hooks) };
  });
}

async function planNow(
  git: Git,
  worktree: Worktree,
  scratch: Scratch,
  snapshot: Snapshot,
  request: ForwardRequest,
): Promise<KeptPlan | Exclude<Forwarded, { kind: 'forwarded' }>> {
  const found = await work(git, scratch, snapshot, request);
  return found.kind === 'ready' ? makePlan(git, worktree, scratch, snapshot, found, request) : found;
}

export interface Begun {
  readonly id: string;
  readonly forwarded: Forwarded;
}

/**
 * Ends what llmctl was killed in the middle of, or takes it back where files were written since (then it fails with `moved`). For a
 * daemon that begins anew, before the agent goes on; null where there is nothing to end. The agent must stand still.
 */
export function finishForward(worktree: Worktree, scratch: Scratch): Promise<Outcome<{ begun: Begun | null }>> {
  return attempt(async () => ({ begun: await finishBegun(new Git(worktree), worktree.agent, scratch) }));
}

/** Cheap: whether there is anything to end. */
export async function isCutShort({ gitDir }: Pick<Worktree, 'gitDir'>): Promise<boolean> {
  const notes = ['llmctl-forward', 'llmctl-move'].map((name) => stat(join(gitDir, name)).catch(() => null));
  return (await Promise.all(notes)).some((found) => found !== null);
}

async function finishBegun(
  git: Git,
  agent: string,
  scratch: Scratch,
  hooks?: ForwardRequest['hooks'],
): Promise<Begun | null> {
  await finishMove(git);
  const id = await readFile(noteOf(git), 'utf8').catch(() => '');
  const plan = id === '' ? null : await readPlan(git, id, agent);
  // Without a plan nothing had begun.
  if (plan?.move) return { id, forwarded: await goOn(git, scratch, plan, id, hooks) };
  await rm(noteOf(git), { force: true });
  return null;
}

/** Which forward is under way: stands beside the index from before the first write until the last. */
function noteOf(git: Git): string {
  return join(git.dirs.gitDir, 'llmctl-forward');
}

interface Ready {
  readonly kind: 'ready';
  readonly head: Oid;
  /** What the worktree is to hold. */
  readonly tree: Oid;
}

type Found = Ready | Exclude<Forwarded, { kind: 'forwarded' }>;

async function work(git: Git, scratch: Scratch, snapshot: Snapshot, request: ForwardRequest): Promise<Found> {
  const { head } = snapshot;
  const committed = await newHead(git, scratch, snapshot, request);
  if (committed === head) return { kind: 'nothing' };
  if (typeof committed !== 'string') return committed;
  const [base, ours] = await Promise.all([treeOf(git, head), treeOf(git, committed)]);
  if (base === snapshot.tree) return { kind: 'ready', head: committed, tree: ours };
  const merged = await mergeTrees(git, base, ours, snapshot.tree);
  if (merged.conflicts.size === 0) return { kind: 'ready', head: committed, tree: merged.tree };
  const tree = await settleAgreed(git, scratch, snapshot.agent, committed, snapshot.commit, merged);
  if (tree) return { kind: 'ready', head: committed, tree };
  return { kind: 'conflict', paths: [...merged.conflicts].sort() };
}

async function makePlan(
  git: Git,
  worktree: Worktree,
  scratch: Scratch,
  snapshot: Snapshot,
  ready: Ready,
  { id, tip }: ForwardRequest,
): Promise<KeptPlan> {
  const targets = (await rawDiff(git, snapshot.tree, ready.tree)).map(({ path, from, to }) => ({
    path,
    before: from,
    after: to,
  }));
  const changes = await new Planner(worktree, scratch, id).plan(
    snapshot,
    targets.filter((one) => !isPointer(one)),
  );
  const folders = newSubmodules(targets);
  const move = await planMove(git, scratch, snapshot.head, ready.head);
  const plan: KeptPlan = { ...changes, folders, agents: null, agreement: { base: tip, paths: [] }, move };
  const refs = await Promise.all([keepWorktree(git, id, worktree, snapshot), keepPlan(git, id, plan, snapshot.head)]);
  await updateRefs(git, refs.flat());
  return plan;
}

/** The branch moves last: once it has, all is done, whatever the agent did since. */
async function goOn(
  git: Git,
  scratch: Scratch,
  plan: KeptPlan,
  id: string,
  hooks: ForwardRequest['hooks'],
): Promise<Forwarded> {
  const head = await headOf(git);
  if (head === plan.move!.from.head) return carryOut(git, scratch, plan, id, hooks);
  await rm(noteOf(git), { force: true });
  if (head && (await isAncestor(git, plan.move!.to.head, head))) return outcome(plan);
  throw new GitError(`the branch of ${plan.agent} was moved by hand while it was brought forward`, null);
}

function outcome({ agreement, changes, move }: KeptPlan): Forwarded {
  const { head } = move!.to;
  const paths = changes.map(({ path }) => path);
  return { kind: 'forwarded', head, fastForward: head === agreement.base, paths };
}

/** All of it, or none. */
async function carryOut(
  git: Git,
  scratch: Scratch,
  plan: KeptPlan,
  id: string,
  hooks: ForwardRequest['hooks'],
): Promise<Forwarded> {
  const options = { stage: scratch.stage, ...hooks };
  try {
    await transition(git, plan.agreement.base, plan.changes, options);
    await moveOn(git, plan, `llmctl: forward ${id}`);
  } catch (error) {
    await takeBack(git, plan, options);
    // The next try begins anew.
    const parts = ['plan', 'files'] as const;
    await updateRefs(
      git,
      parts.map((part) => [backupRef(id, plan.agent, part), null] as const),
    );
    await rm(noteOf(git), { force: true });
    throw error;
  }
  await rm(noteOf(git), { force: true });
  return outcome(plan);
}

/** What somebody wrote meanwhile is theirs and stays. */
async function takeBack(git: Git, plan: KeptPlan, options: TransitionOptions): Promise<void> {
  await takeMoveBack(git, plan);
  for (const change of reversed(plan.changes)) {
    const one = await attempt(async () => {
      await transition(git, plan.agreement.base, [change], options);
      return {};
    });
    if (!one.ok && !one.moved) throw new GitError(one.reason, null);
  }
}
