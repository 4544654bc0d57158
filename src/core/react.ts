/** What is to be done in the world because of an event. Never called for events that are only read back. */
import { backoffMs } from './agents/backoff.ts';
import { isOpen as isWaiting } from './landing/landing.ts';
import { awaitsPerson, isOver } from './merge/round.ts';
import type { Effect } from './model/effects.ts';
import type { Event, MergeEvent } from './model/events.ts';
import { isOpen } from './model/overlap.ts';
import type { State } from './model/state.ts';
import { inHandOf } from './schedule/standing.ts';
import type { EmergencyStep } from './model/watch.ts';
import { calledBy } from './watch/sync-points.ts';
import { wantsRound } from './overlap/policy.ts';

/** A program gets this long to end by itself before it is killed. */
export const STOP_GRACE_MS = 3_000;

/** @param state as it is after `event` */
export function react(state: State, event: Event): readonly Effect[] {
  const called = calledBy(state, event).map(({ point }): Effect => ({ type: 'sync.hold', point, soon: true }));
  return called.length === 0 ? follow(state, event) : [...follow(state, event), ...called];
}

function follow(state: State, event: Event): readonly Effect[] {
  switch (event.type) {
    case 'agent.starting':
      return [{ type: 'pty.spawn', agent: event.agent }];
    case 'agent.started':
      return firstWords(state, event);
    case 'agent.sent':
      return [
        {
          type: 'pty.brief',
          agent: event.agent,
          text: event.text,
          enter: event.enter,
          gentle: event.by.kind === 'coordinator',
        },
      ];
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
    case 'health.held':
      return [{ type: 'agents.hold', agents: event.agents }];
    case 'health.released':
      return [{ type: 'agents.release', agents: event.agents }];
    case 'session.ended':
      return [{ type: 'session.exit' }];
    case 'overlap.seen':
      return consider(state, [event.id]);
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
      return ofRound(state, event);
    case 'landing.requested':
    case 'landing.testing':
    case 'landing.landed':
    case 'landing.failed':
    case 'landing.withdrawn':
    case 'landing.undone':
    case 'landing.replayed':
    case 'landing.redone':
    case 'landing.remade':
    case 'rollback.done':
    case 'rollback.followed':
      return state.landings.some(isWaiting) ? [{ type: 'landing.step' }] : [];
    case 'task.briefing': {
      const { task, agent, text, typed } = event;
      return typed ? [{ type: 'task.brief', task, agent, text }] : [];
    }
    case 'task.verifying':
      return [{ type: 'task.verify', task: event.task, run: event.run }];
    case 'task.landing': {
      const agent = state.work?.tasks[event.task]?.agent;
      return agent ? [{ type: 'task.land', task: event.task, agent, by: event.by }] : [];
    }
    case 'gate.started':
      return [{ type: 'gate.run', gate: event.gate, run: event.run }];
    case 'permission.answered': {
      const { permission, verdict, reason } = event;
      return [{ type: 'permission.tell', permission, verdict, reason }];
    }
    case 'milestone.reached':
      return [{ type: 'milestone.record', milestone: event.milestone }];
    case 'sync.asked':
      return [{ type: 'sync.hold', point: event.point, soon: false }];
    case 'emergency.step':
      return stepEffects(state, event);
    case 'emergency.begun':
    case 'emergency.stopped':
    case 'emergency.gone':
    case 'sync.held':
    case 'agent.advanced':
    case 'agent.stuck':
    case 'agent.conversation':
    case 'agent.usage':
    case 'permission.asked':
    case 'permission.gone':
    case 'permission.ruled':
    case 'plan.taken':
    case 'task.offered':
    case 'task.activated':
    case 'task.started':
    case 'task.briefed':
    case 'task.progress':
    case 'task.blocked':
    case 'task.unblocked':
    case 'task.returned':
    case 'task.done':
    case 'task.failed':
    case 'task.reopened':
    case 'task.assigned':
    case 'task.artefact':
    case 'gate.asked':
    case 'gate.passed':
    case 'gate.failed':
    case 'gate.waived':
    case 'gate.retried':
    case 'milestone.recorded':
    case 'handover.given':
    case 'schedule.held':
    case 'merge.policy':
    case 'overlap.gone':
    case 'lock.taken':
    case 'lock.freed':
    case 'agent.placed':
    case 'agent.forwarded':
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
    case 'health.blamed':
    case 'health.told':
    case 'rollback.begun':
    case 'rollback.failed':
    case 'git.observed':
    case 'alert.raised':
    case 'alert.cleared':
    case 'alert.acked':
      return [];
  }
}

/** Steps of an emergency that the daemon carries out. */
export function takesTime(step: EmergencyStep['do']): boolean {
  return step === 'blame' || step === 'rollback' || step === 'collect-output';
}

function stepEffects({ watch }: State, event: Extract<Event, { type: 'emergency.step' }>): readonly Effect[] {
  const { emergency, step, state } = event;
  const what = watch.emergencies.find(({ id }) => id === emergency)?.steps[step]?.do;
  return state === 'running' && what !== undefined && takesTime(what)
    ? [{ type: 'emergency.do', emergency, step }]
    : [];
}

/** What an agent is told that was ended in the middle of its work, and has its conversation again. */
export const GO_ON =
  'You were ended in the middle of your work and started again: look at where things stand, and go on.';

function firstWords(state: State, { agent: id, begun }: Extract<Event, { type: 'agent.started' }>): readonly Effect[] {
  const agent = state.agents[id];
  if (agent === undefined) return [];
  const brief = (text: string): Effect => ({ type: 'pty.brief', agent: id, text, enter: true, gentle: false });
  const { prompt } = agent.spec;
  // Who has a task in hand is told of it anew. Where no conversation is known there may be none to go on with.
  if (begun?.resumed && (!agent.cutOff || inHandOf(state.work, id) !== null)) return [];
  if (begun?.resumed) return [brief(agent.conversation || !prompt ? GO_ON : `${GO_ON}\n\n${prompt}`)];
  if (!prompt) return [];
  return begun?.prompted ? [{ type: 'brief.prove', agent: id }] : [brief(prompt)];
}

/** Long enough for the rest of an edit that came in several writes; well below the second in which an overlap is to be met. */
const QUIET_MS = 300;

function consider(state: State, ids: readonly string[]): readonly Effect[] {
  return ids
    .filter((id) => state.overlaps[id] !== undefined && wantsRound(state.overlaps[id]))
    .map((overlap) => ({ type: 'overlap.consider', overlap, ms: QUIET_MS }));
}

function ofRound(state: State, { round: id }: Extract<MergeEvent, { round: string }>): readonly Effect[] {
  const round = state.rounds[id];
  if (round === undefined) return [];
  // One of its agents may have kept others waiting.
  if (isOver(round))
    return consider(
      state,
      Object.values(state.overlaps)
        .filter(isOpen)
        .map((overlap) => overlap.id),
    );
  const step: Effect = { type: 'round.step', round: id };
  if (round.phase !== 'needs-person' || !awaitsPerson(round)) return [step];
  return [step, { type: 'round.await', round: id, ms: state.mergePolicy.settleMs }];
}
