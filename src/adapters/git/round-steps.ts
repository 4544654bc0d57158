/** Carries out the steps of one round that concern git and files, and says what came of each. */
import { nextStep } from '../../core/merge/next-step.ts';
import type { Round, RoundEvent } from '../../core/merge/round.ts';
import type { Failed, MergeResult, Outcome, Snapshot, Worktree } from './api-merge.ts';
import { conversionsOf } from './conversions.ts';
import type { TransitionOptions } from './disk.ts';
import { headOf } from './head.ts';
import { keepIndex } from './kept-plan.ts';
import { Git, attempt } from './plumb.ts';
import { checkFinished, gitBusy } from './quiesce.ts';
import { applyRound, backUp, mergeSides, planRound, rollBack } from './round.ts';
import type { KeptPlan } from './kept-plan.ts';
import type { Pair, Side } from './round.ts';
import type { Scratch } from './scratch.ts';
import type { TakesSnapshots } from './snapshot.ts';

export interface RoundParts {
  readonly scratch: Scratch;
  /** In the order of the round's sides. */
  readonly worktrees: Pair<Worktree>;
  /** Made with `keep: 'repository'`; kept from round to round, and told what changed since, they are faster. */
  readonly snapshots: Pair<TakesSnapshots>;
  readonly hooks?: Pick<TransitionOptions, 'beforeWrite'>;
}

/** One for each round, made anew when the daemon begins anew: the round then goes back to where nothing is missed. */
export class RoundSteps {
  readonly #parts: RoundParts;
  #sides: Pair<Side> | null = null;
  #result: MergeResult | null = null;
  #plans: Pair<KeptPlan> | null = null;

  constructor(parts: RoundParts) {
    this.#parts = parts;
  }

  /** The whole merge, once it is made: what a screen shows of conflicts. */
  get result(): MergeResult | null {
    return this.#result;
  }

  /** While the agents are being paused: what is read of the worktrees now need not be read while they stand still. */
  async warm(): Promise<void> {
    const { snapshots, worktrees } = this.#parts;
    const prepare = async (worktree: Worktree) => {
      const git = new Git(worktree);
      const head = await headOf(git);
      return Promise.all([head && keepIndex(git, worktree, head), conversionsOf(git)]);
    };
    // What fails now fails again when it counts, and is told then.
    await Promise.allSettled([...snapshots.map((one) => one.take()), ...worktrees.map(prepare)]);
  }

  /** Does what `nextStep(round)` asks for where it is git's. Empty for the steps of others (pause, verify, tell, resume, ask). */
  async carryOut(round: Round): Promise<readonly RoundEvent[]> {
    const step = nextStep(round).do;
    switch (step) {
      case 'snapshot':
        return this.#snapshot(round);
      case 'back-up':
        return this.#backUp(round);
      case 'merge':
        return this.#merge(round);
      case 'plan':
        return this.#plan(round);
      case 'apply': {
        const done = await applyRound(round.id, this.#parts.scratch, this.#parts.worktrees, {
          ...this.#parts.hooks,
          plans: this.#plans,
        });
        return done.ok ? [{ type: 'round.applied', round: round.id }] : failed(round, done);
      }
      case 'roll-back': {
        const done = await rollBack(round.id, this.#parts.scratch, this.#parts.worktrees, this.#parts.hooks);
        // What somebody else wrote meanwhile is theirs; nothing of the round is left there.
        return done.ok ? [{ type: 'round.rolled-back', round: round.id }] : failed(round, done);
      }
      case 'pause':
      case 'tell':
      case 'verify':
      case 'resume':
      case 'ask':
      case 'nothing':
        return [];
      default:
        return step satisfies never;
    }
  }

  async #snapshot(round: Round): Promise<readonly RoundEvent[]> {
    for (const worktree of this.#parts.worktrees) {
      const busy = await gitBusy(worktree);
      if (busy) return failed(round, { ok: false, reason: busy.reason });
      // Where the branch is to move, nothing may be left half merged in the index.
      const ready = round.scope === 'tree' ? await whole(worktree) : null;
      if (ready?.ok === false) return failed(round, ready);
    }
    const { snapshots } = this.#parts;
    // A second try: something lay there that the first snapshots didn't have.
    if (this.#sides) for (const one of snapshots) one.forget?.();
    const [a, b] = await Promise.all([snapshots[0].take(), snapshots[1].take()]);
    if (!a.ok) return failed(round, a);
    if (!b.ok) return failed(round, b);
    const side = (worktree: Worktree, snapshot: Snapshot): Side => ({ worktree, snapshot });
    const { worktrees } = this.#parts;
    this.#plans = null;
    this.#sides = [side(worktrees[0], a.snapshot), side(worktrees[1], b.snapshot)];
    return this.#sides.map(({ snapshot }) => ({
      type: 'round.snapshot',
      round: round.id,
      agent: snapshot.agent,
      commit: snapshot.commit,
    }));
  }

  async #backUp(round: Round): Promise<readonly RoundEvent[]> {
    const done: Outcome<object> = this.#sides ? await backUp(round.id, this.#sides) : LOST;
    return done.ok ? [{ type: 'round.backed-up', round: round.id }] : failed(round, done);
  }

  async #merge(round: Round): Promise<readonly RoundEvent[]> {
    const done = this.#sides ? await mergeSides(this.#parts.scratch, this.#sides, round.scope) : LOST;
    if (!done.ok) return failed(round, done);
    this.#result = done.result;
    const paths = (list: readonly { readonly path: string }[]) => list.map(({ path }) => path);
    const { merged, conflicts } = done.result;
    return [{ type: 'round.merged', round: round.id, merged: paths(merged), conflicts: paths(conflicts) }];
  }

  async #plan(round: Round): Promise<readonly RoundEvent[]> {
    if (!this.#sides || !this.#result) return failed(round, LOST);
    const done = await planRound(round.id, this.#parts.scratch, this.#sides, this.#result, round.settled);
    if (!done.ok) return failed(round, done);
    this.#plans = done.plans;
    return [{ type: 'round.planned', round: round.id }];
  }
}

function whole(worktree: Worktree): Promise<Outcome<object>> {
  return attempt(async () => {
    await checkFinished(new Git(worktree), worktree);
    return {};
  });
}

/** Can't be, for a round that was told of the daemon's new beginning; another try heals it. */
const LOST: Failed = { ok: false, reason: 'the daemon began anew in the middle of the round', moved: true };

function failed(round: Round, failure: Failed): readonly RoundEvent[] {
  return [{ type: 'round.failed', round: round.id, reason: failure.reason, moved: failure.moved === true }];
}
