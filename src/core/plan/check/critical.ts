/** When every task could start and end at the earliest, what is critical, and how much the others may slip. */
import type { PlanGraph } from './graph.ts';

export type HoursRange = readonly [low: number, high: number];

export interface Timing {
  /** Hours since the start, with all estimates at their high end and as many agents as are wanted. */
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** Hours by which a node may end later without the whole ending later. */
  readonly slack: readonly number[];
  readonly critical: { readonly tasks: readonly string[]; readonly hours: HoursRange };
}

/** A task's hours at one end of its estimate; 0 where it has none, and for what only runs in need. */
export function nodeHours(graph: PlanGraph, at: number, end: 0 | 1): number {
  const { task } = graph.nodes[at]!;
  return task === null || graph.spare.has(task.id) ? 0 : (task.estimateHours?.[end] ?? 0);
}

/** @param order as `topologicalOrder` gave it */
export function timing(graph: PlanGraph, order: readonly number[]): Timing {
  const hours = graph.nodes.map((_, at) => nodeHours(graph, at, 1));
  const start = graph.nodes.map(() => 0);
  const end = graph.nodes.map(() => 0);
  const cause = graph.nodes.map(() => -1);
  for (const at of order) {
    for (const { from, share } of graph.before[at]!) {
      const ready = start[from]! + share * hours[from]!;
      // Of two that end together the one with a cause goes on: a path may begin with what takes no time.
      if (ready > start[at]! || (cause[at] === -1 && ready > 0)) {
        start[at] = ready;
        cause[at] = from;
      }
    }
    end[at] = start[at]! + hours[at]!;
  }
  const whole = end.reduce((most, value) => Math.max(most, value), 0);
  const latest = graph.nodes.map(() => whole);
  for (const at of order.toReversed()) {
    for (const { to, share } of graph.after[at]!) {
      // What waits for a part bounds the start of this, and so its end.
      const bound = latest[to]! - hours[to]! + (1 - share) * hours[at]!;
      latest[at] = Math.min(latest[at]!, bound);
    }
  }
  const slack = latest.map((value, at) => Math.max(0, value - end[at]!));
  return { start, end, slack, critical: criticalPath(graph, order, end, cause, whole) };
}

function criticalPath(
  graph: PlanGraph,
  order: readonly number[],
  end: readonly number[],
  cause: readonly number[],
  whole: number,
): Timing['critical'] {
  const path: number[] = [];
  let at = whole === 0 ? -1 : (order.find((node) => end[node] === whole) ?? -1);
  for (; at !== -1; at = cause[at]!) path.unshift(at);
  let [low, high] = [0, 0];
  path.forEach((node, step) => {
    const next = path[step + 1];
    const share = next === undefined ? 1 : (graph.after[node]!.find(({ to }) => to === next)?.share ?? 1);
    low += share * nodeHours(graph, node, 0);
    high += share * nodeHours(graph, node, 1);
  });
  const tasks = path.flatMap((node) => (graph.nodes[node]!.kind === 'task' ? [graph.nodes[node]!.id] : []));
  return { tasks, hours: [round(low), round(high)] };
}

/** Hours to a hundredth: minutes are fractions that don't add up exactly. */
export function round(hours: number): number {
  return Math.round(hours * 100) / 100;
}

/** Hours of all tasks, but those that only run in need. */
export function totalHours(graph: PlanGraph): HoursRange {
  const sum = (end: 0 | 1) => round(graph.nodes.reduce((total, _, at) => total + nodeHours(graph, at, end), 0));
  return [sum(0), sum(1)];
}
