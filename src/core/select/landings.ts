/** Landings as scripts see them. */
import type { Landing } from '../landing/landing.ts';
import type { State } from '../model/state.ts';
import { isoTime } from './time.ts';

export function landingDocument(landing: Landing) {
  const { id, agent, task, commit, state, reason, fault, partner, firstError, merge, requestedAt, endedAt } = landing;
  return {
    id,
    agent,
    task,
    commit,
    state,
    reason,
    fault,
    partner,
    firstError,
    merge,
    requestedAt: isoTime(requestedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
  };
}

/** The one that an agent asked for last. */
export function lastLanding(state: State, agent: string): Landing | null {
  return state.landings.findLast((landing) => landing.agent === agent) ?? null;
}
