import type { State, Todo } from '../../core/model/state.ts';
import type { Plan } from '../../core/plan/model.ts';
import { planIndex } from '../../core/schedule/plan-index.ts';
import { plannedOf } from '../../core/select/forecast.ts';
import { schedule } from '../../core/plan/show/schedule.ts';
import { type PlanNode, planTree } from './tree.ts';

/** A line of the plan screen. */
export type PlanEntry =
  | {
      readonly kind: PlanNode['kind'];
      readonly id: string;
      readonly depth: number;
      /** null: there is nothing to fold. */
      readonly open: boolean | null;
    }
  | { readonly kind: 'todo'; readonly id: string; readonly depth: number; readonly todo: Todo };

/** What the person folded and unfolded: everything else is as it is by default. */
export type Folds = readonly string[];

/** Names a node of the tree whatever its kind. */
export function foldKey({ kind, id }: { readonly kind: PlanEntry['kind']; readonly id: string }): string {
  return `${kind} ${id}`;
}

const todosBy = new WeakMap<readonly Todo[], ReadonlyMap<string, readonly Todo[]>>();

/** Todos by their tasks; remembered by the list itself, which never changes. */
export function todosOfTasks(todos: readonly Todo[]): ReadonlyMap<string, readonly Todo[]> {
  const known = todosBy.get(todos);
  if (known) return known;
  const by = new Map<string, Todo[]>();
  for (const todo of todos) {
    if (todo.task === null) continue;
    const list = by.get(todo.task);
    if (list) list.push(todo);
    else by.set(todo.task, [todo]);
  }
  todosBy.set(todos, by);
  return by;
}

interface Made {
  readonly plan: Plan;
  readonly todos: readonly Todo[];
  readonly folds: Folds;
  readonly entries: readonly PlanEntry[];
}

/** Asked for several times a frame, and made of the whole plan: the latest is kept. */
let latest: Made | null = null;

/** The tree as lines: groups are open, tasks closed, until somebody folds them. */
export function treeEntries({ work, todos }: State, folds: Folds): readonly PlanEntry[] {
  if (work === null) return [];
  const { plan } = work;
  if (latest?.plan === plan && latest.todos === todos && latest.folds === folds) return latest.entries;
  const toggled = new Set(folds);
  const by = todosOfTasks(todos);
  const entries: PlanEntry[] = [];
  const add = (nodes: readonly PlanNode[], depth: number): void => {
    for (const node of nodes) {
      const own = node.kind === 'task' ? (by.get(node.id) ?? []) : [];
      const foldable = node.children.length + own.length > 0;
      const open = (node.kind !== 'task') !== toggled.has(foldKey(node));
      entries.push({ kind: node.kind, id: node.id, depth, open: foldable ? open : null });
      if (!foldable || !open) continue;
      for (const todo of own) entries.push({ kind: 'todo', id: todo.id, depth: depth + 1, todo });
      add(node.children, depth + 1);
    }
  };
  add(planTree(plan), 0);
  latest = { plan, todos, folds, entries };
  return entries;
}

const lists = new WeakMap<Plan, readonly PlanEntry[]>();

/** Tasks, gates and handovers in the order in which the plan has them: a line stays where it is while time goes by. */
export function timeEntries({ work }: State): readonly PlanEntry[] {
  if (work === null) return [];
  const { plan } = work;
  const known = lists.get(plan);
  if (known) return known;
  const index = planIndex(plan);
  const { analysis } = plannedOf(plan);
  const placed = new Map((analysis ? schedule(analysis).tasks : []).map((task, at) => [task.id, { ...task, at }]));
  const rows: { readonly entry: PlanEntry; readonly at: number; readonly rank: number }[] = [];
  const add = (kind: 'task' | 'gate' | 'handover', id: string, at: number): void => {
    rows.push({ entry: { kind, id, depth: 0, open: null }, at, rank: placed.get(id)?.at ?? Number.POSITIVE_INFINITY });
  };
  /** What must be over first: hours since the start. */
  const endOf = (ids: readonly string[]): number =>
    ids.reduce((most, id) => {
      const tasks = index.members.get(id) ?? [id];
      return Math.max(most, ...tasks.map((task) => placed.get(task)?.end ?? 0));
    }, 0);
  for (const { id } of plan.tasks) add('task', id, placed.get(id)?.start ?? Number.POSITIVE_INFINITY);
  for (const { id, after } of index.gates.values()) add('gate', id, endOf(after));
  for (const [id, { from }] of index.handovers) add('handover', id, endOf(from));
  const entries = rows.toSorted((a, b) => order(a.at, b.at) || order(a.rank, b.rank)).map(({ entry }) => entry);
  lists.set(plan, entries);
  return entries;
}

/** Also where both are infinite. */
function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
