/** What comes before what: a plan that waits for itself is refused, so that nothing may be written that closes a circle. */
import type { Draft } from './draft.ts';
import type { ResolvedDependency, Resolver } from './resolve.ts';

/** Which tasks, milestones and phases must be over before others. */
export class Order {
  readonly #before = new Map<string, Set<string>>();

  add(first: string, then: string): void {
    this.#before.set(then, (this.#before.get(then) ?? new Set()).add(first));
  }

  /** True for one and the same, too. */
  isBefore(first: string, then: string): boolean {
    const seen = new Set([then]);
    for (const at of seen) for (const next of this.#before.get(at) ?? []) seen.add(next);
    return seen.has(first);
  }
}

/** The dependency that closes a circle is left out, and told; one that is only preferred just is left out. */
export function dropCircles(
  draft: Draft,
  waits: Map<string, readonly ResolvedDependency[]>,
  resolver: Resolver,
): Order {
  const order = new Order();
  for (const { id, tasks } of draft.milestones) for (const task of tasks) order.add(task, id);
  for (const { id, phase } of draft.tasks) if (phase !== null) order.add(id, phase);
  const members = new Map(draft.milestones.map(({ id, tasks }) => [id, [id, ...tasks]]));
  const nodesOf = (id: string): readonly string[] => members.get(id) ?? [id];
  for (const [id, list] of waits) {
    const kept = list.filter(({ target, soft, from }) => {
      if (soft) return true;
      if (nodesOf(id).some((node) => order.isBefore(node, target))) {
        resolver.note(from, `${id} waits for ${target}, which waits for ${id}: left out`);
        return false;
      }
      for (const node of nodesOf(id)) order.add(target, node);
      return true;
    });
    waits.set(id, kept);
  }
  for (const [id, list] of waits) {
    const closes = (target: string): boolean => nodesOf(id).some((node) => order.isBefore(node, target));
    waits.set(
      id,
      list.filter(({ target, soft }) => !soft || !closes(target)),
    );
  }
  return order;
}
