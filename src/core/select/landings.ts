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

/**
 * @param text an id, a merge commit or the beginning of one, or an agent: its newest
 * @param wanted only among those in this state; null: all
 */
export function findLanding(state: State, text: string, wanted: Landing['state'] | null): Landing | null {
  const all = state.landings.filter((one) => wanted === null || one.state === wanted);
  const named = all.find(({ id }) => id === text) ?? all.findLast(({ agent }) => agent === text);
  if (named) return named;
  if (!/^[0-9a-f]{4,}$/i.test(text)) return null;
  const merges = all.filter(({ merge }) => merge?.startsWith(text.toLowerCase()));
  return merges.length === 1 ? merges[0]! : null;
}
