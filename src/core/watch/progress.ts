/** Who got on when: read out of what happens anyway, so that a session is only told what nothing else tells. */
import { isLive, type Agent, type AgentId, type AgentStateName, type EpochMs } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { waitingCause } from './alerts.ts';
import type { Progress, ProgressKind } from '../model/watch.ts';

interface Step {
  readonly agent: AgentId;
  readonly kind: ProgressKind;
  readonly text: string;
}

/** @param state as it is before the event */
function stepOf(state: State, event: Event): Step | null {
  switch (event.type) {
    case 'agent.started':
      return { agent: event.agent, kind: 'start', text: 'has started' };
    case 'agent.resumed':
      return { agent: event.agent, kind: 'start', text: 'was resumed' };
    case 'agent.advanced':
      return { agent: event.agent, kind: event.kind, text: event.text };
    case 'agent.progress':
      return { agent: event.agent, kind: 'report', text: event.text || `says ${event.percent ?? 0} %` };
    case 'agent.state':
      return stateStep(state, event);
    case 'agent.git':
      return gitStep(own(state.agents, event.agent), event);
    case 'agent.sent':
      // What llmctl tells it is no news from the agent.
      if (event.by.kind === 'coordinator') return null;
      return { agent: event.agent, kind: 'told', text: `was told something by ${event.by.name}` };
    case 'task.briefed':
    case 'task.returned': {
      const agent = state.work === null ? null : (own(state.work.tasks, event.task)?.agent ?? null);
      return agent === null ? null : { agent, kind: 'told', text: `was told about task ${event.task}` };
    }
    default:
      return null;
  }
}

/** A report counts each time; what hooks, screens and titles say, only where it is something else than before. Tools are told apart. */
function stateStep(state: State, event: Extract<Event, { type: 'agent.state' }>): Step | null {
  const { agent: id, evidence, reason } = event;
  if (evidence === 'report') return { agent: id, kind: 'report', text: reason };
  if (evidence === 'process') return null;
  const known = own(state.agents, id);
  const before = known?.beforePause ?? known?.status;
  if (before === undefined || before.state === event.state) return null;
  // Between working and idle a spinner goes to and fro by itself.
  if (isTurning(before.state) && isTurning(event.state)) return null;
  return { agent: id, kind: 'state', text: `${event.state}: ${reason}` };
}

function isTurning(state: AgentStateName): boolean {
  return state === 'working' || state === 'idle' || state === 'starting';
}

function gitStep(known: Agent | undefined, { agent, git }: Extract<Event, { type: 'agent.git' }>): Step | null {
  const before = known?.git;
  if (!before) return null;
  const fresh = git.changed.find((path) => !before.changed.includes(path));
  if (fresh !== undefined) return { agent, kind: 'file', text: `changed ${fresh}` };
  return git.ahead > before.ahead ? { agent, kind: 'file', text: 'committed' } : null;
}

/** The fold. @param before the state that the event came to; `next` what it made of it */
export function followProgress(before: State, next: State, event: Event, at: EpochMs): State {
  if (event.type === 'agent.removed' || event.type === 'session.ended') return forget(next);
  if (event.type === 'alert.raised') return remember(next, event);
  const step = stepOf(before, event);
  const agent = step === null ? undefined : own(next.agents, step.agent);
  if (step === null || !agent) return next;
  const progress: Progress = { at, kind: step.kind, text: step.text };
  const watch = { ...next.watch, progress: { ...next.watch.progress, [step.agent]: progress } };
  return { ...next, watch, agents: { ...next.agents, [step.agent]: goesOn(agent, step, at) } };
}

/** Said once for each time that it waits, also where a person puts the alert away. */
function remember(state: State, { agent, cause }: Extract<Event, { type: 'alert.raised' }>): State {
  const known = agent === null ? undefined : own(state.agents, agent);
  if (!known || cause !== waitingCause(known.spec.id)) return state;
  const reminded = { ...state.watch.reminded, [known.spec.id]: known.status.since };
  return { ...state, watch: { ...state.watch, reminded } };
}

function forget(state: State): State {
  const kept = Object.entries(state.watch.progress).filter(([id]) => Object.hasOwn(state.agents, id));
  return { ...state, watch: { ...state.watch, progress: Object.fromEntries(kept) } };
}

/** Being told something doesn't get anybody out of where it is stuck. */
function goesOn(agent: Agent, { kind, text }: Step, at: EpochMs): Agent {
  if (kind === 'told' || !isLive(agent)) return agent;
  const status = agent.beforePause ?? agent.status;
  if (status.state !== 'stuck') return agent;
  const working = { ...status, state: 'working', since: at, heardAt: at, reason: `goes on: ${text}` } as const;
  return agent.beforePause === null ? { ...agent, status: working } : { ...agent, beforePause: working };
}
