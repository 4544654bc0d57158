/** What proves that a task is done, and the todos of a plan. */
import type { Todo } from '../model/state.ts';
import { DEFAULT_HEALTH_TIMEOUT_MS, healthCommandText, type HealthCommand, type Plan } from '../plan/model.ts';
import type { PlanItem } from '../plan/sections/item.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { checklistItems, checklistOf, proofOf } from './gates.ts';

export interface TaskCheck {
  /** In words. */
  readonly text: string;
  readonly run: HealthCommand;
  readonly timeoutMs: number;
  readonly todo: string | null;
  readonly path: string | null;
}

/** The lines of "after each task" checklists, each with an id of this task's own. */
export function afterTask(plan: Plan, task: string): readonly PlanItem[] {
  return checklistItems(plan, 'after-task').map((item) => ({ ...item, id: `${item.id}.${task}` }));
}

/** In order; all must hold. None where only somebody's word can tell. */
export function taskChecks(plan: Plan, task: PlanTask): readonly TaskCheck[] {
  const timeoutMs = DEFAULT_HEALTH_TIMEOUT_MS;
  const items = [...task.deliverables, ...task.acceptance, ...afterTask(plan, task.id)];
  return [
    ...task.validation.map((run) => ({ text: healthCommandText(run), run, timeoutMs, todo: null, path: null })),
    ...items.flatMap((item) => {
      const proof = proofOf(item);
      return proof === null ? [] : [{ text: item.text, ...proof, timeoutMs, todo: item.id }];
    }),
  ];
}

/** Todos that a report of its agent vouches for: those that nothing proves. */
export function vouchedTodos({ deliverables, acceptance }: PlanTask): readonly string[] {
  return [...deliverables, ...acceptance].flatMap((item) => (proofOf(item) === null ? [item.id] : []));
}

/** Every line of the plan's own that is ticked off, as it stands before anything was done. */
export function planTodos(plan: Plan): readonly Todo[] {
  const todos: Todo[] = [];
  const add = (items: readonly PlanItem[], kind: Todo['kind'], task: string | null, agent: string | null): void => {
    for (const { id, text, done, verify, path } of items) {
      const proof = verify === null ? path : healthCommandText(verify);
      todos.push({ id, text, done, task, agent, by: null, at: null, kind, proof });
    }
  };
  for (const task of plan.tasks) {
    add(task.deliverables, 'deliverable', task.id, task.agent);
    add(task.acceptance, 'acceptance', task.id, task.agent);
    add(afterTask(plan, task.id), 'checklist', task.id, task.agent);
  }
  for (const { id, deliverables, owner } of plan.milestones) {
    add(deliverables, 'deliverable', null, owner);
    add(checklistOf(plan, id), 'checklist', null, owner);
  }
  for (const { success } of plan.phases) add(success, 'acceptance', null, null);
  add(checklistItems(plan, 'end'), 'checklist', null, null);
  add(plan.success, 'acceptance', null, null);
  return todos;
}
