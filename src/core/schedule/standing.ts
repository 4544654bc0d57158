/** Where tasks, milestones and gates stand, as far as it follows from the rest. */
import type { AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { isInHand, own, type TaskStateName, type TaskWork, type Work } from '../model/work.ts';
import { COORDINATOR as PERSON } from '../plan/model.ts';
import { isMet, tickedTodos, type Need, type Standing } from './needs.ts';
import { planIndex } from './plan-index.ts';

/** null where the session has no plan with tasks. */
export function standingOf({ work, todos }: State): Standing | null {
  return work === null ? null : { work, index: planIndex(work.plan), ticked: tickedTodos(todos) };
}

/** What the task still waits for; none: it may start. */
export function openNeeds(standing: Standing, id: string): readonly Need[] {
  return (standing.index.needs.get(id) ?? []).filter((need) => !isMet(standing, need));
}

export function mayStart(standing: Standing, id: string): boolean {
  return (standing.index.needs.get(id) ?? []).every((need) => isMet(standing, need));
}

export function taskState(standing: Standing, id: string): TaskStateName {
  const task = own(standing.work.tasks, id);
  if (!task) return 'waiting';
  if (task.stage !== 'open') return task.stage;
  return task.active && mayStart(standing, id) ? 'ready' : 'waiting';
}

/** Who is to do it; null: a person. */
export function agentFor({ work, index }: Standing, id: string): AgentId | null {
  const assigned = own(work.tasks, id)?.assigned ?? index.tasks.get(id)?.agent ?? null;
  return assigned === PERSON && !work.plan.agents.some((agent) => agent.id === PERSON) ? null : assigned;
}

export interface TaskInHand {
  readonly id: string;
  readonly task: TaskWork;
}

/** The task that an agent has in hand; null: none. */
export function inHandOf(work: Work | null, agent: AgentId): TaskInHand | null {
  for (const [id, task] of Object.entries(work?.tasks ?? {})) {
    if (task.agent === agent && isInHand(task)) return { id, task };
  }
  return null;
}

/** In words, for people. */
export function needWords(need: Need): string {
  switch (need.on) {
    case 'task':
    case 'group':
      return need.how === 'started' ? `the start of ${need.id}` : need.id;
    case 'part':
      return `${need.percent} % of ${need.id}`;
    case 'todos':
      return `a part of ${need.id}`;
    case 'gate':
      return `gate ${need.id}`;
    case 'handover':
      return `handover ${need.id}`;
  }
}
