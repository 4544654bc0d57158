/** Agents that ended while nobody watched, by a reboot for example, and that nobody starts again by itself. */
import { isLive, type AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';

/** As `reconcile` of the daemon says it of a run that is gone. */
export const ENDED_AWAY = 'ended while the daemon was away';

export function cutOffAgents(state: State): readonly AgentId[] {
  return state.order.filter((id) => {
    const agent = state.agents[id];
    return agent !== undefined && !isLive(agent) && !agent.retryAt && agent.status.reason === ENDED_AWAY;
  });
}
