/** Landing: who asks for it, and what came of it. */
import { toldAs } from '../agents/told.ts';
import { isOpen, type Landing, type LandingEvent } from '../landing/landing.ts';
import { COORDINATOR, isLive, type Actor, type Agent } from '../model/agent.ts';
import type { DecideContext, Observation } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { roundWith } from '../select/overlaps.ts';
import { oneLine, showControls } from '../text.ts';
import { over, raise } from './alerts.ts';
import { agentOf, quoted, refuse, unknownAgent, type Decision } from './refuse.ts';

/** Checks only: the daemon then makes the commit that is to land, and tells of it. */
export function mayLand(state: State, id: string): Decision {
  const agent = agentOf(state, id);
  if (agent === undefined) return unknownAgent(state, id);
  if (!agent.spec.worktree || !agent.tree) {
    return refuse('invalid', `agent ${id} has no worktree of its own: what it writes is in the repository already`);
  }
  if (roundWith(state, id) !== null) return refuse('busy', `agent ${id} is being merged just now: land it afterwards`);
  return [];
}

/** Files changed under it: it hears which, and that it has to read them again. */
export function forwarded(agent: Agent, seen: Extract<Observation, { type: 'agent.forwarded' }>): Decision {
  const { id, head, paths } = seen;
  const event: Event = { type: 'agent.forwarded', agent: agent.spec.id, id, head, paths };
  if (paths.length === 0 || !isLive(agent)) return [event];
  const listed = paths.slice(0, LISTED).map((path) => showControls(path));
  const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : '';
  const text = `llmctl: what others have landed is in your worktree now. Read these files again before you write to them: ${listed.join(', ')}${more}`;
  return [event, message(agent, text)];
}

const LISTED = 20;

/** Its work is a commit now. */
export function requested(
  state: State,
  { agent: id, landing, commit }: Extract<Observation, { type: 'landing.ready' }>,
  by: Actor,
): Decision {
  const agent = agentOf(state, id);
  if (agent === undefined) return unknownAgent(state, id);
  return [{ type: 'landing.requested', landing, agent: id, task: agent.spec.task, commit, by }];
}

export function withdraw(state: State, id: string, by: Actor): Decision {
  const landing = state.landings.find((one) => one.id === id);
  if (landing === undefined || !isOpen(landing)) return refuse('invalid', `no landing ${quoted(id)} waits`);
  return [{ type: 'landing.withdrawn', landing: id, reason: `by ${by.name}` }];
}

/** What a step came to; an agent whose work failed is told, for it is the one who can mend it. */
export function landingFact(state: State, fact: LandingEvent, context: DecideContext): Decision {
  if (fact.type !== 'landing.landed' && fact.type !== 'landing.failed') return [fact];
  const landing = state.landings.find((one) => one.id === fact.landing);
  if (landing === undefined || !isOpen(landing)) return [];
  const cause = `landing:${landing.agent}`;
  if (fact.type === 'landing.landed') return [fact, ...over(state, cause), ...branchMoved(state)];
  const clean = { ...fact, reason: oneLine(fact.reason, 500) };
  const text = `the work of ${landing.agent} did not land: ${clean.reason}`;
  return [
    clean,
    raise(state, { level: 'error', text, agent: landing.agent, cause }, context),
    ...told(state, landing, clean),
  ];
}

/** Results of what looks at the branch are about one that is no more. */
export function branchMoved(state: State): Event[] {
  return Object.values(state.health)
    .filter((check) => check.place && (check.state === 'green' || check.state === 'red') && !check.stale)
    .map(({ name }) => ({ type: 'health.stale', name }));
}

function told(state: State, landing: Landing, fact: Extract<LandingEvent, { type: 'landing.failed' }>): Event[] {
  const agent = agentOf(state, landing.agent);
  const itsOwn = fact.fault === 'own' || fact.fault === 'interaction' || fact.fault === 'conflict';
  if (agent === undefined || !isLive(agent) || !itsOwn) return [];
  const text = `llmctl: your work did not land: ${fact.reason}. Your branch is as it was; mend it, then say that you are done.`;
  return [message(agent, text)];
}

function message(agent: Agent, text: string): Event {
  return { type: 'agent.sent', agent: agent.spec.id, text: toldAs(agent, text), enter: true, by: COORDINATOR };
}
