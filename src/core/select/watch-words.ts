/** Emergencies, stuck agents and sync points in words, each on one line. */
import type { WatchEvent } from '../model/watch-events.ts';

export function watchWords(event: WatchEvent): string {
  switch (event.type) {
    case 'agent.advanced':
      return `${event.agent} gets on: ${event.text}`;
    case 'agent.stuck':
      return `${event.agent} is stuck: ${event.reason}`;
    case 'emergency.begun':
      return `emergency ${event.emergency} (${event.when}), ${event.title}: ${event.evidence}`;
    case 'emergency.step':
      return `emergency ${event.emergency}, step ${event.step + 1} ${event.state}: ${event.said}`;
    case 'emergency.stopped':
      return `emergency ${event.emergency} stopped by ${event.by.name}`;
    case 'emergency.gone':
      return `emergency ${event.emergency} is over: ${event.reason}`;
    case 'sync.asked':
      return `sync point ${event.point} wanted by ${event.by.name}`;
    case 'sync.held':
      return `sync point ${event.title}${event.due ? ', held late' : ''}: ${event.summary}`;
  }
}
