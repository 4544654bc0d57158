/** What waits for a person's yes or no. */
import type { AgentId } from '../model/agent.ts';
import type { Permission } from '../model/permission.ts';
import type { State } from '../model/state.ts';

/** The oldest question of the agent; null where it has none. */
export function askedBy(state: State, agent: AgentId | null): Permission | null {
  return Object.values(state.permissions.waiting).find((one) => one.agent === agent) ?? null;
}
