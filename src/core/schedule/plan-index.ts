/** The plan as the scheduler looks things up in it: worked out once for each plan. */
import type { Plan } from '../plan/model.ts';
import { nodeHours } from '../plan/check/critical.ts';
import { launchedTasks } from '../plan/launched.ts';
import { membersOf, planGraph, topologicalOrder } from '../plan/check/graph.ts';
import { PRIORITIES, type PlanDependency, type PlanTask } from '../plan/sections/task.ts';
import type { PlanMilestone } from '../plan/sections/stages.ts';
import { milestoneGate, scheduledGates, type ScheduledGate } from './gates.ts';
import { needsOf, type Need } from './needs.ts';

export interface PlanIndex {
  readonly tasks: ReadonlyMap<string, PlanTask>;
  readonly gates: ReadonlyMap<string, ScheduledGate>;
  readonly milestones: ReadonlyMap<string, PlanMilestone>;
  /** Tasks of every milestone and phase. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly handovers: ReadonlyMap<string, Plan['handovers'][number]>;
  /** By task: all must be met before it starts. */
  readonly needs: ReadonlyMap<string, readonly Need[]>;
  /** By task: tasks that go first where both could start. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Tasks in the order in which they start where all could: priority, then the work behind them, then the plan's order. */
  readonly ranked: readonly string[];
  /** Tasks that only run where a gate fails or a risk comes true. */
  readonly spare: ReadonlySet<string>;
}

const indexes = new WeakMap<Plan, PlanIndex>();

export function planIndex(plan: Plan): PlanIndex {
  const known = indexes.get(plan);
  if (known) return known;
  const made = makeIndex(plan);
  indexes.set(plan, made);
  return made;
}

/** Lasts while the ends of the handover do. */
export function handoverIds(plan: Plan): readonly string[] {
  const seen = new Map<string, number>();
  return plan.handovers.map(({ id, from, to }) => {
    const base = id ?? `${from.join('+')}-${to.join('+')}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  });
}

/** Milestone → the gates that end it. */
export function gatesOf(index: PlanIndex, milestone: PlanMilestone): readonly string[] {
  const implied = milestoneGate(milestone.id);
  return [...(milestone.gate === null ? [] : [milestone.gate]), ...(index.gates.has(implied) ? [implied] : [])];
}

function makeIndex(plan: Plan): PlanIndex {
  const members = membersOf(plan);
  const graph = planGraph(plan);
  const gates = new Map(scheduledGates(plan, members, graph.spare).map((gate) => [gate.id, gate]));
  const ids = handoverIds(plan);
  return {
    tasks: new Map(plan.tasks.map((task) => [task.id, task])),
    gates,
    milestones: new Map(plan.milestones.map((one) => [one.id, one])),
    members,
    handovers: new Map(plan.handovers.map((handover, at) => [ids[at]!, handover])),
    needs: allNeeds(plan, members, gates, ids),
    after: preferred(plan, members),
    ranked: ranked(plan, graph),
    spare: graph.spare,
  };
}

function allNeeds(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  gates: ReadonlyMap<string, ScheduledGate>,
  handovers: readonly string[],
): ReadonlyMap<string, readonly Need[]> {
  const needs = new Map<string, Need[]>(plan.tasks.map(({ id }) => [id, []]));
  const isGate = (id: string): boolean => gates.has(id);
  /** The tasks that may not start: one, or all of a milestone or phase. */
  const add = (target: string, more: readonly Need[]): void => {
    for (const id of members.get(target) ?? [target]) needs.get(id)?.push(...more);
  };
  for (const { id, dependsOn } of plan.tasks) {
    for (const one of dependsOn) if (!one.soft) add(id, needsOf(plan, members, isGate, one));
  }
  for (const { id, dependsOn } of plan.milestones) {
    for (const one of dependsOn) if (!one.soft) add(id, needsOf(plan, members, isGate, one));
  }
  for (const gate of gates.values()) for (const id of gate.before) add(id, [{ on: 'gate', id: gate.id }]);
  for (const step of plan.launch) {
    const all = step.after.flatMap((target) => needsOf(plan, members, isGate, whole(target)));
    for (const id of launchedTasks(plan, members, step)) needs.get(id)?.push(...all);
  }
  plan.handovers.forEach(({ blocking, to }, at) => {
    if (blocking) for (const id of to) add(id, [{ on: 'handover', id: handovers[at]! }]);
  });
  return needs;
}

/** All of it has to be there. */
function whole(target: string): PlanDependency {
  return { target, on: 'done', percent: null, deliverables: [], soft: false };
}

/** What goes first where both could start: by soft dependencies, and by the order of launch. */
function preferred(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const after = new Map(
    plan.tasks.map(({ id, dependsOn }) => [
      id,
      dependsOn.filter(({ soft }) => soft).flatMap(({ target }) => members.get(target) ?? [target]),
    ]),
  );
  const launched: string[] = [];
  for (const step of plan.launch) {
    const tasks = launchedTasks(plan, members, step).filter((id) => !launched.includes(id));
    for (const id of tasks) after.get(id)?.push(...launched);
    launched.push(...tasks);
  }
  return after;
}

function ranked(plan: Plan, graph: ReturnType<typeof planGraph>): readonly string[] {
  const sorted = topologicalOrder(graph);
  const hours = graph.nodes.map((_, at) => nodeHours(graph, at, 1));
  const rest = [...hours];
  // A plan that waits for itself never gets this far: `plan check` refuses it.
  for (const at of sorted.ok ? sorted.order.toReversed() : []) {
    for (const { to, share } of graph.after[at]!) rest[at] = Math.max(rest[at]!, share * hours[at]! + rest[to]!);
  }
  const keys = plan.tasks.map(({ id, priority }, at) => {
    return { id, at, priority: PRIORITIES.indexOf(priority), rest: rest[graph.index.get(id)!]! };
  });
  return keys.toSorted((a, b) => a.priority - b.priority || b.rest - a.rest || a.at - b.at).map(({ id }) => id);
}
