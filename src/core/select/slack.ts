/** By how much each task of a schedule may end later, where every agent does one thing at a time. */
import type { PlanAnalysis } from '../plan/check/figures.ts';

export interface Placed {
  /** Hours since the start, by node. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Who does it; null: it holds nobody up. */
  readonly agents: readonly (string | null)[];
  /** Nothing they wait for counts any more. */
  readonly begun: ReadonlySet<number>;
  readonly end: number;
}

/** Back from the end: over what waits for what, and over what the same agent does next. @returns hours by node */
export function slackOf({ graph, order }: PlanAnalysis, placed: Placed): readonly number[] {
  const { starts, ends, agents, begun, end } = placed;
  const rank = new Map(order.map((at, i) => [at, i]));
  const sorted = [...starts.keys()].toSorted((a, b) => starts[b]! - starts[a]! || rank.get(b)! - rank.get(a)!);
  const latest = starts.map(() => end);
  /** Latest start of what the agent does next. */
  const next = new Map<string, number>();
  for (const at of sorted) {
    const hours = ends[at]! - starts[at]!;
    for (const { to, share } of graph.after[at]!) {
      if (begun.has(to)) continue;
      const bound = latest[to]! - (ends[to]! - starts[to]!) + (1 - share) * hours;
      latest[at] = Math.min(latest[at]!, bound);
    }
    const agent = agents[at] ?? null;
    if (agent === null || hours === 0) continue;
    latest[at] = Math.min(latest[at]!, next.get(agent) ?? end);
    next.set(agent, latest[at]! - hours);
  }
  return latest.map((value, at) => Math.max(0, value - ends[at]!));
}
