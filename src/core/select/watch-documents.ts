/** Emergencies and progress as scripts read them. */
import type { Agent, EpochMs } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { askedStep, isActive, isOpen, type Emergency } from '../model/watch.ts';
import { isWatched, lastProgress, stuckAfterMs } from '../watch/limits.ts';
import { isoTime } from './time.ts';

/** `running`: its steps are taken; `asking`: a person decides; `taken`: all are, what caused it is still there; `stopped`; `over`. */
export type EmergencyStateName = 'running' | 'asking' | 'taken' | 'stopped' | 'over';

export function emergencyState(emergency: Emergency): EmergencyStateName {
  if (!isOpen(emergency)) return 'over';
  if (emergency.stoppedBy !== null) return 'stopped';
  if (!isActive(emergency)) return 'taken';
  return askedStep(emergency) === null ? 'running' : 'asking';
}

export function emergencyDocument(emergency: Emergency) {
  const { id, cause, when, title, subject, evidence, begunAt, by, steps, work, goneAt, end } = emergency;
  return {
    id,
    when,
    cause,
    title,
    state: emergencyState(emergency),
    ...subject,
    evidence,
    at: isoTime(begunAt),
    by: by.name,
    steps: steps.map((step, at) => ({
      do: step.do,
      to: step.to,
      if: step.if,
      state: work[at]?.state ?? 'pending',
      said: work[at]?.said ?? '',
      at: work[at] ? isoTime(work[at].at) : null,
    })),
    overAt: goneAt === null ? null : isoTime(goneAt),
    end,
  };
}

/** Those that ask first, then by age, then those that are over. */
export function emergenciesInOrder({ watch }: State): readonly Emergency[] {
  const rank = (one: Emergency): number =>
    ['asking', 'running', 'taken', 'stopped', 'over'].indexOf(emergencyState(one));
  return watch.emergencies.toSorted(
    (a, b) => rank(a) - rank(b) || (rank(a) === 4 ? b.begunAt - a.begunAt : a.begunAt - b.begunAt),
  );
}

/** How an agent gets on: the last evidence, and when it counts as stuck; null where it is not watched. */
export function progressDocument(state: State, agent: Agent) {
  const { at, kind, text } = lastProgress(state, agent);
  const limit: EpochMs | null = isWatched(state, agent) ? at + stuckAfterMs(state, agent.spec.id) : null;
  return { at: isoTime(at), kind, text, stuckAt: limit === null ? null : isoTime(limit) };
}
