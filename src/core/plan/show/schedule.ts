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
  /** Hours since the start before which nothing lets it begin. */
  readonly from: number;
  readonly priority: number;
  /** Hours from its start to the end of the longest path behind it. */
  readonly rest: number;
}

/** What nodes need. */
export interface Placing {
  /** By node. */
  readonly hours: readonly number[];
  /** Who does a task, one at a time; null: it holds nobody up. */
  agent(at: number): string | null;
  /** Under way already: they begin at 0, whatever they wait for. */
  readonly begun?: ReadonlySet<number>;
}

/**
 * List scheduling: of the ready tasks the one of the highest priority goes first, then the one with most behind it.
 * @returns hours since the start at which each node begins
 */
export function placeNodes({ graph, order }: Pick<PlanAnalysis, 'graph' | 'order'>, placing: Placing): number[] {
  const { hours, begun = NONE } = placing;
  const rest = [...hours];
  for (const at of order.toReversed()) {
    for (const { to, share } of graph.after[at]!) rest[at] = Math.max(rest[at]!, share * hours[at]! + rest[to]!);
  }
  const starts = graph.nodes.map(() => -1);
  const free = new Map<string, number>();
  const open = graph.before.map((edges) => edges.length);
  const ready: Ready[] = [];
  const from = (at: number): number =>
    graph.before[at]!.reduce((time, edge) => Math.max(time, starts[edge.from]! + edge.share * hours[edge.from]!), 0);
  const offer = (at: number): void => {
    if (starts[at] !== -1) return;
    const priority = PRIORITIES.indexOf(graph.nodes[at]!.task?.priority ?? 'critical');
    ready.push({ at, from: from(at), priority, rest: rest[at]! });
  };
  const place = (at: number, start: number): void => {
    starts[at] = start;
    const agent = placing.agent(at);
    if (agent !== null) free.set(agent, Math.max(free.get(agent) ?? 0, start + hours[at]!));
    for (const { to } of graph.after[at]!) if (--open[to]! === 0) offer(to);
  };
  const freeFrom = ({ at, from }: Ready): number => {
    const agent = placing.agent(at);
    return Math.max(from, agent === null ? 0 : (free.get(agent) ?? 0));
  };
  const roots = order.filter((at) => graph.before[at]!.length === 0 && !begun.has(at));
  for (const at of begun) place(at, 0);
  for (const at of roots) offer(at);
  while (ready.length > 0) {
    const next = takeNext(ready, freeFrom);
    place(next.at, freeFrom(next));
  }
  return starts;
}

const NONE: ReadonlySet<number> = new Set();

/** The whole plan from its beginning. */
export function schedule(analysis: PlanAnalysis, end: 0 | 1 = 1): Schedule {
  const { graph, timing } = analysis;
  const hours = graph.nodes.map((_, at) => nodeHours(graph, at, end));
  const starts = placeNodes(analysis, {
    hours,
    agent: (at) => {
      const { task } = graph.nodes[at]!;
      return task && (task.agent ?? task.id);
    },
  });
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

/** Takes out of `ready` what begins first, then what matters most. */
function takeNext(ready: Ready[], startOf: (node: Ready) => number): Ready {
  let best = 0;
  let first = startOf(ready[0]!);
  for (let i = 1; i < ready.length; i++) {
    const start = startOf(ready[i]!);
    if (start > first || (start === first && !goesBefore(ready[i]!, ready[best]!))) continue;
    [best, first] = [i, start];
  }
  return ready.splice(best, 1)[0]!;
}

function goesBefore(a: Ready, b: Ready): boolean {
  return a.priority === b.priority ? a.rest > b.rest : a.priority < b.priority;
}
