/** What a plan leaves open: tasks nobody does, gates nothing reaches, work without an estimate, agents with too much. */
import { COORDINATOR } from '../model.ts';
import type { Plan } from '../model.ts';
import type { Places } from '../places.ts';
import type { ProblemList } from '../tree.ts';
import { round } from './critical.ts';
import { membersOf } from './graph.ts';
import type { PlanGraph } from './graph.ts';

/** @param critical hours along the critical path, at the high end of the estimates */
export function checkGaps(plan: Plan, graph: PlanGraph, critical: number, places: Places, problems: ProblemList): void {
  checkOrphans(plan, graph, places, problems);
  checkGates(plan, places, problems);
  checkEstimates(plan, graph, places, problems);
  checkLoad(plan, graph, places, problems);
  checkBalance(plan, graph, critical, places, problems);
}

function checkOrphans(plan: Plan, graph: PlanGraph, places: Places, problems: ProblemList): void {
  for (const task of plan.tasks) {
    if (task.agent === null && !task.done) {
      const message = `task "${task.id}" is nobody's; write "agent: …", or "agent: ${COORDINATOR}" for a person`;
      problems.warning(places.of(task), message);
    }
  }
  // In a plan of one task, or of tasks that all stand alone, that is what is meant.
  if (plan.tasks.length < 2 || plan.tasks.every((task) => isAlone(graph, task.id))) return;
  for (const task of plan.tasks) {
    if (graph.spare.has(task.id) || !isAlone(graph, task.id)) continue;
    const remedy = 'name it in a "dependsOn", a milestone, a phase or a gate, or take it out';
    problems.warning(places.of(task), `task "${task.id}" is tied to nothing else in the plan; ${remedy}`);
  }
}

function isAlone(graph: PlanGraph, id: string): boolean {
  const at = graph.index.get(id)!;
  return graph.before[at]!.length === 0 && graph.after[at]!.length === 0;
}

function checkGates(plan: Plan, places: Places, problems: ProblemList): void {
  const members = membersOf(plan);
  for (const gate of plan.gates) {
    const by = plan.milestones.some((milestone) => milestone.gate === gate.id && milestone.tasks.length > 0);
    const reached = gate.after.some((id) => (members.get(id)?.length ?? 1) > 0);
    if (!by && !reached) {
      const message = `nothing reaches gate "${gate.id}"; write "after: [task]", or name it as the "gate" of a milestone`;
      problems.warning(places.of(gate), message);
    }
    if (gate.checks.length === 0) {
      problems.warning(
        places.of(gate),
        `gate "${gate.id}" checks nothing; write "checks:" with "- {run: make}" under it`,
      );
    }
  }
}

function checkEstimates(plan: Plan, graph: PlanGraph, places: Places, problems: ProblemList): void {
  const missing = plan.tasks.filter(({ id, estimateHours }) => estimateHours === null && !graph.spare.has(id));
  const first = missing[0];
  if (!first) return;
  const names = missing.slice(0, 5).map(({ id }) => id);
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
  const which =
    missing.length === plan.tasks.length ? 'no task has an estimate' : `no estimate for ${names.join(', ')}${more}`;
  problems.warning(places.of(first), `${which}: the critical path is a guess; write "estimateHours: [2, 4]"`);
}

/** An agent's hours against its limits: in all, and in each phase that says how many weeks it lasts. */
function checkLoad(plan: Plan, graph: PlanGraph, places: Places, problems: ProblemList): void {
  for (const agent of plan.agents) {
    const own = plan.tasks.filter((task) => task.agent === agent.id && !graph.spare.has(task.id) && !task.done);
    const sum = (tasks: typeof own) => tasks.reduce((total, task) => total + (task.estimateHours?.[1] ?? 0), 0);
    const { hours = null, hoursPerWeek = null } = agent.limits ?? {};
    const all = sum(own);
    if (hours !== null && all > hours) {
      const message = `agent "${agent.id}" has tasks of ${all} hours, more than its ${hours}; give some to another`;
      problems.warning(places.field(agent, 'limits'), message);
    }
    if (hoursPerWeek === null) continue;
    for (const phase of plan.phases) {
      if (phase.weeks === null) continue;
      const weeks = phase.weeks[1] - phase.weeks[0] + 1;
      const load = sum(own.filter((task) => task.phase === phase.id));
      if (load <= weeks * hoursPerWeek) continue;
      const message =
        `agent "${agent.id}" has ${load} hours in phase "${phase.id}", more than ${weeks * hoursPerWeek} ` +
        `(${hoursPerWeek} a week); give some to another`;
      problems.warning(places.field(agent, 'limits'), message);
    }
  }
}

/** An agent that makes the whole plan longer than it need be, while another has less than half of its work. */
function checkBalance(plan: Plan, graph: PlanGraph, critical: number, places: Places, problems: ProblemList): void {
  const hours = new Map(plan.agents.map(({ id }) => [id, 0]));
  for (const { id, agent, estimateHours, done } of plan.tasks) {
    if (agent === null || !hours.has(agent) || done || graph.spare.has(id)) continue;
    hours.set(agent, hours.get(agent)! + (estimateHours?.[1] ?? 0));
  }
  const least = Math.min(...hours.values());
  for (const agent of plan.agents) {
    const own = round(hours.get(agent.id) ?? 0);
    if (own <= critical || least * 2 >= own) continue;
    const message =
      `agent "${agent.id}" has tasks of ${own} hours while the critical path takes ${critical}: ` +
      'the plan waits for it; give some to another';
    problems.warning(places.field(agent, 'id'), message);
  }
}
