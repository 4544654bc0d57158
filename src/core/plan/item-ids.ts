/** Ids for lines that are ticked off: from their text and whose they are, so that they last while both do. */
import type { Places } from './places.ts';
import type { PlanItem } from './sections/item.ts';
import type { SECTIONS } from './sections/all.ts';
import type { ReadFields } from './shape/record.ts';
import type { TodoReader } from './validate-todo.ts';

type Sections = ReadFields<typeof SECTIONS>;

/** The same sections with an id in every line. */
export function withItemIds(sections: Sections, todos: TodoReader, places: Places): Sections {
  const named = (items: readonly PlanItem[], owner: string): readonly PlanItem[] =>
    places.copy(
      items,
      items.map((item) => ({ ...item, id: todos.idOf(owner, item.text) })),
    );
  /** A list whose members are made anew, with the places of both kept. */
  const each = <T extends object>(list: readonly T[], make: (entry: T) => T): readonly T[] =>
    places.copy(
      list,
      list.map((entry) => places.copy(entry, make(entry))),
    );
  return {
    ...sections,
    tasks: each(sections.tasks, (task) => ({
      ...task,
      deliverables: named(task.deliverables, `deliverable of ${task.id}`),
      acceptance: named(task.acceptance, `acceptance of ${task.id}`),
    })),
    milestones: each(sections.milestones, (milestone) => ({
      ...milestone,
      deliverables: named(milestone.deliverables, `deliverable of ${milestone.id}`),
    })),
    phases: each(sections.phases, (phase) => ({ ...phase, success: named(phase.success, `phase ${phase.id}`) })),
    checklists: each(sections.checklists, (list) => ({ ...list, items: named(list.items, `checklist ${list.id}`) })),
    success: named(sections.success, 'success'),
  };
}
