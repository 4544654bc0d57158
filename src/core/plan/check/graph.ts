/** The plan as a graph: tasks, gates, and the ends of milestones and phases, with what each waits for. */
import { launchedTasks } from '../launched.ts';
import type { Plan } from '../model.ts';
import type { PlanDependency, PlanTask } from '../sections/task.ts';

export interface GraphNode {
  readonly id: string;
  readonly kind: 'task' | 'gate' | 'milestone' | 'phase';
  /** null but for tasks. */
  readonly task: PlanTask | null;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Part of what is waited for that must be there: 1 all of it, 0 its start. */
  readonly share: number;
  /** The object whose place is that of the edge: a dependency, a gate, a milestone. */
  readonly source: object;
}

export interface PlanGraph {
  readonly nodes: readonly GraphNode[];
  readonly index: ReadonlyMap<string, number>;
  readonly edges: readonly GraphEdge[];
  /** Edges by the node they end at, and by the one they begin at. */
  readonly before: readonly (readonly GraphEdge[])[];
  readonly after: readonly (readonly GraphEdge[])[];
  /** Tasks that only run where a gate fails or a risk comes true. */
  readonly spare: ReadonlySet<string>;
}

/** Builds the graph. References that lead nowhere are left out: `checkNames` tells of them. */
export function planGraph(plan: Plan): PlanGraph {
  const nodes: GraphNode[] = [
    ...plan.tasks.map((task): GraphNode => ({ id: task.id, kind: 'task', task })),
    ...plan.gates.map(({ id }): GraphNode => ({ id, kind: 'gate', task: null })),
    ...plan.milestones.map(({ id }): GraphNode => ({ id, kind: 'milestone', task: null })),
    ...plan.phases.map(({ id }): GraphNode => ({ id, kind: 'phase', task: null })),
  ];
  const index = new Map<string, number>();
  nodes.forEach(({ id }, at) => {
    if (!index.has(id)) index.set(id, at);
  });
  const edges: GraphEdge[] = [];
  const add = (from: string, to: string, share: number, source: object): void => {
    const [a, b] = [index.get(from), index.get(to)];
    if (a !== undefined && b !== undefined) edges.push({ from: a, to: b, share, source });
  };
  const members = membersOf(plan);
  /** What may not start before something: a task itself, or all tasks of a milestone or phase. */
  const starts = (id: string): readonly string[] => members.get(id) ?? [id];
  for (const task of plan.tasks) {
    for (const dependency of task.dependsOn) {
      for (const { id, share } of sourcesOf(plan, members, dependency)) add(id, task.id, share, dependency);
    }
    if (task.phase !== null) add(task.id, task.phase, 1, task);
  }
  for (const milestone of plan.milestones) {
    for (const id of milestone.tasks) add(id, milestone.id, 1, milestone);
    if (milestone.gate !== null) add(milestone.gate, milestone.id, 1, milestone);
    if (milestone.gate !== null) for (const id of milestone.tasks) add(id, milestone.gate, 1, milestone);
    for (const dependency of milestone.dependsOn) {
      for (const { id: from, share } of sourcesOf(plan, members, dependency)) {
        for (const id of [...milestone.tasks, milestone.id]) add(from, id, share, dependency);
      }
    }
  }
  for (const gate of plan.gates) {
    for (const id of gate.after) add(id, gate.id, 1, gate);
    for (const id of gate.before.flatMap(starts)) add(gate.id, id, 1, gate);
  }
  for (const handover of plan.handovers.filter(({ blocking }) => blocking)) {
    for (const from of handover.from) for (const to of handover.to) add(from, to, 1, handover);
  }
  for (const step of plan.launch) {
    for (const to of launchedTasks(plan, members, step)) for (const from of step.after) add(from, to, 1, step);
  }
  const before: GraphEdge[][] = nodes.map(() => []);
  const after: GraphEdge[][] = nodes.map(() => []);
  for (const edge of edges) {
    before[edge.to]!.push(edge);
    after[edge.from]!.push(edge);
  }
  return { nodes, index, edges, before, after, spare: spareTasks(plan) };
}

/** Tasks of every milestone and phase, by its id. */
export function membersOf(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>(plan.phases.map(({ id }) => [id, []]));
  for (const { id, phase } of plan.tasks) if (phase !== null) members.get(phase)?.push(id);
  for (const { id, tasks } of plan.milestones) members.set(id, [...tasks]);
  return members;
}

function spareTasks(plan: Plan): ReadonlySet<string> {
  const spare = new Set<string>();
  for (const { onFail } of plan.gates) if (onFail.kind === 'fallback') spare.add(onFail.task);
  for (const { fallback } of plan.risks) if (fallback !== null) spare.add(fallback);
  return spare;
}

interface EdgeSource {
  readonly id: string;
  readonly share: number;
}

/**
 * What a dependency waits for. A group is waited for as a whole; a part of it means that part of its tasks, or the tasks
 * that make the deliverables in question.
 */
function sourcesOf(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  { target, on, percent, deliverables, soft }: PlanDependency,
): readonly EdgeSource[] {
  if (soft) return [];
  if (on === 'done' || on === 'landed') return [{ id: target, share: 1 }];
  const group = members.get(target);
  if (on === 'started') return [{ id: group?.[0] ?? target, share: 0 }];
  if (percent !== null) return (group ?? [target]).map((id) => ({ id, share: percent / 100 }));
  const own = plan.milestones.find(({ id }) => id === target)?.deliverables ?? [];
  const ofGroup = own.filter(({ text }) => deliverables.includes(text)).length;
  // What belongs to the milestone and to none of its tasks comes as they go on.
  if (ofGroup > 0) return (group ?? []).map((id) => ({ id, share: ofGroup / own.length }));
  return plan.tasks.flatMap((task): readonly EdgeSource[] => {
    if (task.id !== target && !group?.includes(task.id)) return [];
    const needed = task.deliverables.filter(({ text }) => deliverables.includes(text)).length;
    return needed === 0 ? [] : [{ id: task.id, share: needed / task.deliverables.length }];
  });
}

export type Order =
  | { readonly ok: true; readonly order: readonly number[] }
  /** `cycle`: edges one behind the other, the last ending where the first begins. */
  | { readonly ok: false; readonly cycle: readonly GraphEdge[] };

/** Nodes so that each comes after all it waits for; or a cycle. */
export function topologicalOrder({ nodes, before, after }: PlanGraph): Order {
  const open = before.map((edges) => edges.length);
  const order = nodes.flatMap((_, at) => (open[at] === 0 ? [at] : []));
  for (let next = 0; next < order.length; next++) {
    for (const { to } of after[order[next]!]!) {
      open[to] = open[to]! - 1;
      if (open[to] === 0) order.push(to);
    }
  }
  if (order.length === nodes.length) return { ok: true, order };
  // Every node left waits for another that is left: going back from any of them must come round.
  const left = new Set(nodes.flatMap((_, at) => (open[at]! > 0 ? [at] : [])));
  const seen = new Map<number, number>();
  const path: GraphEdge[] = [];
  let at = Math.min(...left);
  while (!seen.has(at)) {
    seen.set(at, path.length);
    const edge = before[at]!.find(({ from }) => left.has(from))!;
    path.push(edge);
    at = edge.from;
  }
  return { ok: false, cycle: path.slice(seen.get(at)).toReversed() };
}

/** Tells whether one node must be done before another may start. */
export class Reach {
  readonly #bits: Uint32Array;
  readonly #words: number;

  /** Takes edges alone that wait for the whole: what has only begun runs beside what waits for its start. */
  constructor({ nodes, before }: PlanGraph, order: readonly number[]) {
    this.#words = Math.ceil(nodes.length / 32);
    this.#bits = new Uint32Array(nodes.length * this.#words);
    for (const at of order) {
      const row = at * this.#words;
      for (const { from, share } of before[at]!) {
        if (share < 1) continue;
        const other = from * this.#words;
        for (let word = 0; word < this.#words; word++) this.#bits[row + word]! |= this.#bits[other + word]!;
        this.#bits[row + (from >> 5)]! |= 1 << (from & 31);
      }
    }
  }

  /** True where `a` is done before `b` starts. */
  precedes(a: number, b: number): boolean {
    return ((this.#bits[b * this.#words + (a >> 5)]! >>> (a & 31)) & 1) === 1;
  }
}
