/** A landing taken out of the integration branch again, or put back: facts that are folded one by one. */
import type { Actor, AgentId, EpochMs } from '../model/agent.ts';

/** A landing that stays has another merge commit where the branch was made again. */
export interface MovedMerge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface Rollback {
  readonly id: string;
  readonly landing: string;
  /** The branch before and after. refs/llmctl/landed/ID keeps `from`. */
  readonly from: string;
  readonly to: string;
  readonly merges: readonly MovedMerge[];
  /** It puts back what another one took out. */
  readonly undo: boolean;
  readonly reason: string;
  readonly by: Actor;
  readonly at: EpochMs;
  /** `moving`: the branch is at `from` or at `to`; which of them, git knows. */
  readonly state: 'moving' | 'done' | 'failed';
}

export type RollbackEvent =
  | {
      readonly type: 'rollback.begun';
      readonly rollback: string;
      readonly landing: string;
      readonly from: string;
      readonly to: string;
      readonly merges: readonly MovedMerge[];
      readonly undo: boolean;
      readonly reason: string;
      readonly by: Actor;
    }
  /** `holders`: whose worktrees may hold the branch as it was. */
  | { readonly type: 'rollback.done'; readonly rollback: string; readonly holders: readonly AgentId[] }
  | { readonly type: 'rollback.failed'; readonly rollback: string; readonly reason: string }
  /** Its worktree stands on the branch as it is now; `still`: as it was at this commit, for it was made again meanwhile. */
  | { readonly type: 'rollback.followed'; readonly agent: AgentId; readonly still: string | null };

export const ROLLBACK_LIMIT = 50;

export interface Rollbacks {
  /** Oldest first. */
  readonly rollbacks: readonly Rollback[];
  /** Agent → where the branch was when it was made again without a landing. Until it is brought forward it can't land. */
  readonly rebuilt: Readonly<Record<AgentId, string>>;
}

export function evolveRollbacks(known: Rollbacks, event: RollbackEvent, at: EpochMs): Rollbacks {
  const { rollbacks, rebuilt } = known;
  switch (event.type) {
    case 'rollback.begun': {
      const { type: _, rollback: id, ...facts } = event;
      if (rollbacks.some((one) => one.id === id)) return known;
      const begun: Rollback = { id, ...facts, at, state: 'moving' };
      return { rebuilt, rollbacks: [...rollbacks, begun].slice(-ROLLBACK_LIMIT) };
    }
    case 'rollback.done': {
      const moved = rollbacks.find(({ id, state }) => id === event.rollback && state === 'moving');
      if (!moved) return known;
      return { rollbacks: replaced(rollbacks, moved, 'done'), rebuilt: holding(rebuilt, event.holders, moved) };
    }
    case 'rollback.failed': {
      const failed = rollbacks.find(({ id, state }) => id === event.rollback && state === 'moving');
      return failed ? { rebuilt, rollbacks: replaced(rollbacks, failed, 'failed') } : known;
    }
    case 'rollback.followed': {
      const { [event.agent]: _, ...others } = rebuilt;
      return { rollbacks, rebuilt: event.still === null ? others : { ...others, [event.agent]: event.still } };
    }
    default:
      return event satisfies never;
  }
}

/** Who was not brought forward since an earlier one stands where that left it. */
function holding(
  rebuilt: Rollbacks['rebuilt'],
  holders: readonly AgentId[],
  { from, to }: Rollback,
): Rollbacks['rebuilt'] {
  const next = { ...rebuilt };
  for (const agent of holders) next[agent] ??= from;
  return Object.fromEntries(Object.entries(next).filter(([, old]) => old !== to));
}

function replaced(all: readonly Rollback[], one: Rollback, state: Rollback['state']): readonly Rollback[] {
  return all.map((other) => (other === one ? { ...one, state } : other));
}

/** The one that took the landing out; null where it was never, or where that was undone. */
export function rollbackOf(all: readonly Rollback[], landing: string): Rollback | null {
  const last = all.findLast((one) => one.landing === landing && one.state === 'done');
  return last && !last.undo ? last : null;
}
