/** Which events of the journal somebody wants to see. */
import type { AgentId } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import { eventAgent, eventWords } from '../select/recent.ts';
import { eventLevel, isAtLeast, type EventLevel } from './levels.ts';

export interface JournalFilter {
  /** Events that this agent has a part in; null: of anybody, and of nobody. */
  readonly agent: AgentId | null;
  /** A whole type (`landing.failed`), or what stands before its dot (`landing`); null: any. */
  readonly type: string | null;
  /** This level and those above it. */
  readonly level: EventLevel;
  /** Somewhere in type, agent or words, in whatever case; '': anything. */
  readonly text: string;
}

export const ANY_EVENT: JournalFilter = { agent: null, type: null, level: 'debug', text: '' };

export function isAnyEvent({ agent, type, level, text }: JournalFilter): boolean {
  return agent === null && type === null && level === 'debug' && text === '';
}

/** True where the event is about the agent, or about it and another. */
export function concerns(event: Event, agent: AgentId): boolean {
  if (eventAgent(event) === agent) return true;
  if ('agents' in event) return event.agents.includes(agent);
  return 'holder' in event && event.holder === agent;
}

export function fitsFilter(event: Event, { agent, type, level, text }: JournalFilter): boolean {
  if (type !== null && event.type !== type && !event.type.startsWith(`${type}.`)) return false;
  if (!isAtLeast(eventLevel(event), level)) return false;
  if (agent !== null && !concerns(event, agent)) return false;
  return text === '' || says(event, text);
}

/** What `/` looks through. */
export function says(event: Event, text: string): boolean {
  return `${event.type} ${eventAgent(event) ?? ''} ${eventWords(event)}`.toLowerCase().includes(text.toLowerCase());
}

/** `agent ana, landing, warn and above, "tests"`; '' where all is wanted. */
export function filterWords({ agent, type, level, text }: JournalFilter): string {
  return [
    agent === null ? '' : `agent ${agent}`,
    type ?? '',
    level === 'debug' ? '' : level === 'error' ? 'errors' : `${level} and above`,
    text === '' ? '' : `"${text}"`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
