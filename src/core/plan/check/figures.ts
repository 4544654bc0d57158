/** Figures of a plan: how much there is of everything, and how long it takes. */
import type { Plan } from '../model.ts';
import type { PlanExpected } from '../sections/outside.ts';
import { timing, totalHours } from './critical.ts';
import type { HoursRange, Timing } from './critical.ts';
import { planGraph, topologicalOrder } from './graph.ts';
import type { PlanGraph } from './graph.ts';

export type PlanFigures = { readonly [K in keyof PlanExpected]-?: NonNullable<PlanExpected[K]> };

/** Texts that are prompts: those of agents and tasks, and those that stand under `prompts`. */
export function countPrompts(plan: Plan): number {
  const own = [...plan.agents, ...plan.tasks].filter(({ prompt }) => prompt?.kind === 'text').length;
  return own + Object.keys(plan.prompts).length;
}

/** @param critical hours along the critical path */
export function planFigures(plan: Plan, graph: PlanGraph, critical: HoursRange): PlanFigures {
  const owners = [...plan.tasks, ...plan.milestones];
  return {
    agents: plan.agents.length,
    tasks: plan.tasks.filter(({ id }) => !graph.spare.has(id)).length,
    phases: plan.phases.length,
    milestones: plan.milestones.length,
    gates: plan.gates.length,
    handovers: plan.handovers.length,
    deliverables: owners.reduce((sum, { deliverables }) => sum + deliverables.length, 0),
    prompts: countPrompts(plan),
    files: new Set(plan.tasks.flatMap(({ files }) => files)).size,
    totalHours: totalHours(graph),
    criticalHours: critical,
  };
}

export interface PlanAnalysis {
  readonly graph: PlanGraph;
  readonly order: readonly number[];
  readonly timing: Timing;
  readonly figures: PlanFigures;
}

/**
 * Graph, order, times and figures of a plan.
 * @returns null where it waits for itself, which `plan check` refuses
 */
export function analysePlan(plan: Plan): PlanAnalysis | null {
  const graph = planGraph(plan);
  const sorted = topologicalOrder(graph);
  if (!sorted.ok) return null;
  const times = timing(graph, sorted.order);
  return { graph, order: sorted.order, timing: times, figures: planFigures(plan, graph, times.critical.hours) };
}
