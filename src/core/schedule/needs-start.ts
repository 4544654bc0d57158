import { isLive, type Agent } from '../model/agent.ts';

/** True where its program has to be started first: it never ran, or it did what it was asked and ended. */
export function needsStart(agent: Agent): boolean {
  return !isLive(agent) && agent.status.state !== 'starting';
}
