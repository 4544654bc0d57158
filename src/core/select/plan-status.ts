/** How far the plan is, and when it will be over: the JSON of `llmctl plan status`. */
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { COORDINATOR as PERSON } from '../plan/model.ts';
import { launchState } from '../schedule/launch.ts';
import { agentFor, standingOf, taskState } from '../schedule/standing.ts';
import { burnUp } from './burn-up.ts';
import { forecastOf, plannedOf } from './forecast.ts';
import { askedGates, gateTime, nextGate } from './gates.ts';
import { isoTime } from './time.ts';

const STRETCHES = 24;

/**
 * Hours are hours; times are ISO 8601 in UTC.
 * @param now milliseconds since 1970
 * @returns null where the session has no plan with tasks
 */
export function planStatus(state: State, now: number) {
  const standing = standingOf(state);
  const forecast = standing && forecastOf(standing, now);
  if (standing === null || forecast === null) return null;
  const { work, index } = standing;
  const burn = burnUp(work, now, STRETCHES);
  const next = nextGate(state, now);
  return {
    plan: work.plan.name,
    path: work.path,
    startedAt: isoTime(forecast.from),
    tasks: { done: burn.done.at(-1)!, total: burn.total, failed: forecast.failed, withoutEstimate: forecast.guessed },
    hours: {
      planned: forecast.plannedHours,
      total: forecast.totalHours,
      done: forecast.doneHours,
      left: forecast.hoursLeft,
      /** Hours that one estimated hour takes. */
      pace: forecast.pace,
    },
    endsAt: isoTime(forecast.end),
    criticalPath: { planned: plannedOf(work.plan).analysis?.timing.critical.tasks ?? [], left: forecast.critical },
    nextGate: next?.id ?? null,
    asked: askedGates(state),
    held: Object.values(work.holds),
    burnUp: { from: isoTime(burn.from), to: isoTime(now), done: burn.done, total: burn.total },
    forecast: work.plan.tasks.flatMap(({ id }) => {
      const known = forecast.tasks.get(id);
      if (!known) return [];
      const agent = own(work.tasks, id)?.agent ?? agentFor(standing, id) ?? PERSON;
      const times = { startsAt: isoTime(known.start), endsAt: isoTime(known.end) };
      return [
        { id, agent, state: taskState(standing, id), ...times, slackHours: known.slackHours, critical: known.critical },
      ];
    }),
    launch: work.plan.launch.map((step) => ({
      title: step.title ?? '',
      start: step.start,
      after: step.after,
      state: launchState(state, standing, step),
    })),
    gates: [...index.gates.values()].map((gate) => ({
      id: gate.id,
      state: own(work.gates, gate.id)!.state,
      at: isoTime(gateTime(standing, forecast, gate)),
    })),
  };
}
