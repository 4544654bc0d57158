/** When a crashed agent is started again. */
import type { Agent, AgentExit } from '../model/agent.ts';
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, QUICK_EXIT_MS } from '../model/agent.ts';

/** Agents of a plan are kept running; what a person started by hand just ends. */
export function restartsItself(agent: Agent): boolean {
  return agent.spec.origin === 'plan';
}

/** @param failures starts that failed one after the other, this one included; from 1 */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
}

/** The count of failures after this end: a run that did real work begins the count anew. */
export function failuresAfter(agent: Agent, exit: AgentExit): number {
  const lasted = agent.run === null ? 0 : exit.at - agent.run.startedAt;
  return lasted >= 0 && lasted < QUICK_EXIT_MS ? agent.quickExits + 1 : 1;
}
