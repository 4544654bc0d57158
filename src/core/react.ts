/** What is to be done in the world because of an event. Never called for events that are only read back. */
import { backoffMs } from './agents/backoff.ts';
import type { Effect } from './model/effects.ts';
import type { Event } from './model/events.ts';
import type { State } from './model/state.ts';

/** A program gets this long to end by itself before it is killed. */
export const STOP_GRACE_MS = 3_000;

/** @param state as it is after `event` */
export function react(state: State, event: Event): readonly Effect[] {
  switch (event.type) {
    case 'agent.starting':
      return [{ type: 'pty.spawn', agent: event.agent }];
    case 'agent.started': {
      const prompt = state.agents[event.agent]?.spec.prompt;
      return prompt ? [{ type: 'pty.brief', agent: event.agent, text: prompt, enter: true }] : [];
    }
    case 'agent.sent':
      return [{ type: 'pty.brief', agent: event.agent, text: event.text, enter: event.enter }];
    case 'agent.pausing':
      return [{ type: 'tree.pause', agent: event.agent, by: event.by }];
    case 'agent.resuming':
      return [{ type: 'tree.resume', agent: event.agent, by: event.by }];
    case 'agent.stopping':
      // Without a run it only waited for its next start, which is off now.
      return state.agents[event.agent]?.run ? [{ type: 'tree.stop', agent: event.agent, graceMs: STOP_GRACE_MS }] : [];
    case 'agent.removed':
      return [{ type: 'pty.forget', agent: event.agent }];
    case 'agent.backoff':
      return [{ type: 'timer.backoff', agent: event.agent, ms: backoffMs(state.agents[event.agent]?.quickExits ?? 1) }];
    case 'health.started':
      return [{ type: 'health.run', name: event.name }];
    case 'session.ended':
      return [{ type: 'session.exit' }];
    case 'session.started':
    case 'agent.added':
    case 'agent.start-failed':
    case 'agent.exited':
    case 'agent.state':
    case 'agent.progress':
    case 'agent.activity':
    case 'agent.paused':
    case 'agent.pause-failed':
    case 'agent.resumed':
    case 'agent.git':
    case 'todo.added':
    case 'todo.checked':
    case 'todo.removed':
    case 'health.defined':
    case 'health.finished':
    case 'health.stale':
    case 'git.observed':
    case 'alert.raised':
    case 'alert.cleared':
      return [];
  }
}
