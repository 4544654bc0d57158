/** How long things take in a rehearsal. */
import { analysePlan } from '../plan/check/figures.ts';
import type { Plan } from '../plan/model.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { schedule } from '../plan/show/schedule.ts';

const HOUR_MS = 3_600_000;
/** Work of all agents one beside the other, as the schedule has it; proofs and landings come on top. */
const WHOLE_MS = 6_000;
const LEAST_MS = 120;

/** Hours between the two ends of the estimate; those of the others on average where it has none. */
export function taskHours(plan: Plan, task: PlanTask): number {
  if (task.estimateHours !== null) return middle(task.estimateHours);
  const known = plan.tasks.flatMap(({ estimateHours }) => (estimateHours === null ? [] : [middle(estimateHours)]));
  return known.length === 0 ? 1 : known.reduce((sum, hours) => sum + hours, 0) / known.length;
}

function middle([low, high]: readonly [number, number]): number {
  return (low + high) / 2;
}

/** How many times faster than life, so that the whole plan takes some seconds of work. */
export function defaultSpeed(plan: Plan): number {
  const analysis = analysePlan(plan);
  const hours = analysis === null ? 0 : schedule(analysis).hours;
  const any = hours > 0 ? hours : plan.tasks.reduce((sum, task) => sum + taskHours(plan, task), 0);
  return Math.max(1, Math.round((any * HOUR_MS) / WHOLE_MS));
}

export function taskMs(plan: Plan, task: PlanTask, speed: number): number {
  return Math.max(LEAST_MS, (taskHours(plan, task) * HOUR_MS) / speed);
}
