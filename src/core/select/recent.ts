/** One line of words for every event: the log, and the line of recent events. */
import { exitWords } from '../agents/exit.ts';
import type { Actor, AgentId } from '../model/agent.ts';
import type { LandingEvent } from '../landing/landing.ts';
import type { RollbackEvent } from '../landing/rollback.ts';
import type { Event, MergeEvent } from '../model/events.ts';
import { inquiryWords } from './inquiry.ts';
import { watchWords } from './watch-words.ts';
import { mergeWords } from './merge-words.ts';
import { runWords } from './run-words.ts';
import { workWords } from './work-words.ts';
import { oneLine } from '../text.ts';

/** @returns the agent that an event is about; null for the session's own */
export function eventAgent(event: Event): AgentId | null {
  if (event.type === 'agent.added') return event.spec.id;
  return 'agent' in event ? event.agent : null;
}

/** Safe to show: control characters are pictures, one line. */
export function eventWords(event: Event): string {
  return oneLine(words(event), 300);
}

function words(event: Event): string {
  switch (event.type) {
    case 'session.started':
      return `session ${event.session.id} runs as process ${event.session.pid}`;
    case 'session.ended':
      return `session ended by ${who(event.by)}`;
    case 'agent.added':
      return `${event.spec.id} added by ${who(event.by)}: ${event.spec.command.join(' ')}`;
    case 'agent.starting':
      return `${event.agent} starts: ${event.reason}`;
    case 'agent.started':
      return `${event.agent} runs as process ${event.pid}`;
    case 'agent.start-failed':
      return `${event.agent} could not be started: ${event.reason}`;
    case 'agent.exited':
      return `${event.agent} ${event.asked ? 'was stopped' : 'ended'}: ${event.reason ?? exitWords(event.exit)}`;
    case 'agent.state':
      return `${event.agent} is ${event.state}: ${event.reason}`;
    case 'agent.progress':
      return `${event.agent} ${event.percent === null ? 'reports' : `is at ${event.percent} %`}${after(event.text)}`;
    case 'agent.activity':
      return `${event.agent}${after(event.text)}`;
    case 'agent.pausing':
      return `${event.agent} is being paused by ${who(event.by)}`;
    case 'agent.paused':
      return `${event.agent} paused by ${who(event.by)}: ${count(event.processes, 'process', 'processes')} in ${Math.round(event.ms)} ms`;
    case 'agent.pause-failed':
      return `${event.agent} could not be steered: ${event.reason}`;
    case 'agent.resuming':
      return `${event.agent} is being resumed by ${who(event.by)}`;
    case 'agent.resumed':
      return `${event.agent} resumed by ${who(event.by)}`;
    case 'agent.stopping':
      return `${event.agent} is being ${event.next === 'restart' ? 'restarted' : 'stopped'} by ${who(event.by)}`;
    case 'agent.removed':
      return `${event.agent} removed by ${who(event.by)}`;
    case 'agent.backoff':
      return `${event.agent} will be started again: ${event.reason}`;
    case 'agent.sent':
      return `${event.agent} was sent by ${who(event.by)}${after(event.text)}`;
    case 'agent.git':
      return `${event.agent} on ${event.git.branch}: ${count(event.git.changed.length, 'file', 'files')} changed`;
    case 'todo.added':
      return `todo added: ${event.todo.text}`;
    case 'todo.checked':
      return `todo ${event.id} ${event.done ? 'checked' : 'unchecked'} by ${who(event.by)}`;
    case 'todo.removed':
      return `todo ${event.id} removed by ${who(event.by)}`;
    case 'health.defined':
      return `check ${event.name}: ${event.command}`;
    case 'health.started':
      return `${event.name} started by ${who(event.by)}`;
    case 'health.finished':
      return `${event.name} is ${event.state} after ${Math.round(event.ms)} ms${after(event.firstError)}`;
    case 'health.stale':
      return `${event.name} is out of date: files changed`;
    case 'health.blamed':
      return inquiryWords(event.name, event.inquiry);
    case 'git.observed':
      return `on ${event.branch}: ${count(event.changed.length, 'file', 'files')} changed`;
    case 'agent.forwarded':
      return `${event.agent} has what landed: ${event.head.slice(0, 12)}, ${count(event.paths.length, 'file', 'files')}`;
    case 'agent.placed':
      return `${event.agent} has a worktree on ${event.tree.branch}${event.tree.made === 'reused' ? ', as it was left' : ''}`;
    case 'health.held':
      return `${event.agents.join(', ')} paused while ${event.name} is red`;
    case 'health.released':
      return `${event.agents.join(', ')} may go on: ${event.name} holds them no longer`;
    case 'health.told':
      return `${event.to} is told of ${event.failures.length} failures of ${event.name}, by ${who(event.by)}`;
    case 'alert.raised':
      return `${event.level}: ${event.text}`;
    case 'alert.cleared':
      return `alert ${event.id} ${event.by === null ? 'is over' : `cleared by ${who(event.by)}`}`;
    case 'alert.acked':
      return `alert ${event.id} seen by ${who(event.by)}`;
    case 'agent.advanced':
    case 'agent.stuck':
    case 'emergency.begun':
    case 'emergency.step':
    case 'emergency.stopped':
    case 'emergency.gone':
    case 'sync.asked':
    case 'sync.held':
      return watchWords(event);
    case 'agent.conversation':
    case 'agent.usage':
    case 'permission.asked':
    case 'permission.answered':
    case 'permission.gone':
    case 'permission.ruled':
      return runWords(event);
    case 'plan.taken':
    case 'task.offered':
    case 'task.activated':
    case 'task.started':
    case 'task.briefing':
    case 'task.briefed':
    case 'task.progress':
    case 'task.blocked':
    case 'task.unblocked':
    case 'task.verifying':
    case 'task.returned':
    case 'task.landing':
    case 'task.done':
    case 'task.failed':
    case 'task.reopened':
    case 'task.assigned':
    case 'task.artefact':
    case 'gate.started':
    case 'gate.asked':
    case 'gate.passed':
    case 'gate.failed':
    case 'gate.waived':
    case 'gate.retried':
    case 'milestone.reached':
    case 'milestone.recorded':
    case 'handover.given':
    case 'schedule.held':
      return workWords(event);
    default:
      return mergeWords(event satisfies MergeEvent | LandingEvent | RollbackEvent);
  }
}

function who(actor: Actor): string {
  return actor.name;
}

function after(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
