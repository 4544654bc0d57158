/** Whoever and whatever waits for a person, one after the other. */
import type { AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { needAttention } from './attention.ts';
import { askedGates } from './gates.ts';

export type Waiting =
  | { readonly kind: 'agent'; readonly id: AgentId }
  /** A gate that asks for go or no-go. */
  | { readonly kind: 'gate'; readonly id: string };

/**
 * The next after what is looked at, round and round: agents first, the most pressing of them first, then gates.
 * @param agent the one with the focus
 * @param gate the one whose question is open, if one is
 * @returns null where nothing waits
 */
export function nextWaiting(state: State, agent: AgentId | null, gate: string | null): Waiting | null {
  const waiting: readonly Waiting[] = [
    ...needAttention(state).map(({ spec }) => ({ kind: 'agent', id: spec.id }) as const),
    ...askedGates(state).map((id) => ({ kind: 'gate', id }) as const),
  ];
  if (waiting.length === 0) return null;
  const at = waiting.findIndex(({ kind, id }) =>
    gate === null ? kind === 'agent' && id === agent : kind === 'gate' && id === gate,
  );
  return waiting[(at + 1) % waiting.length]!;
}
