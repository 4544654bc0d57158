/** Alerts: raised once per cause, cleared by a person or when the cause is over. */
import type { Actor, AgentId } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { AlertLevel, State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import { hint, quoted, refuse, type Decision } from './refuse.ts';

export interface AlertWords {
  readonly level: AlertLevel;
  readonly text: string;
  readonly agent: AgentId | null;
  readonly cause: string;
}

/** A cause that is shown already counts up under the id it has. */
export function raise(state: State, alert: AlertWords, context: DecideContext): Event {
  const shown = state.alerts.find((one) => one.cause === alert.cause);
  const id = shown?.id ?? context.newId();
  const { level, text, agent, cause } = alert;
  return { type: 'alert.raised', id, level, text: oneLine(text), agent, cause };
}

export function over(state: State, cause: string): Event[] {
  return state.alerts
    .filter((alert) => alert.cause === cause)
    .map(({ id }) => ({ type: 'alert.cleared', id, by: null }));
}

/** All that was said about one agent. */
export function overFor(state: State, agent: AgentId): Event[] {
  return state.alerts
    .filter((alert) => alert.agent === agent)
    .map(({ id }) => ({ type: 'alert.cleared', id, by: null }));
}

export function clear(state: State, id: string, by: Actor): Decision {
  if (state.alerts.some((alert) => alert.id === id)) return [{ type: 'alert.cleared', id, by }];
  return unknownAlert(state, id);
}

export function acknowledge(state: State, id: string, by: Actor): Decision {
  const alert = state.alerts.find((one) => one.id === id);
  if (alert === undefined) return unknownAlert(state, id);
  return alert.ackedBy ? [] : [{ type: 'alert.acked', id, by }];
}

function unknownAlert(state: State, id: string): Decision {
  const ids = state.alerts.map((alert) => alert.id);
  return refuse('unknown-alert', `no alert has the id ${quoted(id)}; ${hint([], 'alerts', ids)}`);
}
