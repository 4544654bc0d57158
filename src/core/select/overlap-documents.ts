/** Overlaps, rounds, locks and claims as scripts see them. */
import type { Round } from '../merge/round.ts';
import type { Overlap } from '../model/overlap.ts';
import type { State } from '../model/state.ts';
import { isBinding } from '../overlap/holders.ts';
import { overlapsInOrder } from './overlaps.ts';
import { isoTime } from './time.ts';

/** The contract's words first; what is beside them may grow. */
export function overlapDocument(overlap: Overlap) {
  const { id, path, agents, state, verdict, since, resolvedAt, policy, sameRegion, round, reason } = overlap;
  return {
    id,
    path,
    agents,
    state,
    verdict,
    since: isoTime(since),
    resolvedAt: resolvedAt === null ? null : isoTime(resolvedAt),
    policy,
    sameRegion,
    round,
    reason,
  };
}

/** Open ones first, the most urgent at the top; then resolved ones, newest first. */
export function overlapDocuments(state: State) {
  return overlapsInOrder(state).map(overlapDocument);
}

export function roundDocument(round: Round) {
  const { id, sides, paths, phase, startedAt, endedAt, merged, conflicts, settled, reason, undone } = round;
  return {
    id,
    agents: sides.map(({ agent }) => agent),
    paths,
    phase,
    startedAt: isoTime(startedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    merged,
    conflicts,
    settled: settled.map(({ path, take }) => ({ path, take })),
    reason,
    undone,
  };
}

/** Newest first. */
export function roundsInOrder(state: State): readonly Round[] {
  return Object.values(state.rounds).toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
}

/** `binding`: the plan keeps others off it; elsewhere it is a claim that they see. */
export function lockDocuments(state: State) {
  return Object.entries(state.locks).map(([path, holder]) => ({ path, holder, binding: isBinding(state, path) }));
}
