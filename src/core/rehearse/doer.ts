import { COORDINATOR, type Plan } from '../plan/model.ts';
import type { PlanTask } from '../plan/sections/task.ts';

/** The agent that does the task by the plan; null: a person. */
export function doerOf(plan: Plan, { agent }: PlanTask): string | null {
  return agent === COORDINATOR && !plan.agents.some(({ id }) => id === COORDINATOR) ? null : agent;
}
