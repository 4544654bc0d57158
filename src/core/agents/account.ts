/** Agents of one profile are thought to share an account with their provider. */
import type { Agent, AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { isPlain } from './told.ts';

/** @returns an agent that is at its limit, for which this one would fare no better; null where there is none */
export function limitedAccount(state: State, agent: Agent): AgentId | null {
  if (isPlain(agent)) return null;
  const limited = Object.values(state.agents).find(
    ({ spec, status, beforePause }) =>
      spec.id !== agent.spec.id && spec.profile === agent.spec.profile && (beforePause ?? status).state === 'limited',
  );
  return limited?.spec.id ?? null;
}
