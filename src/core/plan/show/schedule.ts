/** When what is done, with the agents that the plan has: each does one task at a time. */
import type { PlanAnalysis } from '../check/figures.ts';
import { nodeHours, round } from '../check/critical.ts';
import { COORDINATOR } from '../model.ts';
import { PRIORITIES } from '../sections/task.ts';

export interface ScheduledTask {
  readonly id: string;
  readonly agent: string;
  /** Hours since the start. */
  readonly start: number;
  readonly end: number;
  readonly critical: boolean;
  /** Hours it may slip without the whole ending later, as long as there are agents enough. */
  readonly slack: number;
}

export interface Schedule {
  readonly tasks: readonly ScheduledTask[];
  readonly hours: number;
}

interface Ready {
  readonly at: number;
  /** Hours from its start to the end of the longest path behind it. */
  readonly rest: number;
}

/** List scheduling: of the ready tasks the one of the highest priority goes first, then the one with most behind it. */
export function schedule({ graph, order, timing }: PlanAnalysis, end: 0 | 1 = 1): Schedule {
  const hours = graph.nodes.map((_, at) => nodeHours(graph, at, end));
  const rest = [...hours];
  for (const at of order.toReversed()) {
    for (const { to, share } of graph.after[at]!) rest[at] = Math.max(rest[at]!, share * hours[at]! + rest[to]!);
  }
  const starts = graph.nodes.map(() => -1);
  const free = new Map<string, number>();
  const open = graph.before.map((edges) => edges.length);
  const ready: Ready[] = [];
  const release = (at: number): void => {
    for (const { to } of graph.after[at]!) if (--open[to]! === 0) ready.push({ at: to, rest: rest[to]! });
  };
  order.forEach((at) => {
    if (open[at] === 0 && graph.before[at]!.length === 0) ready.push({ at, rest: rest[at]! });
  });
  const from = (at: number): number =>
    graph.before[at]!.reduce((time, edge) => Math.max(time, starts[edge.from]! + edge.share * hours[edge.from]!), 0);
  while (ready.length > 0) {
    const at = takeNext(ready, (node) => {
      const { task } = graph.nodes[node.at]!;
      const agent = task ? (task.agent ?? task.id) : null;
      return [
        Math.max(from(node.at), agent === null ? 0 : (free.get(agent) ?? 0)),
        PRIORITIES.indexOf(task?.priority ?? 'critical'),
        -node.rest,
      ];
    });
    const { task } = graph.nodes[at]!;
    const agent = task ? (task.agent ?? task.id) : null;
    starts[at] = Math.max(from(at), agent === null ? 0 : (free.get(agent) ?? 0));
    if (agent !== null) free.set(agent, starts[at]! + hours[at]!);
    release(at);
  }
  const critical = new Set(timing.critical.tasks);
  const tasks = graph.nodes.flatMap(({ task }, at): ScheduledTask[] => {
    if (!task || graph.spare.has(task.id)) return [];
    const { id, agent } = task;
    const start = round(starts[at]!);
    const slack = round(timing.slack[at]!);
    return [
      { id, agent: agent ?? COORDINATOR, start, end: round(start + hours[at]!), critical: critical.has(id), slack },
    ];
  });
  const sorted = tasks.toSorted((a, b) => a.start - b.start || a.end - b.end);
  return { tasks: sorted, hours: sorted.reduce((most, task) => Math.max(most, task.end), 0) };
}

/** Takes the entry with the least key out of `ready`. */
function takeNext(ready: Ready[], key: (node: Ready) => readonly number[]): number {
  let best = 0;
  let least = key(ready[0]!);
  for (let i = 1; i < ready.length; i++) {
    const other = key(ready[i]!);
    if (compare(other, least) < 0) [best, least] = [i, other];
  }
  return ready.splice(best, 1)[0]!.at;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
