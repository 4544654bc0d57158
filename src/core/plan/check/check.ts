/** What can be wrong with a plan whose parts are all right by themselves. */
import type { Plan } from '../model.ts';
import { didYouMean } from '../../nearest.ts';
import type { Places } from '../places.ts';
import { shorten } from '../reader.ts';
import type { ProblemList } from '../tree.ts';
import { checkClaims } from './claims.ts';
import { checkContradictions, checkExpected } from './contradictions.ts';
import { timing } from './critical.ts';
import { planFigures } from './figures.ts';
import { checkGaps } from './gaps.ts';
import { planGraph, Reach, topologicalOrder } from './graph.ts';
import type { GraphEdge, PlanGraph } from './graph.ts';
import { checkNames } from './names.ts';
import { checkTemplates } from './templates.ts';

/** Names that stand outside the plan. */
export interface OutsideNames {
  /** Ids of the profiles that this machine has; null: nobody looked. */
  readonly profiles: readonly string[] | null;
}

/** Notes every problem; the plan's parts must have been read without an error. */
export function checkPlan(plan: Plan, outside: OutsideNames, places: Places, problems: ProblemList): void {
  checkProfiles(plan, outside, places, problems);
  checkNames(plan, places, problems);
  checkTemplates(plan, places, problems);
  // A graph with names that lead nowhere has no order worth looking at.
  if (problems.hasErrors) return;
  const graph = planGraph(plan);
  const sorted = topologicalOrder(graph);
  if (!sorted.ok) {
    tellCycle(graph, sorted.cycle, places, problems);
    return;
  }
  const reach = new Reach(graph, sorted.order);
  checkContradictions(plan, graph, reach, places, problems);
  checkClaims(plan, graph, reach, places, problems);
  const { critical } = timing(graph, sorted.order);
  checkGaps(plan, graph, critical.hours[1], places, problems);
  checkExpected(plan, planFigures(plan, graph, critical.hours), places, problems);
}

/** A warning only: a plan may have been written for another machine. */
function checkProfiles(plan: Plan, { profiles }: OutsideNames, places: Places, problems: ProblemList): void {
  if (profiles === null) return;
  for (const agent of plan.agents) {
    if (agent.profile === null || profiles.includes(agent.profile)) continue;
    const near = didYouMean(agent.profile, profiles) || `; there are ${profiles.join(', ')}`;
    const message = `agent "${agent.id}" names the profile "${shorten(agent.profile)}", which is not here${near}`;
    problems.warning(places.field(agent, 'profile'), message);
  }
}

const SHOWN = 8;

function tellCycle(graph: PlanGraph, cycle: readonly GraphEdge[], places: Places, problems: ProblemList): void {
  const names = cycle.map(({ from }) => graph.nodes[from]!.id);
  const shown = names.length > SHOWN ? [...names.slice(0, SHOWN - 1), '…'] : names;
  const text = [...shown, names[0]].join(' → ');
  const what = cycle.length === 1 ? 'it waits for itself' : 'these wait for one another in a circle';
  problems.error(places.of(cycle.at(-1)!.source), `${what}: ${text}; take one of the dependencies out`);
}
