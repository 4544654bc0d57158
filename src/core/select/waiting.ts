/** Whoever and whatever waits for a person, one after the other. */
import type { AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { askedStep } from '../model/watch.ts';
import { emergencyCause } from '../watch/alerts.ts';
import { needAttention } from './attention.ts';
import { askedGates } from './gates.ts';
import { overlapsInOrder } from './overlaps.ts';

export type Waiting =
  | { readonly kind: 'agent'; readonly id: AgentId }
  /** A gate that asks for go or no-go. */
  | { readonly kind: 'gate'; readonly id: string }
  /** Changes that do not combine. */
  | { readonly kind: 'overlap'; readonly id: string }
  /** A step that somebody has to say yes to. */
  | { readonly kind: 'emergency'; readonly id: string };

/** Agents first, the most pressing of them first, then gates, conflicts, emergencies; what somebody sees to already is left out. */
export function allWaiting(state: State): readonly Waiting[] {
  const seen = new Set(state.alerts.flatMap(({ cause, ackedBy }) => (ackedBy ? [cause] : [])));
  return [
    ...needAttention(state).map(({ spec }) => ({ kind: 'agent', id: spec.id }) as const),
    ...askedGates(state).map((id) => ({ kind: 'gate', id }) as const),
    ...overlapsInOrder(state)
      .filter((overlap) => overlap.state === 'needs-person')
      .map(({ id }) => ({ kind: 'overlap', id }) as const),
    ...state.watch.emergencies
      .filter((one) => askedStep(one) !== null && !seen.has(emergencyCause(one.cause)))
      .map(({ id }) => ({ kind: 'emergency', id }) as const),
  ];
}

/**
 * The next after what is looked at, round and round.
 * @param at what has the focus, or is open
 * @returns null where nothing waits
 */
export function nextWaiting(state: State, at: Waiting | null): Waiting | null {
  const waiting = allWaiting(state);
  if (waiting.length === 0) return null;
  const index = waiting.findIndex(({ kind, id }) => kind === at?.kind && id === at.id);
  return waiting[(index + 1) % waiting.length]!;
}
