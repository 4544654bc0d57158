/** When what is left will be done: the plan's estimates, at the pace at which work has gone so far. */
import { isInHand, own, type TaskWork, type Work } from '../model/work.ts';
import { analysePlan, type PlanAnalysis } from '../plan/check/figures.ts';
import { round } from '../plan/check/critical.ts';
import type { Plan } from '../plan/model.ts';
import { placeNodes, schedule } from '../plan/show/schedule.ts';
import type { Standing } from '../schedule/needs.ts';
import { agentFor } from '../schedule/standing.ts';
import { slackOf } from './slack.ts';

const HOUR = 3_600_000;

export interface TaskForecast {
  readonly id: string;
  /** Milliseconds since 1970: when it began and ended, or will. */
  readonly start: number;
  readonly end: number;
  readonly stage: 'over' | 'begun' | 'to come';
  /** Hours by which it may end later without the whole ending later; null where it is over. */
  readonly slackHours: number | null;
  /** The whole ends later where this does. */
  readonly critical: boolean;
}

export interface Forecast {
  /** Milliseconds since 1970: when the first task began, or now. */
  readonly from: number;
  readonly now: number;
  readonly end: number;
  /** Hours that one estimated hour takes; null where nothing tells yet: estimates are taken as they are. */
  readonly pace: number | null;
  /** Estimated hours, at their high end. */
  readonly totalHours: number;
  readonly doneHours: number;
  /** Hours from now to the end. */
  readonly hoursLeft: number;
  /** How long the plan takes by its estimates alone, with the agents that it has. */
  readonly plannedHours: number;
  /** Tasks that are left and hold the end up, in their order. */
  readonly critical: readonly string[];
  /** Without an estimate: they count as much as the others do on average. */
  readonly guessed: number;
  /** Tasks that failed, taken as begun anew. */
  readonly failed: number;
  readonly tasks: ReadonlyMap<string, TaskForecast>;
  /** Gates, milestones and phases: when they were, or will be, reached. */
  readonly nodes: ReadonlyMap<string, number>;
}

interface Known {
  readonly analysis: PlanAnalysis | null;
  readonly plannedHours: number;
}

const known = new WeakMap<Plan, Known>();

/** Worked out once for each plan. `analysis` null: the plan waits for itself. */
export function plannedOf(plan: Plan): Known {
  const found = known.get(plan);
  if (found) return found;
  const analysis = analysePlan(plan);
  const made = { analysis, plannedHours: analysis ? schedule(analysis).hours : 0 };
  known.set(plan, made);
  return made;
}

const made = new WeakMap<Work, Forecast>();
/** A forecast is not that exact: time alone makes a new one only this often. */
const FRESH_MS = 15_000;

/** @param now milliseconds since 1970 */
export function forecastOf(standing: Standing, now: number): Forecast | null {
  const { work } = standing;
  const before = made.get(work);
  if (before && now >= before.now && now - before.now < FRESH_MS) return before;
  const { analysis, plannedHours } = plannedOf(work.plan);
  if (analysis === null) return null;
  const forecast = makeForecast(standing, analysis, plannedHours, now);
  made.set(work, forecast);
  return forecast;
}

/** Estimated hours of each node that is to be done; what has no estimate counts as the others do on average, else as one. */
function weights({ work }: Standing, { graph }: PlanAnalysis): { readonly hours: number[]; readonly guessed: number } {
  const active = (id: string): boolean => own(work.tasks, id)?.active !== false;
  const given = work.plan.tasks.flatMap(({ id, estimateHours }) =>
    estimateHours === null || !active(id) ? [] : [estimateHours[1]],
  );
  const usual = given.length === 0 ? 1 : given.reduce((sum, one) => sum + one, 0) / given.length;
  let guessed = 0;
  const hours = graph.nodes.map(({ task }) => {
    if (task === null || !active(task.id)) return 0;
    if (task.estimateHours === null) guessed++;
    return task.estimateHours?.[1] ?? usual;
  });
  return { hours, guessed };
}

/** Part of it that is done, 0 to 1. */
function shareDone(work: TaskWork): number {
  const { stage, progress } = work;
  if (stage === 'done' || stage === 'verifying' || stage === 'landing') return 1;
  return isInHand(work) ? Math.min(100, Math.max(0, progress)) / 100 : 0;
}

function makeForecast(standing: Standing, analysis: PlanAnalysis, plannedHours: number, now: number): Forecast {
  const { graph } = analysis;
  const { hours: estimates, guessed } = weights(standing, analysis);
  const works = graph.nodes.map(({ task }) => (task && own(standing.work.tasks, task.id)) ?? null);
  const pace = paceOf(works, estimates, now);
  const left = works.map((work, at) => (work ? hoursLeft(work, estimates[at]!, pace ?? 1, now) : 0));
  const begun = new Set(works.flatMap((work, at) => (work && isInHand(work) ? [at] : [])));
  const over = (at: number): boolean => works[at]?.stage === 'done';
  const agents = graph.nodes.map(({ task }, at) => {
    if (task === null || over(at) || left[at] === 0) return null;
    return works[at]?.agent ?? agentFor(standing, task.id) ?? task.id;
  });
  const starts = placeNodes(analysis, { hours: left, agent: (at) => agents[at]!, begun });
  const ends = starts.map((start, at) => start + left[at]!);
  const hoursToEnd = ends.reduce((most, end) => Math.max(most, end), 0);
  const slack = slackOf(analysis, { starts, ends, agents, begun, end: hoursToEnd });
  const tasks = new Map<string, TaskForecast>();
  const nodes = new Map<string, number>();
  const critical: { readonly id: string; readonly start: number }[] = [];
  let doneHours = 0;
  graph.nodes.forEach(({ id, task }, at) => {
    const work = works[at];
    if (!task || !work) {
      nodes.set(id, now + starts[at]! * HOUR);
      return;
    }
    if (!work.active) return;
    doneHours += shareDone(work) * estimates[at]!;
    const isCritical = !over(at) && left[at]! > 0 && slack[at]! < 0.005;
    if (isCritical) critical.push({ id, start: starts[at]! });
    tasks.set(id, {
      id,
      start: over(at) || begun.has(at) ? (work.startedAt ?? work.endedAt ?? now) : now + starts[at]! * HOUR,
      end: over(at) ? (work.endedAt ?? now) : now + ends[at]! * HOUR,
      stage: over(at) ? 'over' : begun.has(at) ? 'begun' : 'to come',
      slackHours: over(at) ? null : round(slack[at]!),
      critical: isCritical,
    });
  });
  const from = works.reduce((least, work) => Math.min(least, work?.startedAt ?? now), now);
  const lastEnd = works.reduce((most, work) => Math.max(most, work?.endedAt ?? 0), 0);
  return {
    from,
    now,
    end: hoursToEnd === 0 && lastEnd > 0 ? lastEnd : now + hoursToEnd * HOUR,
    pace,
    totalHours: round(estimates.reduce((sum, one) => sum + one, 0)),
    doneHours: round(doneHours),
    hoursLeft: round(hoursToEnd),
    plannedHours,
    critical: critical.toSorted((a, b) => a.start - b.start).map(({ id }) => id),
    guessed,
    failed: works.filter((work) => work?.stage === 'failed').length,
    tasks,
    nodes,
  };
}

/** What has been done, in hours that passed over hours that were estimated. */
function paceOf(works: readonly (TaskWork | null)[], estimates: readonly number[], now: number): number | null {
  let [passed, estimated] = [0, 0];
  works.forEach((work, at) => {
    if (!work || work.startedAt === null) return;
    const share = shareDone(work);
    if (share === 0 || (work.stage === 'done' && work.endedAt === null)) return;
    passed += ((work.stage === 'done' ? work.endedAt! : now) - work.startedAt) / HOUR;
    estimated += share * estimates[at]!;
  });
  return estimated > 0 && passed > 0 ? passed / estimated : null;
}

/** Hours from now on, at this pace. */
function hoursLeft(work: TaskWork, estimate: number, pace: number, now: number): number {
  if (!work.active) return 0;
  const share = shareDone(work);
  if (share > 0) return (1 - share) * estimate * pace;
  const passed = isInHand(work) && work.startedAt !== null ? (now - work.startedAt) / HOUR : 0;
  return Math.max(0, estimate * pace - passed);
}
