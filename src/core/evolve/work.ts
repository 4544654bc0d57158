/** How events change the plan's work, and the agents that have it in hand. */
import { mendWork, withTask } from '../schedule/fold.ts';
import { takePlan, takeTodos } from '../schedule/take.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { isInHand, own, type GateWork, type Work } from '../model/work.ts';
import type { GateEvent, TaskEvent, WorkEvent } from '../model/work-events.ts';
import { evolveTask } from './tasks.ts';

export function evolveWork(state: State, event: WorkEvent, at: number): State {
  if (event.type === 'plan.taken') {
    const { plan, path, fresh } = event;
    const work = takePlan(plan, path, fresh ? null : state.work, at);
    const next = { ...state, work, todos: takeTodos(state.todos, plan, fresh) };
    return withHands(next, state.work, allTasks(work, state.work));
  }
  const { work } = state;
  if (work === null) return state;
  const next = changed(work, event, at);
  if (next === work) return state;
  return withHands({ ...state, work: next }, work, 'task' in event ? [event.task] : []);
}

function changed(work: Work, event: Exclude<WorkEvent, { type: 'plan.taken' }>, at: number): Work {
  switch (event.type) {
    case 'milestone.reached': {
      const reached = { reachedAt: at, commit: event.commit, recorded: false };
      if (!own(work.milestones, event.milestone)) return work;
      return { ...work, milestones: { ...work.milestones, [event.milestone]: reached } };
    }
    case 'milestone.recorded': {
      const known = own(work.milestones, event.milestone);
      const recorded = known && { ...known, commit: event.commit, recorded: true };
      return recorded ? { ...work, milestones: { ...work.milestones, [event.milestone]: recorded } } : work;
    }
    case 'handover.given': {
      if (!own(work.handovers, event.handover)) return work;
      return { ...work, handovers: { ...work.handovers, [event.handover]: { givenAt: at, path: event.path } } };
    }
    case 'schedule.held': {
      const { [event.cause]: _, ...others } = work.holds;
      return { ...work, holds: event.reason === null ? others : { ...others, [event.cause]: event.reason } };
    }
    case 'gate.started':
    case 'gate.asked':
    case 'gate.passed':
    case 'gate.failed':
    case 'gate.waived':
    case 'gate.retried':
      return withGate(work, event, at);
    default:
      return withTask(work, event.task, (task) => evolveTask(task, event satisfies TaskEvent, at));
  }
}

function withGate(work: Work, event: GateEvent, at: number): Work {
  const gate = own(work.gates, event.gate);
  return gate ? { ...work, gates: { ...work.gates, [event.gate]: evolveGate(gate, event, at) } } : work;
}

function evolveGate(gate: GateWork, event: GateEvent, at: number): GateWork {
  const pending = { state: 'pending', said: '' } as const;
  switch (event.type) {
    case 'gate.started': {
      const checks = gate.checks.map(() => ({ state: 'running', said: '' }) as const);
      const { run, by, forced } = event;
      return { ...gate, state: 'running', since: at, run, asked: false, checks, reason: '', by, forced };
    }
    case 'gate.asked':
      return { ...gate, state: 'pending', since: at, run: null, asked: true, checks: event.checks };
    case 'gate.passed': {
      const { by, reason, checks, forced } = event;
      return { ...gate, state: 'passed', since: at, run: null, asked: false, checks, reason, by, forced };
    }
    case 'gate.failed': {
      const { by, reason, checks } = event;
      return { ...gate, state: 'failed', since: at, run: null, asked: false, checks, reason, by };
    }
    case 'gate.waived': {
      const { by, reason } = event;
      return { ...gate, state: 'waived', since: at, run: null, asked: false, reason, by };
    }
    case 'gate.retried': {
      const { reason } = event;
      const [retries, checks] = [gate.retries + 1, gate.checks.map(() => pending)];
      return { ...gate, state: 'pending', since: at, run: null, asked: false, retries, checks, reason, by: null };
    }
  }
}

/** The agents' own records name the task that each has in hand. @param ids tasks that may be other than before */
function withHands(state: State, before: Work | null, ids: Iterable<string>): State {
  const { work } = state;
  const hands = new Map<string, string | null>();
  const held = (known: Work | null, id: string): string | null => {
    const task = known === null ? undefined : own(known.tasks, id);
    return task && isInHand(task) ? task.agent : null;
  };
  for (const id of ids) {
    const [from, to] = [held(before, id), held(work, id)];
    if (from !== null && from !== to && !hands.has(from)) hands.set(from, null);
    if (to !== null) hands.set(to, id);
  }
  let { agents } = state;
  for (const [id, task] of hands) {
    const agent = own(agents, id);
    if (!agent || agent.spec.task === task) continue;
    agents = { ...agents, [id]: { ...agent, spec: { ...agent.spec, task }, progress: null } };
  }
  return agents === state.agents ? state : { ...state, agents };
}

function allTasks(...works: readonly (Work | null)[]): ReadonlySet<string> {
  return new Set(works.flatMap((work) => Object.keys(work?.tasks ?? {})));
}

/** What events about agents and sessions mean for the work. */
export function followWork(state: State, event: Event, at: number): State {
  const { work } = state;
  if (work === null) return state;
  const next = mendWork(work, event, state.landings, at);
  return next === work ? state : withHands({ ...state, work: next }, work, allTasks(next));
}
