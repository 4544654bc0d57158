/** Tasks by hand: any step, at any time; what the plan has against it needs `force`. */
import { nearestNames } from '../nearest.ts';
import { blockedCause } from '../schedule/causes.ts';
import type { Standing } from '../schedule/needs.ts';
import { doneEvents, failEvents, verifyEvents } from '../schedule/outcomes.ts';
import { agentFor, inHandOf, mayStart, needWords, openNeeds } from '../schedule/standing.ts';
import { needsStart } from '../schedule/needs-start.ts';
import { toldAs } from '../agents/told.ts';
import { COORDINATOR, isLive, type Actor } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import type { WorkClientCommand } from '../model/work-commands.ts';
import { isInHand, own, type TaskWork } from '../model/work.ts';
import { oneLine } from '../text.ts';
import { over } from './alerts.ts';
import { agentOf, hint, quoted, refuse, unknownAgent, type Decision } from './refuse.ts';

type TaskCommand = Extract<WorkClientCommand, { readonly task: string }>;

export function decideTask(
  state: State,
  standing: Standing,
  command: TaskCommand,
  by: Actor,
  context: DecideContext,
): Decision {
  const { task: id } = command;
  const known = own(standing.work.tasks, id);
  if (!known) return unknownTask(standing, id);
  switch (command.type) {
    case 'task.start':
      return start(state, standing, id, known, command, by);
    case 'task.done':
      return done(state, standing, id, known, command.force, by, context);
    case 'task.fail':
      return fail(state, id, known, command.reason, by, context);
    case 'task.retry':
      return retry(state, id, known, command.force, by);
    case 'task.assign':
      return assign(state, standing, id, known, command.agent, by);
  }
}

export function unknownTask({ index }: Standing, id: string): Decision {
  const ids = [...index.tasks.keys()];
  const near = nearestNames(id, ids);
  return refuse('unknown-task', `no task of the plan is named ${quoted(id)}; ${hint(near, 'tasks', ids)}`, near);
}

function waitsFor(standing: Standing, id: string): string {
  if (!own(standing.work.tasks, id)!.active) return 'it is only done where a gate fails';
  const needs = openNeeds(standing, id).map(needWords);
  return `it waits for ${needs.slice(0, 5).join(', ')}${needs.length > 5 ? ', …' : ''}`;
}

function isReady(standing: Standing, id: string, known: TaskWork): boolean {
  return known.active && mayStart(standing, id);
}

function start(
  state: State,
  standing: Standing,
  id: string,
  known: TaskWork,
  { agent: wanted, force }: Extract<TaskCommand, { type: 'task.start' }>,
  by: Actor,
): Decision {
  if (known.stage !== 'open') {
    return refuse('invalid', `task ${id} is ${known.stage}: \`llmctl task retry ${id}\` begins it anew`);
  }
  if (!force && !isReady(standing, id, known)) {
    return refuse('not-ready', `task ${id} can't start yet: ${waitsFor(standing, id)}; --force starts it all the same`);
  }
  const name = wanted ?? agentFor(standing, id);
  const forced = !isReady(standing, id, known);
  const event = (agent: string | null): Event => ({ type: 'task.started', task: id, agent, by, forced });
  if (name === null) return [event(null)];
  const agent = agentOf(state, name);
  if (!agent) return unknownAgent(state, name);
  const hand = inHandOf(standing.work, name);
  if (hand) return refuse('busy', `agent ${name} has task ${hand.id} in hand: end or assign that one first`);
  const events = [event(name)];
  if (needsStart(agent)) events.push({ type: 'agent.starting', agent: name, reason: `for task ${id}`, by });
  return events;
}

function done(
  state: State,
  standing: Standing,
  id: string,
  known: TaskWork,
  force: boolean,
  by: Actor,
  context: DecideContext,
): Decision {
  if (known.stage === 'done') return [];
  if (force) {
    const { commit } = known;
    return doneEvents(state, standing, id, by, { commit, forced: true });
  }
  if (known.stage === 'verifying' || known.stage === 'landing') return [];
  if (known.stage === 'open' && !isReady(standing, id, known)) {
    return refuse(
      'not-ready',
      `task ${id} can't be done yet: ${waitsFor(standing, id)}; --force takes it as done all the same`,
    );
  }
  if (isInHand(known)) return verifyEvents(state, standing, id, by, context);
  // Who says so of a task that nobody has in hand did it with their own hands, or knows better than its agent, which failed.
  const last = known.agent !== null && agentOf(state, known.agent) && inHandOf(standing.work, known.agent) === null;
  const doer = last ? known.agent : null;
  return [
    { type: 'task.started', task: id, agent: doer, by, forced: false },
    ...verifyEvents(state, standing, id, by, context, doer),
  ];
}

function fail(state: State, id: string, known: TaskWork, reason: string, by: Actor, context: DecideContext): Decision {
  if (known.stage === 'failed') return [];
  if (!known.active)
    return refuse('invalid', `task ${id} is only done where a gate fails: there is nothing to fail yet`);
  if (known.stage === 'done') {
    return refuse('invalid', `task ${id} is done: \`llmctl task retry ${id} --force\` begins it anew`);
  }
  return failEvents(state, id, oneLine(reason, 300) || `by ${by.name}`, by, context);
}

function retry(state: State, id: string, known: TaskWork, force: boolean, by: Actor): Decision {
  if (known.stage === 'open') return [];
  if (known.stage === 'done' && !force) {
    return refuse('invalid', `task ${id} is done: --force begins it anew`);
  }
  if (known.stage === 'landing') {
    return refuse('busy', `task ${id} is landing: \`llmctl land ${known.agent ?? 'AGENT'} --withdraw\` first`);
  }
  const reason = known.stage === 'done' ? '' : known.reason;
  return [
    { type: 'task.reopened', task: id, reason, by, forced: known.stage === 'done' },
    ...over(state, blockedCause(id)),
  ];
}

/** Whoever had it is told; the other begins as soon as it is free. */
function assign(
  state: State,
  standing: Standing,
  id: string,
  known: TaskWork,
  agent: string | null,
  by: Actor,
): Decision {
  if (agent !== null && !agentOf(state, agent)) return unknownAgent(state, agent);
  if (known.stage === 'landing') return refuse('busy', `task ${id} is landing: wait for its end`);
  const assigned: Event = { type: 'task.assigned', task: id, agent, by };
  if (!isInHand(known) || known.agent === agent) return agentFor(standing, id) === agent ? [] : [assigned];
  const reason = `it was ${known.agent ?? 'a person'}'s before`;
  const events: Event[] = [assigned, { type: 'task.reopened', task: id, reason, by, forced: false }];
  const before = known.agent === null ? undefined : agentOf(state, known.agent);
  if (!before || !isLive(before)) return events;
  const text = `llmctl: task ${id} is ${agent ?? 'a person'}'s now: stop working on it, and commit what you have.`;
  const told: Event = {
    type: 'agent.sent',
    agent: before.spec.id,
    text: toldAs(before, text),
    enter: true,
    by: COORDINATOR,
  };
  return [...events, told, ...over(state, blockedCause(id))];
}
