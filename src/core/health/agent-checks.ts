/** Checks that look at agents' worktrees: the plan has one, the state one for each agent, `lint@ana`. No check of a plan has an @. */
import type { AgentId } from '../model/agent.ts';
import type { HealthCheck } from '../model/health.ts';

export function agentCheckName(check: string, agent: AgentId): string {
  return `${check}@${agent}`;
}

export function baseCheckName(name: string): string {
  const at = name.indexOf('@');
  return at < 0 ? name : name.slice(0, at);
}

/** The check of that name, or those of all agents where the plan has it for each of them. */
export function checksNamed(health: Readonly<Record<string, HealthCheck>>, name: string): readonly HealthCheck[] {
  if (Object.hasOwn(health, name)) return [health[name]!];
  return Object.values(health).filter((check) => check.agent !== undefined && baseCheckName(check.name) === name);
}
