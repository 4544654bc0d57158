/** How a task goes on once it is said to be done: proved, landed, over; or back to its agent. */
import { over, raise } from '../decide/alerts.ts';
import { releaseClaims } from '../decide/claims.ts';
import { toldAs } from '../agents/told.ts';
import { COORDINATOR, isLive, type Actor, type AgentId } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { blockedCause } from './causes.ts';
import type { Standing } from './needs.ts';
import { needsStart } from './needs-start.ts';
import { taskChecks, vouchedTodos } from './task-checks.ts';

/** How often a task may come back before a person is asked, where the plan doesn't say. */
export const DEFAULT_ATTEMPTS = 3;

/** It is said to be done: what can be proved is, first. @param doer who has it in hand */
export function verifyEvents(
  state: State,
  standing: Standing,
  id: string,
  by: Actor,
  context: DecideContext,
  doer: AgentId | null = own(standing.work.tasks, id)?.agent ?? null,
): readonly Event[] {
  const task = standing.index.tasks.get(id)!;
  if (taskChecks(standing.work.plan, task).length === 0) return landEvents(state, standing, id, by, doer);
  return [{ type: 'task.verifying', task: id, run: context.newId(), by }, ...over(state, blockedCause(id))];
}

/** Proved, as far as it can be. */
export function landEvents(
  state: State,
  standing: Standing,
  id: string,
  by: Actor,
  doer: AgentId | null = own(standing.work.tasks, id)?.agent ?? null,
): readonly Event[] {
  return lands(state, standing, doer)
    ? [{ type: 'task.landing', task: id, by }, ...over(state, blockedCause(id))]
    : doneEvents(state, standing, id, by, { commit: null });
}

/** Its agent has a worktree of its own, and the plan wants its work on the integration branch. */
function lands(state: State, { work }: Standing, doer: AgentId | null): boolean {
  const agent = doer === null ? undefined : own(state.agents, doer);
  return work.plan.integration.land === 'done' && Boolean(agent?.spec.worktree && agent.tree);
}

export interface Ending {
  readonly commit: string | null;
  readonly forced?: boolean;
}

export function doneEvents(
  state: State,
  standing: Standing,
  id: string,
  by: Actor,
  { commit, forced = false }: Ending,
): readonly Event[] {
  const task = standing.index.tasks.get(id)!;
  const agent = own(standing.work.tasks, id)?.agent ?? null;
  const vouched = forced ? [] : vouchedTodos(task).filter((todo) => !standing.ticked.has(todo));
  const known = new Set(state.todos.map((todo) => todo.id));
  return [
    ...vouched
      .filter((todo) => known.has(todo))
      .map((todo): Event => ({ type: 'todo.checked', id: todo, done: true, by })),
    { type: 'task.done', task: id, by, forced, commit },
    ...over(state, blockedCause(id)),
    ...(agent === null ? [] : releaseClaims(state, agent)),
  ];
}

/**
 * It isn't done after all: its agent hears why and goes on, until that has happened too often.
 * @param tell false where the agent knows already
 */
export function returned(
  state: State,
  standing: Standing,
  id: string,
  reason: string,
  tell: boolean,
  context: DecideContext,
): readonly Event[] {
  const known = own(standing.work.tasks, id)!;
  const limit = standing.work.plan.limits?.attempts ?? DEFAULT_ATTEMPTS;
  const agent = known.agent === null ? undefined : own(state.agents, known.agent);
  if (known.attempts + 1 >= limit || agent === undefined) {
    const times = known.attempts + 1 === 1 ? '' : ` after ${known.attempts + 1} attempts`;
    return failEvents(state, id, `${reason}${times}`, COORDINATOR, context);
  }
  const event: Event = { type: 'task.returned', task: id, reason };
  // A program that does one thing and ends does it once more, and is told why.
  if (needsStart(agent) && agent.status.state === 'done') {
    return [event, { type: 'agent.starting', agent: agent.spec.id, reason: `for task ${id} again`, by: COORDINATOR }];
  }
  if (!tell || !isLive(agent)) return [event];
  const text = `llmctl: task ${id} is not done yet: ${reason}. Mend it, then report done again.`;
  return [event, { type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, text), enter: true, by: COORDINATOR }];
}

export function failEvents(
  state: State,
  id: string,
  reason: string,
  by: Actor,
  context: DecideContext,
): readonly Event[] {
  const text = `task ${id} has failed: ${reason}; \`llmctl task retry ${id}\` begins it anew`;
  return [
    { type: 'task.failed', task: id, reason, by },
    raise(state, { level: 'error', text, agent: null, cause: blockedCause(id) }, context),
  ];
}
