/** What a task waits for, and whether it is there. */
import type { Plan } from '../plan/model.ts';
import type { PlanDependency } from '../plan/sections/task.ts';
import { own, type Work } from '../model/work.ts';
import type { Todo } from '../model/state.ts';
import type { PlanIndex } from './plan-index.ts';
import { phaseGate } from './gates.ts';

export type Need =
  | { readonly on: 'task'; readonly id: string; readonly how: 'done' | 'started' }
  | { readonly on: 'part'; readonly id: string; readonly percent: number }
  /** Todos of a task. */
  | { readonly on: 'todos'; readonly id: string; readonly todos: readonly string[] }
  | { readonly on: 'gate'; readonly id: string }
  /** A milestone or phase as a whole. */
  | { readonly on: 'group'; readonly id: string; readonly how: 'done' | 'started' }
  | { readonly on: 'handover'; readonly id: string };

/** What needs are looked up in. */
export interface Standing {
  readonly work: Work;
  readonly index: PlanIndex;
  /** Ids of todos that are ticked. */
  readonly ticked: ReadonlySet<string>;
}

const tickedBy = new WeakMap<readonly Todo[], ReadonlySet<string>>();

/** Remembered by the list itself, which never changes. */
export function tickedTodos(todos: readonly Todo[]): ReadonlySet<string> {
  const known = tickedBy.get(todos);
  if (known) return known;
  const ticked = new Set(todos.flatMap(({ id, done }) => (done ? [id] : [])));
  tickedBy.set(todos, ticked);
  return ticked;
}

export function needsOf(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  isGate: (id: string) => boolean,
  dependency: PlanDependency,
): readonly Need[] {
  const { target, on, percent, deliverables } = dependency;
  const group = members.get(target);
  if (isGate(target)) return [{ on: 'gate', id: target }];
  if (on === 'partial') {
    const tasks = plan.tasks.filter(({ id }) => id === target || group?.includes(id));
    if (percent !== null) return tasks.map(({ id }) => ({ on: 'part', id, percent }));
    return tasks.flatMap((task): readonly Need[] => {
      const todos = task.deliverables.filter(({ text }) => deliverables.includes(text)).map(({ id }) => id);
      return todos.length === 0 ? [] : [{ on: 'todos', id: task.id, todos }];
    });
  }
  // What is done has landed, where its work lands at all.
  const how = on === 'started' ? 'started' : 'done';
  return [group === undefined ? { on: 'task', id: target, how } : { on: 'group', id: target, how }];
}

/** True where the gate holds nothing back any more. */
export function isSettled({ work, index }: Standing, id: string): boolean {
  const state = own(work.gates, id)?.state;
  if (state === 'passed' || state === 'waived') return true;
  const onFail = index.gates.get(id)?.onFail;
  return state === 'failed' && onFail?.kind === 'fallback' && own(work.tasks, onFail.task)?.stage === 'done';
}

export function isMet(standing: Standing, need: Need): boolean {
  const { work, index, ticked } = standing;
  const task = own(work.tasks, need.id);
  switch (need.on) {
    case 'task':
      return need.how === 'done' ? task?.stage === 'done' : hasBegun(standing, need.id);
    case 'part':
      return task?.stage === 'done' || (task !== undefined && task.progress >= need.percent);
    case 'todos':
      return task?.stage === 'done' || need.todos.every((id) => ticked.has(id));
    case 'gate':
      return isSettled(standing, need.id);
    case 'group':
      if (need.how === 'started') return (index.members.get(need.id) ?? []).some((id) => hasBegun(standing, id));
      return isGroupDone(standing, need.id);
    case 'handover':
      return (own(work.handovers, need.id)?.givenAt ?? null) !== null;
  }
}

function hasBegun({ work }: Standing, id: string): boolean {
  const task = own(work.tasks, id);
  return task !== undefined && (task.startedAt !== null || task.stage === 'done');
}

/** A milestone that is reached; a phase whose tasks are done and whose end was proved. */
export function isGroupDone(standing: Standing, id: string): boolean {
  const { work, index } = standing;
  const milestone = own(work.milestones, id);
  if (milestone) return milestone.reachedAt !== null;
  const ended = index.gates.has(phaseGate(id)) ? isSettled(standing, phaseGate(id)) : true;
  return ended && areDone(standing, index.members.get(id) ?? []);
}

/** Tasks, milestones, phases and gates by their ids; tasks for the case of need that was never, count as done. */
export function areDone(standing: Standing, ids: readonly string[]): boolean {
  const { work, index } = standing;
  return ids.every((id) => {
    const task = own(work.tasks, id);
    if (task) return task.stage === 'done' || !task.active;
    return index.gates.has(id) ? isSettled(standing, id) : isGroupDone(standing, id);
  });
}
