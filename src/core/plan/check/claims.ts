/** Files that two tasks both change though nothing keeps them apart in time. */
import type { Plan } from '../model.ts';
import type { Places } from '../places.ts';
import type { PlanTask } from '../sections/task.ts';
import type { ProblemList } from '../tree.ts';
import type { PlanGraph, Reach } from './graph.ts';

interface Claim {
  readonly task: PlanTask;
  readonly path: string;
  readonly item: number;
}

/** The part of a glob or folder that all its files begin with; null: it is one file. */
export function prefixOf(path: string): string | null {
  const wild = path.search(/[*?[{]/);
  if (wild >= 0) return path.slice(0, path.lastIndexOf('/', wild) + 1);
  return path.endsWith('/') ? path : null;
}

/** True where two claims may mean one file. */
export function meets(a: string, b: string): boolean {
  if (a === b) return true;
  const [wideA, wideB] = [prefixOf(a), prefixOf(b)];
  if (wideA === null && wideB === null) return false;
  return (wideA !== null && within(b, wideA, a)) || (wideB !== null && within(a, wideB, b));
}

function within(path: string, prefix: string, pattern: string): boolean {
  if (!path.startsWith(prefix)) return false;
  const ending = /\*(\.[A-Za-z0-9.]+)$/.exec(pattern)?.[1];
  // `src/*.ts` and `src/a.md` never meet.
  return ending === undefined || prefixOf(path) !== null || path.endsWith(ending);
}

/** One agent does one task at a time, and an order between two tasks keeps them apart: neither counts. */
export function checkClaims(plan: Plan, graph: PlanGraph, reach: Reach, places: Places, problems: ProblemList): void {
  const told = new Set<string>();
  const test = (a: Claim, b: Claim): void => {
    if (a.task.id === b.task.id || (a.task.agent !== null && a.task.agent === b.task.agent)) return;
    if (graph.spare.has(a.task.id) || graph.spare.has(b.task.id)) return;
    const [x, y] = [graph.index.get(a.task.id)!, graph.index.get(b.task.id)!];
    if (reach.precedes(x, y) || reach.precedes(y, x)) return;
    const key = `${a.path}\n${b.path}`;
    if (told.has(key)) return;
    told.add(key);
    const what = a.path === b.path ? `"${b.path}"` : `"${b.path}" (with "${a.path}")`;
    const remedy = `let one depend on the other, or leave the file to one of them`;
    problems.warning(
      places.field(b.task.files, b.item),
      `${what} is claimed by tasks "${a.task.id}" and "${b.task.id}", which no order keeps apart; ${remedy}`,
    );
  };
  const exact = new Map<string, Claim[]>();
  const wide: Claim[] = [];
  for (const task of plan.tasks) {
    task.files.forEach((path, item) => {
      const claim = { task, path, item };
      for (const other of exact.get(path) ?? []) test(other, claim);
      for (const other of wide) if (other.path !== path && meets(other.path, path)) test(other, claim);
      if (prefixOf(path) !== null) {
        for (const [key, others] of exact)
          if (key !== path && meets(key, path)) others.forEach((one) => test(one, claim));
        wide.push(claim);
      }
      exact.set(path, [...(exact.get(path) ?? []), claim]);
    });
  }
}
