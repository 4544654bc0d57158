/** How much an event asks of a person. Types that aren't named here are news like any other: `info`. */
import type { Event } from '../model/events.ts';

/** `debug`: steps in between, and what only keeps figures current. */
export const EVENT_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type EventLevel = (typeof EVENT_LEVELS)[number];

const BY_TYPE: Readonly<Record<string, EventLevel>> = {
  'agent.activity': 'debug',
  'agent.conversation': 'debug',
  'agent.usage': 'debug',
  'agent.git': 'debug',
  'agent.pausing': 'debug',
  'agent.resuming': 'debug',
  'agent.start-failed': 'error',
  'agent.pause-failed': 'error',
  'agent.backoff': 'warn',
  'agent.stopping': 'warn',
  'alert.acked': 'debug',
  'alert.cleared': 'debug',
  'emergency.begun': 'error',
  'emergency.stopped': 'warn',
  'git.observed': 'debug',
  'health.defined': 'debug',
  'health.stale': 'debug',
  'health.blamed': 'warn',
  'health.told': 'warn',
  'permission.asked': 'warn',
  'permission.gone': 'debug',
  'permission.ruled': 'debug',
  'landing.testing': 'debug',
  'landing.replayed': 'debug',
  'landing.remade': 'debug',
  'landing.withdrawn': 'warn',
  'landing.undone': 'warn',
  'landing.failed': 'error',
  'merge.policy': 'debug',
  'rollback.begun': 'warn',
  'rollback.followed': 'debug',
  'rollback.failed': 'error',
  'round.paused': 'debug',
  'round.gone': 'debug',
  'round.snapshot': 'debug',
  'round.backed-up': 'debug',
  'round.confirmed': 'debug',
  'round.planned': 'debug',
  'round.verified': 'debug',
  'round.told': 'debug',
  'round.resumed': 'debug',
  'round.recovered': 'warn',
  'round.rolled-back': 'warn',
  'round.deferred': 'error',
  'round.failed': 'error',
  'session.ended': 'warn',
  'task.offered': 'debug',
  'task.briefing': 'debug',
  'task.briefed': 'debug',
  'task.progress': 'debug',
  'task.blocked': 'warn',
  'task.returned': 'warn',
  'task.reopened': 'warn',
  'task.failed': 'error',
  'gate.asked': 'warn',
  'gate.retried': 'warn',
  'gate.waived': 'warn',
  'gate.failed': 'error',
};

export function eventLevel(event: Event): EventLevel {
  switch (event.type) {
    case 'alert.raised':
      return event.level;
    case 'agent.exited':
      return event.asked || event.exit.code === 0 ? 'info' : 'error';
    case 'agent.state':
      return event.state === 'waiting' || event.state === 'limited' || event.state === 'stuck' ? 'warn' : 'info';
    case 'health.finished':
      return event.state === 'red' ? 'error' : 'info';
    case 'overlap.seen':
      return event.verdict === 'conflict' ? 'error' : event.sameRegion ? 'warn' : 'info';
    case 'round.merged':
      return event.conflicts.length > 0 ? 'warn' : 'info';
    case 'schedule.held':
      return event.reason === null ? 'info' : 'warn';
    default:
      return Object.hasOwn(BY_TYPE, event.type) ? BY_TYPE[event.type]! : 'info';
  }
}

export function isAtLeast(level: EventLevel, least: EventLevel): boolean {
  return EVENT_LEVELS.indexOf(level) >= EVENT_LEVELS.indexOf(least);
}
