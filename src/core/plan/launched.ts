import type { Plan } from './model.ts';
import type { PlanLaunchStep } from './sections/working.ts';

/** Tasks that a step of the launch starts: its own, those of its phases and milestones, those of its agents. */
export function launchedTasks(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  { start }: PlanLaunchStep,
): readonly string[] {
  const named = start.flatMap((id) => {
    const group = members.get(id);
    if (group) return group;
    if (plan.tasks.some((task) => task.id === id)) return [id];
    return plan.tasks.filter(({ agent }) => agent === id).map((task) => task.id);
  });
  return [...new Set(named)];
}
