/** The fold: state before, one journal entry, state after. Daemon and clients run the same one. */
import { evolveAgent, newAgent, type AgentEvent } from './evolve/agents.ts';
import { evolvePermissions, followPermissions } from './evolve/permissions.ts';
import { spentOnTask } from './evolve/spent.ts';
import { isOver } from './merge/round.ts';
import { evolveLandings } from './landing/landing.ts';
import { evolveRollbacks } from './landing/rollback.ts';
import { evolveWork, followWork } from './evolve/work.ts';
import { followProgress } from './watch/progress.ts';
import { evolveWatch } from './watch/evolve-watch.ts';
import { evolveHealth, withoutChecksOf, withoutHold } from './evolve/health.ts';
import { evolveMerge, withoutOverlapsOf } from './evolve/merge.ts';
import type { AgentId } from './model/agent.ts';
import type { Event, JournalEntry } from './model/events.ts';
import { NO_WATCH } from './model/watch.ts';
import { ALERT_LIMIT, LANDING_LIMIT, type State } from './model/state.ts';

/** Pure. Events about agents that aren't there change nothing but the count: an old journal must still fold. */
export function evolve(state: State, entry: JournalEntry): State {
  const { event, at } = entry;
  const next = followWork(followProgress(state, apply(state, event, at), event, at), event, at);
  return { ...next, permissions: followPermissions(next.permissions, entry.event), seq: entry.seq };
}

function apply(state: State, event: Event, at: number): State {
  switch (event.type) {
    case 'session.started':
      return { ...state, session: event.session };
    case 'session.ended':
      return ended(state);
    case 'agent.added': {
      const { spec, pane, by } = event;
      const order = state.order.includes(spec.id) ? state.order : [...state.order, spec.id];
      const agents = { ...state.agents, [spec.id]: newAgent(spec, pane, at, by) };
      return { ...state, agents, order, nextPane: Math.max(state.nextPane, pane + 1) };
    }
    case 'agent.removed':
      return withoutOverlapsOf(withoutAgent(state, event.agent), event.agent, at);
    case 'agent.starting':
    case 'agent.started':
    case 'agent.start-failed':
    case 'agent.exited':
    case 'agent.state':
    case 'agent.progress':
    case 'agent.activity':
    case 'agent.pausing':
    case 'agent.paused':
    case 'agent.pause-failed':
    case 'agent.resuming':
    case 'agent.resumed':
    case 'agent.stopping':
    case 'agent.backoff':
    case 'agent.sent':
    case 'agent.git':
    case 'agent.placed':
    case 'agent.forwarded':
    case 'agent.advanced':
    case 'agent.stuck':
    case 'agent.conversation':
      return withAgent(state, event, at);
    case 'agent.usage':
      return { ...withAgent(state, event, at), spent: spentOnTask(state, event) };
    case 'permission.asked':
    case 'permission.answered':
    case 'permission.gone':
    case 'permission.ruled':
      return { ...state, permissions: evolvePermissions(state.permissions, event) };
    case 'todo.added':
      return { ...state, todos: [...state.todos.filter((todo) => todo.id !== event.todo.id), event.todo] };
    case 'todo.checked':
      return {
        ...state,
        todos: state.todos.map((todo) =>
          todo.id === event.id ? { ...todo, done: event.done, by: event.by, at } : todo,
        ),
      };
    case 'todo.removed':
      return { ...state, todos: state.todos.filter((todo) => todo.id !== event.id) };
    case 'health.defined':
    case 'health.started':
    case 'health.finished':
    case 'health.blamed':
    case 'health.told':
    case 'health.held':
    case 'health.released':
    case 'health.stale':
      return { ...state, health: evolveHealth(state.health, event, at) };
    case 'git.observed': {
      const { branch, upstream, ahead, behind, head, changed, stale } = event;
      return { ...state, git: { branch, upstream, ahead, behind, head, changed, stale, at } };
    }
    case 'alert.raised':
      return { ...state, alerts: withAlert(state, event, at) };
    case 'alert.cleared':
      return { ...state, alerts: state.alerts.filter((alert) => alert.id !== event.id) };
    case 'alert.acked': {
      const { id, by } = event;
      return { ...state, alerts: state.alerts.map((alert) => (alert.id === id ? { ...alert, ackedBy: by } : alert)) };
    }
    case 'merge.policy':
    case 'overlap.seen':
    case 'overlap.gone':
    case 'lock.taken':
    case 'lock.freed':
    case 'round.detected':
    case 'round.paused':
    case 'round.gone':
    case 'round.snapshot':
    case 'round.backed-up':
    case 'round.merged':
    case 'round.settled':
    case 'round.confirmed':
    case 'round.planned':
    case 'round.applied':
    case 'round.verified':
    case 'round.rolled-back':
    case 'round.told':
    case 'round.resumed':
    case 'round.deferred':
    case 'round.failed':
    case 'round.recovered':
    case 'round.undone':
      return evolveMerge(state, event, at);
    case 'landing.requested':
    case 'landing.testing':
    case 'landing.landed':
    case 'landing.failed':
    case 'landing.withdrawn':
    case 'landing.undone':
    case 'landing.replayed':
    case 'landing.redone':
    case 'landing.remade':
      return { ...state, landings: evolveLandings(state.landings, event, at).slice(-LANDING_LIMIT) };
    case 'rollback.begun':
    case 'rollback.done':
    case 'rollback.failed':
    case 'rollback.followed':
      return { ...state, ...evolveRollbacks(state, event, at) };
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
      return evolveWork(state, event, at);
    case 'emergency.begun':
    case 'emergency.step':
    case 'emergency.stopped':
    case 'emergency.gone':
    case 'sync.asked':
    case 'sync.held':
      return evolveWatch(state, event, at);
    default:
      return unknown(event, state);
  }
}

/** What was merged and landed stays to be looked at and undone. */
function ended(state: State): State {
  const rounds = Object.fromEntries(Object.entries(state.rounds).filter(([, round]) => isOver(round)));
  return {
    ...state,
    agents: {},
    order: [],
    alerts: [],
    health: {},
    git: null,
    overlaps: {},
    locks: {},
    rounds,
    watch: NO_WATCH,
  };
}

/** An event of a newer llmctl, in a journal or from a daemon: not understood, and no harm. */
function unknown(_event: never, state: State): State {
  return state;
}

function withAgent(state: State, event: AgentEvent, at: number): State {
  if (!Object.hasOwn(state.agents, event.agent)) return state;
  const agent = evolveAgent(state.agents[event.agent]!, event, at);
  const free = event.type === 'agent.exited' || (event.type === 'agent.resumed' && event.by.kind !== 'coordinator');
  const health = free ? withoutHold(state.health, event.agent) : state.health;
  return { ...state, health, agents: { ...state.agents, [event.agent]: agent } };
}

function withoutAgent(state: State, id: AgentId): State {
  const { [id]: _, ...agents } = state.agents;
  const health = withoutHold(withoutChecksOf(state.health, id), id);
  return { ...state, agents, health, order: state.order.filter((other) => other !== id) };
}

/** The newest last; past the limit the oldest go. */
function withAlert(state: State, event: Extract<Event, { type: 'alert.raised' }>, at: number): State['alerts'] {
  const { id, level, text, agent, cause } = event;
  const before = state.alerts.find((alert) => alert.cause === cause);
  const count = (before?.count ?? 0) + 1;
  // Worse than it was when somebody saw it: it calls again.
  const ackedBy = before && before.level === level ? (before.ackedBy ?? null) : null;
  const others = state.alerts.filter((alert) => alert.cause !== cause);
  return [...others, { id, level, text, agent, at, cause, count, ackedBy }].slice(-ALERT_LIMIT);
}
