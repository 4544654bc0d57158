import type { LandingEvent } from '../../core/landing/landing.ts';
import type { RollbackEvent } from '../../core/landing/rollback.ts';
import type { Event, MergeEvent } from '../../core/model/events.ts';
import type { PermissionEvent } from '../../core/model/permission.ts';
import type { RunEvent } from '../../core/model/run-facts.ts';
import type { WorkEvent } from '../../core/model/work-events.ts';
import { mergeWords } from '../../core/select/merge-words.ts';
import { runWords } from '../../core/select/run-words.ts';
import { watchWords } from '../../core/select/watch-words.ts';
import type { WatchEvent } from '../../core/model/watch-events.ts';
import { workWords } from '../../core/select/work-words.ts';
import { showControls } from '../../core/text.ts';
import type { Token } from '../theme/tokens.ts';
import { actorName } from './agent.ts';
import { duration } from './time.ts';

/** An event as one line of the log. */
export interface EventLine {
  /** Id of the agent it is about; '' for the session as a whole. */
  readonly who: string;
  readonly text: string;
  readonly token: Token;
}

/** Words for an event; null for those that only keep figures current and would fill the log. */
export function eventLine(event: Event): EventLine | null {
  const line = wordsFor(event);
  return line && { ...line, who: showControls(line.who), text: showControls(line.text) };
}

function wordsFor(event: Event): EventLine | null {
  switch (event.type) {
    case 'session.started':
      return say('', 'session started', 'info');
    case 'session.ended':
      return say('', `session ended by ${actorName(event.by)}`, 'warn');
    case 'todo.added':
      return say('', `todo added: ${event.todo.text}`, 'muted');
    case 'todo.checked':
      return say('', `todo ${event.done ? 'checked' : 'opened again'} by ${actorName(event.by)}`, 'ok');
    case 'todo.removed':
      return say('', `todo removed by ${actorName(event.by)}`, 'muted');
    case 'health.defined':
      return say('', `check ${event.name}: ${event.command}`, 'muted');
    case 'health.started':
      return say('', `${event.name} runs`, 'info');
    case 'health.finished':
      return healthLine(event);
    case 'health.held':
      return say('', `${event.agents.join(', ')} paused while ${event.name} is red`, 'warn');
    case 'health.released':
      return say('', `${event.agents.join(', ')} may go on after ${event.name}`, 'ok');
    case 'health.told':
      return say(event.to, `is told of ${event.name}: ${event.failures.length} of its failures`, 'warn');
    case 'alert.raised':
      return say(event.agent ?? '', event.text, event.level);
    case 'alert.cleared':
    case 'alert.acked':
    case 'agent.advanced':
    case 'health.stale':
    case 'health.blamed':
    case 'git.observed':
    case 'agent.git':
    case 'agent.conversation':
    case 'agent.usage':
    case 'permission.ruled':
      return null;
    case 'agent.stuck':
    case 'emergency.begun':
    case 'emergency.step':
    case 'emergency.stopped':
    case 'emergency.gone':
    case 'sync.asked':
    case 'sync.held':
      return watchLine(event);
    case 'permission.asked':
    case 'permission.answered':
      return say('', runWords(event), event.type === 'permission.asked' ? 'state.waiting' : 'info');
    case 'permission.gone':
      return say('', runWords(event), 'muted');
    default:
      if (isWork(event)) return workLine(event);
      return isMerge(event) ? mergeLine(event) : agentWords(event);
  }
}

function watchLine(event: Exclude<WatchEvent, { type: 'agent.advanced' }>): EventLine {
  if (event.type === 'agent.stuck') return say(event.agent, `stuck: ${event.reason}`, 'state.stuck');
  const who = event.type === 'emergency.begun' ? (event.subject.agent ?? '') : '';
  const isBad = event.type === 'emergency.begun' || (event.type === 'emergency.step' && event.state === 'failed');
  return say(who, watchWords(event), isBad ? 'warn' : 'info');
}

function isWork(event: Event): event is WorkEvent {
  return /^(plan|task|gate|milestone|handover|schedule)\./.test(event.type);
}

function workLine(event: WorkEvent): EventLine | null {
  switch (event.type) {
    case 'task.briefing':
    case 'task.briefed':
    case 'task.offered':
    case 'task.progress':
      return null;
    case 'task.failed':
    case 'gate.failed':
      return say('', workWords(event), 'error');
    case 'task.blocked':
    case 'task.returned':
    case 'gate.asked':
    case 'gate.retried':
    case 'schedule.held':
      return say('', workWords(event), 'warn');
    case 'task.done':
    case 'gate.passed':
    case 'milestone.reached':
    case 'handover.given':
      return say('', workWords(event), 'ok');
    default:
      return say('', workWords(event), 'info');
  }
}

function isMerge(event: Event): event is MergeEvent | LandingEvent | RollbackEvent {
  return /^(merge|overlap|lock|round|landing|rollback)\./.test(event.type);
}

/** The steps in between are in `llmctl log`; here stands what a person wants to have seen. */
function mergeLine(event: MergeEvent | LandingEvent | RollbackEvent): EventLine | null {
  switch (event.type) {
    case 'overlap.seen':
      return say(event.agents.join(' '), mergeWords(event), event.verdict === 'conflict' ? 'error' : 'warn');
    case 'landing.failed':
    case 'rollback.failed':
    case 'round.failed':
    case 'round.deferred':
      return say('', mergeWords(event), 'error');
    case 'round.detected':
    case 'round.merged':
    case 'round.settled':
    case 'round.undone':
    case 'landing.requested':
    case 'landing.withdrawn':
    case 'landing.undone':
    case 'landing.redone':
    case 'rollback.begun':
    case 'lock.taken':
    case 'lock.freed':
      return say('', mergeWords(event), 'info');
    case 'landing.landed':
    case 'overlap.gone':
    case 'round.applied':
      return say('', mergeWords(event), 'ok');
    default:
      return null;
  }
}

function healthLine(event: Extract<Event, { type: 'health.finished' }>): EventLine {
  const token = event.state === 'green' ? 'ok' : event.state === 'red' ? 'error' : 'muted';
  const why = event.firstError ? `: ${event.firstError}` : '';
  return say('', `${event.name} ${event.state} in ${duration(event.ms)}${why}`, token);
}

type AgentEvent = Exclude<
  Extract<Event, { agent: string } | { type: 'agent.added' }>,
  | MergeEvent
  | LandingEvent
  | RollbackEvent
  | WorkEvent
  | RunEvent
  | WatchEvent
  | PermissionEvent
  | { type: 'agent.git' }
  | { type: 'alert.raised' }
>;

function agentWords(event: AgentEvent): EventLine | null {
  switch (event.type) {
    case 'agent.added':
      return say(event.spec.id, `added by ${actorName(event.by)}`, 'muted');
    case 'agent.starting':
      return say(event.agent, `starting: ${event.reason}`, 'state.starting');
    case 'agent.started':
      return say(event.agent, `started, pid ${event.pid}`, 'state.starting');
    case 'agent.start-failed':
      return say(event.agent, `could not start: ${event.reason}`, 'state.failed');
    case 'agent.exited':
      return say(event.agent, exitWords(event.exit), event.exit.code === 0 || event.asked ? 'muted' : 'state.failed');
    case 'agent.state':
      return say(event.agent, `${event.state}${event.reason ? `: ${event.reason}` : ''}`, `state.${event.state}`);
    case 'agent.progress':
      return say(event.agent, `${event.percent === null ? '' : `${event.percent}% `}${event.text}`.trim(), 'progress');
    case 'agent.activity':
      return null;
    case 'agent.forwarded':
      return say(event.agent, `has what landed, ${event.paths.length} files`, 'info');
    case 'agent.placed':
      return say(event.agent, `worktree on ${event.tree.branch}`, 'muted');
    case 'agent.backoff':
      return say(event.agent, event.reason, 'warn');
    case 'agent.sent':
      return say(event.agent, `${actorName(event.by)} → ${event.text}`, 'accent');
    case 'agent.removed':
      return say(event.agent, `removed by ${actorName(event.by)}`, 'muted');
    case 'agent.stopping':
      return say(
        event.agent,
        `${event.next === 'restart' ? 'restarting' : 'stopping'}, by ${actorName(event.by)}`,
        'warn',
      );
    default:
      return pauseWords(event);
  }
}

function pauseWords(
  event: Extract<Event, { type: `agent.paus${string}` | 'agent.resuming' | 'agent.resumed' }>,
): EventLine | null {
  switch (event.type) {
    case 'agent.paused': {
      const many = event.processes === 1 ? '1 process' : `${event.processes} processes`;
      return say(event.agent, `paused by ${actorName(event.by)}: ${many} in ${duration(event.ms)}`, 'state.paused');
    }
    case 'agent.pause-failed':
      return say(event.agent, `could not be paused: ${event.reason}`, 'error');
    case 'agent.resumed':
      return say(event.agent, `resumed by ${actorName(event.by)}`, 'ok');
    case 'agent.pausing':
    case 'agent.resuming':
      return null;
  }
}

/** `exited with 1`, `ended by signal 9`. */
export function exitWords(exit: { readonly code: number | null; readonly signal: number | null }): string {
  if (exit.signal) return `ended by signal ${exit.signal}`;
  return exit.code === null ? 'ended' : `exited with ${exit.code}`;
}

function say(who: string, text: string, token: Token): EventLine {
  return { who, text, token };
}
