/** How long without progress is too long, and who is watched for it. */
import { isPlain } from '../agents/told.ts';
import { isLive, type Agent, type AgentId, type EpochMs } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import type { Progress } from '../model/watch.ts';
import { inHandOf } from '../schedule/standing.ts';

const MINUTE = 60_000;
export const DEFAULT_STUCK_MS = 30 * MINUTE;
export const DEFAULT_ANSWER_MS = 5 * MINUTE;
export const DEFAULT_WAITING_MS = 10 * MINUTE;

/** Task, agent, plan: the nearest word counts. */
export function stuckAfterMs(state: State, agent: AgentId): number {
  const { work } = state;
  if (work === null) return DEFAULT_STUCK_MS;
  const { plan } = work;
  const task = inHandOf(work, agent)?.id;
  const ofTask = plan.tasks.find(({ id }) => id === task)?.stuckAfter;
  const ofAgent = plan.agents.find(({ id }) => id === agent)?.stuckAfter;
  const ofRule = plan.emergencies.find(({ when }) => when === 'stuck')?.after;
  return ofTask ?? ofAgent ?? plan.stuck?.after ?? ofRule ?? DEFAULT_STUCK_MS;
}

export function answerMs({ work }: State): number {
  return work?.plan.stuck?.answer ?? DEFAULT_ANSWER_MS;
}

/** A permission or a question may wait this long before somebody is told once more. */
export function waitingMs({ work }: State): number {
  return work?.plan.stuck?.waiting ?? DEFAULT_WAITING_MS;
}

/**
 * It is meant to get on: a coding agent at work, or anybody with a task in hand. A shell of a person's, or a server that
 * runs beside, owes nobody any progress.
 */
export function isWatched(state: State, agent: Agent): boolean {
  if (!isLive(agent) || agent.pending !== null) return false;
  const hasTask = inHandOf(state.work, agent.spec.id)?.task.stage === 'running';
  switch (agent.status.state) {
    case 'working':
    case 'stuck':
      return hasTask || !isPlain(agent);
    case 'idle':
      return hasTask;
    default:
      return false;
  }
}

/** The last evidence of progress; a program that only just began has its start. */
export function lastProgress(state: State, agent: Agent): Progress {
  const known = own(state.watch.progress, agent.spec.id);
  return known ?? { at: agent.run?.startedAt ?? agent.status.since, kind: 'start', text: 'has started' };
}

/** `45s`, `12m`, `1h 5m`: for people. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** Evidence on one line: `no progress for 31m; last: wrote src/a.ts`. */
export function stuckEvidence(state: State, agent: Agent, now: EpochMs): string {
  const { at, text } = lastProgress(state, agent);
  const idle = agent.status.state === 'idle' ? ', though it has a task in hand' : '';
  return `no progress for ${span(now - at)}${idle}; last: ${text}`;
}
