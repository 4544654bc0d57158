/** Agents that stand still because a check of the branch is red. */
import type { AgentId } from '../model/agent.ts';
import type { HealthCheck } from '../model/health.ts';

/** What has to be known for that. */
export interface Checks {
  readonly health: Readonly<Record<string, Pick<HealthCheck, 'held'>>>;
}

export function isHeldByCheck({ health }: Checks, agent: AgentId): boolean {
  return Object.values(health).some(({ held = [] }) => held.includes(agent));
}
