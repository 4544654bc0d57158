/** What must hold of the plan's work, and which stage may follow which. */
import { isInHand, type GateState, type TaskStage, type Work } from '../model/work.ts';
import type { State } from '../model/state.ts';
import { planIndex } from './plan-index.ts';

const TASK_STEPS: Readonly<Record<TaskStage, readonly TaskStage[]>> = {
  open: ['running', 'done', 'failed'],
  running: ['open', 'blocked', 'verifying', 'landing', 'done', 'failed'],
  blocked: ['open', 'running', 'verifying', 'landing', 'done', 'failed'],
  verifying: ['open', 'running', 'landing', 'done', 'failed'],
  // Open again where the session ended before it was queued.
  landing: ['open', 'running', 'blocked', 'done', 'failed'],
  done: ['open'],
  // A person may know better.
  failed: ['open', 'running', 'done'],
};

const GATE_STEPS: Readonly<Record<GateState, readonly GateState[]>> = {
  pending: ['running', 'passed', 'failed', 'waived'],
  running: ['pending', 'passed', 'failed', 'waived'],
  passed: ['running', 'pending', 'failed', 'waived'],
  failed: ['running', 'pending', 'passed', 'waived'],
  waived: ['running', 'pending', 'passed', 'failed'],
};

/** @returns what is wrong, a line each */
export function workProblems({ work, agents }: State): readonly string[] {
  if (work === null) return [];
  const wrong: string[] = [];
  const must = (holds: boolean, otherwise: string): void => {
    if (!holds) wrong.push(otherwise);
  };
  const index = planIndex(work.plan);
  must(sameKeys(work.tasks, index.tasks), 'tasks and plan differ');
  must(sameKeys(work.gates, index.gates), 'gates and plan differ');
  must(sameKeys(work.milestones, index.milestones), 'milestones and plan differ');
  must(sameKeys(work.handovers, index.handovers), 'handovers and plan differ');
  const hands = new Map<string, string>();
  for (const [id, task] of Object.entries(work.tasks)) {
    must((task.stage === 'verifying') === (task.run !== null), `task ${id} is ${task.stage} with run ${task.run}`);
    must(task.progress >= 0 && task.progress <= 100, `task ${id} is at ${task.progress} %`);
    must(task.stage !== 'done' || task.progress === 100, `task ${id} is done at ${task.progress} %`);
    must(task.stage !== 'open' || task.agent === null, `task ${id} is open and in the hands of ${task.agent}`);
    must(task.stage === 'open' || task.active, `task ${id} is ${task.stage} though no gate has failed`);
    if (task.agent === null || !isInHand(task)) continue;
    must(!hands.has(task.agent), `${task.agent} has both ${hands.get(task.agent)} and ${id} in hand`);
    hands.set(task.agent, id);
    const agent = Object.hasOwn(agents, task.agent) ? agents[task.agent] : undefined;
    must(agent === undefined || agent.spec.task === id, `${task.agent} does not know of ${id}`);
  }
  for (const [id, gate] of Object.entries(work.gates)) {
    must((gate.state === 'running') === (gate.run !== null), `gate ${id} is ${gate.state} with run ${gate.run}`);
    must(gate.checks.length === index.gates.get(id)?.checks.length, `gate ${id} has other checks than the plan`);
    must(!gate.asked || gate.state === 'pending', `gate ${id} asks and is ${gate.state}`);
  }
  return wrong;
}

function sameKeys(record: Readonly<Record<string, unknown>>, map: ReadonlyMap<string, unknown>): boolean {
  const keys = Object.keys(record);
  return keys.length === map.size && keys.every((key) => map.has(key));
}

/** @returns steps that no life cycle has */
export function wrongSteps(before: Work | null, after: Work | null): readonly string[] {
  if (before === null || after === null) return [];
  const wrong: string[] = [];
  for (const [id, { stage }] of Object.entries(after.tasks)) {
    const from = Object.hasOwn(before.tasks, id) ? before.tasks[id]!.stage : stage;
    if (from !== stage && !TASK_STEPS[from].includes(stage)) wrong.push(`task ${id} went from ${from} to ${stage}`);
  }
  for (const [id, { state }] of Object.entries(after.gates)) {
    const from = Object.hasOwn(before.gates, id) ? before.gates[id]!.state : state;
    if (from !== state && !GATE_STEPS[from].includes(state)) wrong.push(`gate ${id} went from ${from} to ${state}`);
  }
  return wrong;
}
