/** What becomes of tasks that somebody has in hand, as their agents and their landings go on. */
import { ALL_LANDED, isOpen } from '../landing/landing.ts';
import { over, raise } from '../decide/alerts.ts';
import { COORDINATOR, isLive, type Agent } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { isInHand, own, type TaskWork } from '../model/work.ts';
import { briefText } from './briefing.ts';
import { blockedCause } from './causes.ts';
import type { Standing } from './needs.ts';
import { doneEvents, returned, verifyEvents } from './outcomes.ts';
import { taskChecks } from './task-checks.ts';

export function followTasks(state: State, standing: Standing, context: DecideContext): readonly Event[] {
  const events: Event[] = [];
  for (const [id, task] of Object.entries(standing.work.tasks)) {
    if (isInHand(task)) events.push(...followTask(state, standing, id, task, context));
  }
  return events;
}

function followTask(
  state: State,
  standing: Standing,
  id: string,
  task: TaskWork,
  context: DecideContext,
): readonly Event[] {
  if (task.stage === 'landing') return followLanding(state, standing, id, task, context);
  if (task.agent === null || task.stage === 'verifying') return [];
  const agent = own(state.agents, task.agent);
  if (!agent) {
    const reason = `its agent ${task.agent} was removed`;
    return [{ type: 'task.reopened', task: id, reason, by: COORDINATOR, forced: false }];
  }
  if (task.stage === 'blocked') {
    const goesOn =
      isLive(agent) && (task.brief === 'none' || (agent.status.state === 'working' && agent.status.since > task.since));
    return goesOn ? unblock(state, id) : [];
  }
  if (!isLive(agent)) return ended(state, standing, id, agent, context);
  if (task.brief !== 'none' || !takesBrief(agent)) return [];
  const text = briefText(standing.work, standing.index.tasks.get(id)!, task, agent);
  // It was told the same as it started.
  const typed = text !== agent.spec.prompt;
  const events: Event[] = [{ type: 'task.briefing', task: id, agent: task.agent, text, typed }];
  // What it said of itself was about what it did before.
  if (agent.status.state === 'done' || agent.status.state === 'idle') {
    const reason = `is told about task ${id}`;
    events.push({ type: 'agent.state', agent: task.agent, state: 'working', reason, evidence: 'process' });
  }
  return events;
}

/** Not in the middle of something else, as far as that is known; how it comes to its input is the daemon's business. */
function takesBrief({ status, pending }: Agent): boolean {
  if (pending !== null && pending !== 'resuming') return false;
  switch (status.state) {
    case 'idle':
    case 'done':
    case 'waiting':
    case 'stuck':
      return true;
    case 'working':
      return status.evidence === 'process' || status.evidence === 'screen';
    default:
      return false;
  }
}

/** Its program is no more, or not yet. */
function ended(state: State, standing: Standing, id: string, agent: Agent, context: DecideContext): readonly Event[] {
  const { status, retryAt, exit } = agent;
  if (status.state === 'starting' || retryAt) return [];
  if (status.state === 'done') {
    const checks = taskChecks(standing.work.plan, standing.index.tasks.get(id)!);
    // A program that does one thing and ends says so by ending well, where that can be proved.
    if (checks.length > 0) return verifyEvents(state, standing, id, COORDINATOR, context);
    return block(state, id, `the program of ${agent.spec.id} ended without a word`, context);
  }
  // Not started yet: that is for whoever started the task.
  if (exit === null && status.state === 'stopped' && agent.quickExits === 0 && status.evidence === 'person')
    return block(state, id, `${agent.spec.id} is not running`, context);
  return block(state, id, `${agent.spec.id} ${status.state}: ${status.reason}`, context);
}

export function block(state: State, id: string, reason: string, context: DecideContext): readonly Event[] {
  const text = `task ${id} is blocked: ${reason}`;
  return [
    { type: 'task.blocked', task: id, reason, by: COORDINATOR },
    raise(state, { level: 'warn', text, agent: null, cause: blockedCause(id) }, context),
  ];
}

function unblock(state: State, id: string): readonly Event[] {
  return [{ type: 'task.unblocked', task: id }, ...over(state, blockedCause(id))];
}

/** The landing that was asked for since: the last of this task. */
function followLanding(
  state: State,
  standing: Standing,
  id: string,
  task: TaskWork,
  context: DecideContext,
): readonly Event[] {
  const landing = state.landings.findLast((one) => one.task === id && one.requestedAt >= task.since);
  if (!landing || isOpen(landing)) return [];
  switch (landing.state) {
    case 'landed':
    case 'undone':
      return doneEvents(state, standing, id, task.by ?? COORDINATOR, { commit: landing.merge });
    case 'withdrawn':
      if (landing.reason !== ALL_LANDED)
        return block(state, id, `its landing was withdrawn ${landing.reason}`, context);
      // It landed before it was said to be done.
      return doneEvents(state, standing, id, task.by ?? COORDINATOR, { commit: null });
    default:
      break;
  }
  const itsOwn = landing.fault === 'own' || landing.fault === 'interaction' || landing.fault === 'conflict';
  // Its agent was told already: who asks for a landing hears of it.
  if (itsOwn) return returned(state, standing, id, `it did not land: ${landing.reason}`, false, context);
  return block(state, id, `it could not land: ${landing.reason}`, context);
}
