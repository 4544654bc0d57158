import type { State, Todo } from '../../core/model/state.ts';
import { own } from '../../core/model/work.ts';
import { type PlanEntry, timeEntries, todosOfTasks, treeEntries } from '../plan/entries.ts';
import type { UiState } from './ui-state.ts';

type Facts = { readonly ui: UiState; readonly state: State };

/** The lines of the plan screen as it is open now. */
export function planEntries({ ui, state }: Facts): readonly PlanEntry[] {
  if (ui.popup?.kind !== 'plan') return [];
  return ui.popup.view === 'tree' ? treeEntries(state, ui.popup.folds) : timeEntries(state);
}

export function markedEntry(facts: Facts): PlanEntry | null {
  const { popup } = facts.ui;
  if (popup?.kind !== 'plan') return null;
  const entries = planEntries(facts);
  // The list may have become shorter since.
  return entries[Math.min(popup.index, entries.length - 1)] ?? null;
}

/** Id of the task that keys are about: the marked one, the one of the marked todo, the one whose page is open. */
export function markedTask(facts: Facts): string | null {
  const { popup } = facts.ui;
  const entry = markedEntry(facts);
  const id = popup?.kind === 'task' ? popup.task : entry?.kind === 'task' ? entry.id : null;
  const found = id ?? (entry?.kind === 'todo' ? entry.todo.task : null);
  return found !== null && own(facts.state.work?.tasks ?? {}, found) ? found : null;
}

/** Id of the gate that is marked, or whose dialog is open. */
export function markedGate(facts: Facts): string | null {
  const { popup } = facts.ui;
  const entry = markedEntry(facts);
  const id = popup?.kind === 'gate' ? popup.gate : entry?.kind === 'gate' ? entry.id : null;
  return id !== null && own(facts.state.work?.gates ?? {}, id) ? id : null;
}

/** The todo that is marked in the tree or on the page of a task, whose first lines are its todos. */
export function markedPlanTodo(facts: Facts): Todo | null {
  const { popup } = facts.ui;
  if (popup?.kind === 'task') return todosOfTasks(facts.state.todos).get(popup.task)?.[popup.index] ?? null;
  const entry = markedEntry(facts);
  return entry?.kind === 'todo' ? entry.todo : null;
}

/** The pane whose last lines stand on the page of a task; null: none does. */
export function quotedPane({ popup }: UiState, { work, agents }: State): number | null {
  if (popup?.kind !== 'task' || work === null) return null;
  const agent = own(work.tasks, popup.task)?.agent ?? null;
  return (agent === null ? undefined : own(agents, agent)?.pane) ?? null;
}
