/** Agents that wait for a person, in the order in which a person should look at them. */
import type { Agent } from '../model/agent.ts';
import type { State } from '../model/state.ts';

/** Most pressing first: a question holds work up, a failure has ended it, the rest may be looked into. */
const URGENCY = ['waiting', 'failed', 'stuck', 'limited'] as const;

function urgency(agent: Agent): number {
  return (URGENCY as readonly string[]).indexOf(agent.status.state);
}

/** Those that want a person: most pressing first, and among equals who has waited longest. */
export function needAttention(state: State): readonly Agent[] {
  return state.order
    .flatMap((id) => state.agents[id] ?? [])
    .filter((agent) => urgency(agent) >= 0)
    .sort((a, b) => urgency(a) - urgency(b) || a.status.since - b.status.since);
}
