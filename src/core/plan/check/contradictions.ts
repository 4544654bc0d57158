/** What a plan says in two places that can't both be true. */
import type { Plan } from '../model.ts';
import type { Places } from '../places.ts';
import type { PlanExpected } from '../sections/outside.ts';
import type { ProblemList } from '../tree.ts';
import type { PlanFigures } from './figures.ts';
import { membersOf } from './graph.ts';
import type { PlanGraph, Reach } from './graph.ts';

export function checkContradictions(
  plan: Plan,
  graph: PlanGraph,
  reach: Reach,
  places: Places,
  problems: ProblemList,
): void {
  const ordered = (a: string, b: string): readonly [string, string] | null => {
    const [x, y] = [graph.index.get(a)!, graph.index.get(b)!];
    if (reach.precedes(x, y)) return [a, b];
    return reach.precedes(y, x) ? [b, a] : null;
  };
  for (const task of plan.tasks) {
    task.runsBeside.forEach((other, item) => {
      const order = ordered(task.id, other);
      if (!order && other !== task.id) return;
      const why = order ? `"${order[1]}" waits for "${order[0]}"` : 'that is itself';
      const message = `task "${task.id}" is to run beside "${other}", but ${why}; take one of the two out`;
      problems.error(places.field(task.runsBeside, item), message);
    });
  }
  const members = membersOf(plan);
  for (const phase of plan.phases.filter(({ parallel }) => parallel)) {
    const tasks = members.get(phase.id) ?? [];
    const order = tasks.flatMap((a, i) => tasks.slice(i + 1).flatMap((b) => [ordered(a, b) ?? []].filter(isPair)))[0];
    if (!order) continue;
    const why = `"${order[1]}" waits for "${order[0]}"`;
    const message = `the tasks of phase "${phase.id}" are to run in parallel, but ${why}; take one of the two out`;
    problems.error(places.field(phase, 'parallel'), message);
  }
  checkPhaseOrder(plan, places, problems);
}

function isPair(pair: readonly string[]): pair is readonly [string, string] {
  return pair.length === 2;
}

/** A task that waits for one of a later phase can't belong to the earlier. */
function checkPhaseOrder(plan: Plan, places: Places, problems: ProblemList): void {
  const rank = new Map(plan.phases.map(({ id }, at) => [id, at]));
  const phaseOf = new Map(plan.tasks.map(({ id, phase }) => [id, phase]));
  for (const task of plan.tasks) {
    const own = task.phase === null ? undefined : rank.get(task.phase);
    if (own === undefined) continue;
    for (const dependency of task.dependsOn) {
      const other = phaseOf.get(dependency.target);
      const theirs = other === undefined || other === null ? rank.get(dependency.target) : rank.get(other);
      if (theirs === undefined || theirs <= own || dependency.soft) continue;
      const message = `task "${task.id}" of phase "${task.phase}" waits for "${dependency.target}" of a later phase; move one of them`;
      problems.error(places.of(dependency), message);
    }
  }
}

/** Figures that the plan is said to have, against those it has. */
export function checkExpected(plan: Plan, figures: PlanFigures, places: Places, problems: ProblemList): void {
  if (plan.expected === null) return;
  for (const key of Object.keys(plan.expected) as (keyof PlanExpected)[]) {
    const wanted = plan.expected[key];
    if (wanted === null) continue;
    const found = figures[key];
    const same = typeof wanted === 'number' ? wanted === found : String(wanted) === String(found);
    if (same) continue;
    const show = (value: number | readonly number[]) => (typeof value === 'number' ? `${value}` : value.join(' to '));
    const message = `"${key}" is expected to be ${show(wanted)}, but the plan comes to ${show(found)}; mend one of them`;
    problems.error(places.field(plan.expected, key), message);
  }
}
