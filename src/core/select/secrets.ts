/** What is shown to people and scripts holds nothing by which anybody could speak for an agent. */
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';

/** In place of a run's token. */
const HIDDEN = '…';

export function eventWithoutSecrets(event: Event): Event {
  return event.type === 'agent.started' ? { ...event, token: HIDDEN } : event;
}

export function stateWithoutSecrets(state: State): State {
  const agents = Object.entries(state.agents).map(([id, agent]) => [
    id,
    agent.run === null ? agent : { ...agent, run: { ...agent.run, token: HIDDEN } },
  ]);
  return { ...state, agents: Object.fromEntries(agents) as State['agents'] };
}
