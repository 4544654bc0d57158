/** Refusals that several commands share. */
import { nearestNames } from '../nearest.ts';
import type { Agent, AgentId } from '../model/agent.ts';
import type { Refusal } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';

export type Decision = readonly Event[] | Refusal;

export function isRefusal(decision: Decision): decision is Refusal {
  return 'refused' in decision;
}

export function refuse(code: Refusal['code'], refused: string, nearest: readonly string[] = []): Refusal {
  return nearest.length > 0 ? { code, refused, nearest } : { code, refused };
}

export function unknownAgent(state: State, id: string): Refusal {
  const near = nearestNames(id, state.order);
  return refuse('unknown-agent', `no agent is named ${quoted(id)}; ${hint(near, 'agents here', state.order)}`, near);
}

/** Did you mean, else what there is. */
export function hint(near: readonly string[], what: string, all: readonly string[]): string {
  if (near.length > 0) return `did you mean ${near.map(quoted).join(' or ')}?`;
  if (all.length === 0) return `there are no ${what}`;
  const listed = all.slice(0, 12).join(', ');
  return `${what}: ${listed}${all.length > 12 ? ', …' : ''}`;
}

/** Names of all kinds come from outside: safe to show, and short. */
export function quoted(name: string): string {
  return `"${oneLine(name, 60)}"`;
}

/** The agent by its id; object keys such as `__proto__` are no agents. */
export function agentOf(state: State, id: AgentId): Agent | undefined {
  return Object.hasOwn(state.agents, id) ? state.agents[id] : undefined;
}
