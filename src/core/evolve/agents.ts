/** How one event changes one agent. */
import { failuresAfter } from '../agents/backoff.ts';
import { endState, exitWords } from '../agents/exit.ts';
import type { Actor, Agent, AgentSpec, AgentStateName, AgentStatus, EpochMs, Evidence } from '../model/agent.ts';
import type { LandingEvent } from '../landing/landing.ts';
import type { RollbackEvent } from '../landing/rollback.ts';
import { inAnother, withUsage } from '../agents/usage.ts';
import type { Event, MergeEvent } from '../model/events.ts';
import type { PermissionEvent } from '../model/permission.ts';
import type { AgentUsage, Conversation } from '../model/run-facts.ts';
import type { WorkEvent } from '../model/work-events.ts';

/** Events about an agent that is there before and after. */
export type AgentEvent = Exclude<
  Extract<Event, { readonly agent: string }>,
  | MergeEvent
  | LandingEvent
  | RollbackEvent
  | WorkEvent
  | PermissionEvent
  | { readonly type: 'agent.removed' | 'alert.raised' }
>;

export function newAgent(spec: AgentSpec, pane: number, at: EpochMs, by: Actor): Agent {
  return {
    spec,
    pane,
    status: { state: 'stopped', since: at, reason: 'not started yet', evidence: 'person', by },
    beforePause: null,
    pending: null,
    run: null,
    exit: null,
    restarts: 0,
    quickExits: 0,
    progress: null,
    activity: '',
    git: null,
    tree: null,
    conversation: null,
    usage: null,
    retryAt: null,
  };
}

export function evolveAgent(agent: Agent, event: AgentEvent, at: EpochMs): Agent {
  switch (event.type) {
    case 'agent.starting':
      return starting(agent, event.reason, event.by, at);
    case 'agent.started':
      return {
        ...agent,
        run: { pid: event.pid, startedAt: at, token: event.token, ...(event.begun ? { begun: event.begun } : {}) },
        status: status('working', 'has started', 'process', agent.status.by, at),
      };
    case 'agent.start-failed':
      return {
        ...agent,
        pending: null,
        quickExits: agent.quickExits + 1,
        status: status('failed', event.reason, 'process', null, at),
      };
    case 'agent.exited':
      return exited(agent, event, at);
    case 'agent.state':
      return told(agent, event, at);
    case 'agent.progress':
      return { ...agent, progress: event.percent ?? agent.progress, activity: event.text || agent.activity };
    case 'agent.activity':
      return { ...agent, activity: event.text };
    case 'agent.pausing':
      return { ...agent, pending: 'pausing' };
    case 'agent.paused':
      return {
        ...agent,
        pending: agent.pending === 'pausing' ? null : agent.pending,
        beforePause: agent.status,
        status: status('paused', `paused by ${event.by.name}`, 'person', event.by, at),
      };
    case 'agent.pause-failed':
      return { ...agent, pending: null };
    case 'agent.resuming':
      return { ...agent, pending: 'resuming' };
    case 'agent.resumed':
      return {
        ...agent,
        pending: agent.pending === 'resuming' ? null : agent.pending,
        beforePause: null,
        status: { ...(agent.beforePause ?? agent.status), since: at, heardAt: at },
      };
    case 'agent.stopping':
      return stopping(agent, event, at);
    case 'agent.backoff':
      return { ...agent, retryAt: event.untilMs };
    case 'agent.stuck':
      return { ...agent, status: status('stuck', event.reason, 'process', null, at) };
    case 'agent.advanced':
    case 'agent.sent':
    case 'agent.forwarded':
      return agent;
    case 'agent.git':
      return { ...agent, git: event.git };
    case 'agent.placed':
      return { ...agent, tree: event.tree };
    case 'agent.conversation':
      return { ...agent, conversation: event.conversation, usage: usageIn(agent, event.conversation) };
    case 'agent.usage':
      return { ...agent, usage: withUsage(agent.usage, event.usage) };
  }
}

function usageIn(agent: Agent, { id }: Conversation): AgentUsage | null {
  const known = agent.conversation?.id;
  return known === undefined || known === id ? (agent.usage ?? null) : inAnother(agent.usage);
}

function status(
  state: AgentStateName,
  reason: string,
  evidence: Evidence,
  by: Actor | null,
  since: EpochMs,
): AgentStatus {
  return { state, since, reason, evidence, by };
}

function starting(agent: Agent, reason: string, by: Actor, at: EpochMs): Agent {
  const ranBefore = agent.exit !== null || agent.quickExits > 0;
  return {
    ...agent,
    status: status('starting', reason, 'process', by, at),
    pending: null,
    exit: null,
    restarts: agent.restarts + (ranBefore ? 1 : 0),
    // A person who starts it again believes that it works now.
    quickExits: by.kind === 'coordinator' ? agent.quickExits : 0,
    progress: null,
    activity: '',
    retryAt: null,
  };
}

function exited(agent: Agent, event: Extract<Event, { type: 'agent.exited' }>, at: EpochMs): Agent {
  const end = endState(event.exit, event.asked);
  const words = event.reason ?? exitWords(event.exit);
  const by = event.asked ? agent.status.by : null;
  const reason = event.asked && by !== null ? `stopped by ${by.name}` : words;
  return {
    ...agent,
    run: null,
    cutOff: wasBusy(agent) && end !== 'done',
    exit: event.exit,
    pending: null,
    beforePause: null,
    quickExits: end === 'failed' ? failuresAfter(agent, event.exit) : 0,
    status: status(end, reason, 'process', by, at),
  };
}

const BUSY: readonly AgentStateName[] = ['working', 'waiting', 'limited', 'stuck'];

function wasBusy({ beforePause, status: shown }: Agent): boolean {
  return BUSY.includes((beforePause ?? shown).state);
}

/** While paused, evidence is about the status to go back to. */
function told(agent: Agent, event: Extract<Event, { type: 'agent.state' }>, at: EpochMs): Agent {
  const known = agent.beforePause ?? agent.status;
  const { state, reason, evidence, waitingFor, until } = event;
  const since = known.state === state ? known.since : at;
  const more = { ...(waitingFor ? { waitingFor } : {}), ...(until ? { until } : {}) };
  const next: AgentStatus = { state, since, reason, evidence, by: null, heardAt: at, ...more };
  return agent.beforePause === null ? { ...agent, status: next } : { ...agent, beforePause: next };
}

function stopping(agent: Agent, event: Extract<Event, { type: 'agent.stopping' }>, at: EpochMs): Agent {
  if (agent.run === null) {
    // It waited for its next start.
    return {
      ...agent,
      retryAt: null,
      status: status('stopped', `stopped by ${event.by.name}`, 'person', event.by, at),
    };
  }
  // Who asked is wanted again when the program has ended.
  const asked = { ...agent.status, by: event.by };
  return { ...agent, pending: event.next === 'restart' ? 'restarting' : 'stopping', status: asked };
}
