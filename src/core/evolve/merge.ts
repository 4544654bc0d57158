/** How overlaps, locks and rounds change the state. */
import { evolveRound } from '../merge/evolve-round.ts';
import { overlapStateOf } from '../merge/next-step.ts';
import { beginRound, isOver, type Round, type RoundEvent } from '../merge/round.ts';
import type { AgentId, EpochMs } from '../model/agent.ts';
import type { MergeEvent } from '../model/events.ts';
import { RESOLVED_LIMIT, ROUND_LIMIT, isOpen, type Overlap } from '../model/overlap.ts';
import type { State } from '../model/state.ts';

export function evolveMerge(state: State, event: MergeEvent, at: EpochMs): State {
  switch (event.type) {
    case 'merge.policy':
      return { ...state, mergePolicy: event.policy };
    case 'overlap.seen':
      return withOverlap(state, seen(state.overlaps[event.id], event, at));
    case 'overlap.gone': {
      const overlap = state.overlaps[event.id];
      if (!overlap) return state;
      return withOverlap(state, { ...overlap, state: 'resolved', resolvedAt: at, reason: event.reason });
    }
    case 'lock.taken':
      return { ...state, locks: { ...state.locks, [event.path]: event.holder } };
    case 'lock.freed': {
      const { [event.path]: _, ...locks } = state.locks;
      return { ...state, locks };
    }
    case 'round.detected':
      return withRound(state, beginRound(event, at), at);
    default:
      return later(state, event, at);
  }
}

/** An agent was taken out of the session. */
export function withoutOverlapsOf(state: State, agent: AgentId, at: EpochMs): State {
  const reason = `${agent} was removed`;
  const overlaps = Object.values(state.overlaps).map((overlap): Overlap =>
    isOpen(overlap) && overlap.agents.includes(agent)
      ? { ...overlap, state: 'resolved', resolvedAt: at, reason }
      : overlap,
  );
  const locks = Object.fromEntries(Object.entries(state.locks).filter(([, holder]) => holder !== agent));
  return withOverlaps({ ...state, locks }, overlaps);
}

function later(state: State, event: Exclude<RoundEvent, { type: 'round.detected' }>, at: EpochMs): State {
  const round = Object.hasOwn(state.rounds, event.round) ? state.rounds[event.round] : undefined;
  return round ? withRound(state, evolveRound(round, event, at), at) : state;
}

function seen(known: Overlap | undefined, event: Extract<MergeEvent, { type: 'overlap.seen' }>, at: EpochMs): Overlap {
  const { id, path, agents, verdict, sameRegion, policy, state } = event;
  const since = known?.since ?? at;
  const reason = event.note ?? (state === known?.state ? known.reason : '');
  const round = known?.round ?? null;
  return { id, path, agents, verdict, sameRegion, policy, state, round, since, resolvedAt: null, reason };
}

/** The overlaps that a round is about go where the round goes. */
function withRound(state: State, round: Round, at: EpochMs): State {
  const overlaps = Object.values(state.overlaps).map((overlap) =>
    concerns(round, overlap) ? follow(overlap, round, at) : overlap,
  );
  const rounds = keepNewest([...Object.values(state.rounds).filter(({ id }) => id !== round.id), round]);
  return withOverlaps({ ...state, rounds: byId(rounds) }, overlaps);
}

function concerns(round: Round, overlap: Overlap): boolean {
  if (!isOpen(overlap)) return false;
  if (overlap.round === round.id) return true;
  const [a, b] = round.sides;
  if (isOver(round) || overlap.agents[0] !== a.agent || overlap.agents[1] !== b.agent) return false;
  return [round.paths, round.merged, round.conflicts].some((paths) => paths.includes(overlap.path));
}

function follow(overlap: Overlap, round: Round, at: EpochMs): Overlap {
  const state = overlapStateOf(round);
  const reason = reasonOf(round);
  const resolvedAt = state === 'resolved' ? at : null;
  return { ...overlap, round: round.id, state, reason, resolvedAt };
}

function reasonOf(round: Round): string {
  if (round.phase === 'resolved') return round.conflicts.length > 0 ? 'settled and merged' : 'merged';
  if (round.outcome === 'deferred') return `put off: ${round.reason}`;
  return round.reason;
}

function withOverlap(state: State, overlap: Overlap): State {
  return withOverlaps(state, [...Object.values(state.overlaps).filter(({ id }) => id !== overlap.id), overlap]);
}

function withOverlaps(state: State, overlaps: readonly Overlap[]): State {
  const resolved = overlaps.filter((overlap) => !isOpen(overlap));
  if (resolved.length <= RESOLVED_LIMIT) return { ...state, overlaps: byId(overlaps) };
  const kept = new Set(resolved.toSorted((a, b) => b.resolvedAt! - a.resolvedAt!).slice(0, RESOLVED_LIMIT));
  return { ...state, overlaps: byId(overlaps.filter((overlap) => isOpen(overlap) || kept.has(overlap))) };
}

function keepNewest(rounds: readonly Round[]): readonly Round[] {
  const over = rounds.filter(isOver);
  const gone = new Set(over.slice(0, Math.max(0, over.length - ROUND_LIMIT)));
  return gone.size === 0 ? rounds : rounds.filter((round) => !gone.has(round));
}

function byId<T extends { readonly id: string }>(all: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(all.map((one) => [one.id, one]));
}
