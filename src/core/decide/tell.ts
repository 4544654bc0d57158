/** Failures of a check go to whom they concern: by themselves, or because a person wants it. */
import { toldAs } from '../agents/told.ts';
import { failureBrief, failureKey } from '../health/brief.ts';
import { COORDINATOR, isLive, type Actor, type AgentId } from '../model/agent.ts';
import type { ClientCommand, DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { HealthCheck, OwnedFailure } from '../model/health.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { over, raise } from './alerts.ts';
import { unknownCheck } from './health.ts';
import { agentOf, quoted, refuse, unknownAgent, type Decision } from './refuse.ts';

/** What a person sends, to whom it wants; left out: to their owners. */
export function sendFailures(
  state: State,
  { name, failure, agent }: Extract<ClientCommand, { type: 'health.send' }>,
  by: Actor,
): Decision {
  const check = own(state.health, name);
  if (check === undefined) return unknownCheck(state, name);
  const all = check.failures ?? [];
  if (all.length === 0) return refuse('invalid', `${quoted(name)} has no failure: it is ${check.state}`);
  const wanted = failure === null ? all : all.slice(failure - 1, failure);
  if (wanted.length === 0) return refuse('invalid', `${quoted(name)} has no failure ${failure}; it has ${all.length}`);
  if (agent !== null) {
    const known = agentOf(state, agent);
    if (known === undefined) return unknownAgent(state, agent);
    if (!isLive(known)) return refuse('not-running', `agent ${agent} does not run: \`llmctl restart ${agent}\` first`);
    return [...told(state, check, agent, wanted, by), ...over(state, unownedCause(name))];
  }
  const owners = byOwner(wanted).filter(([id]) => isThere(state, id));
  if (owners.length > 0) return owners.flatMap(([id, some]) => told(state, check, id, some, by));
  const why = wanted.map(({ owner, why }) => (owner === null ? why : `${owner} does not run`))[0] ?? '';
  return refuse('invalid', `nobody is known to own that: ${why}; name an agent with --to`);
}

/** By themselves, once for each failure until the check is green again; a person is asked where it isn't clear whose it is. */
export function tellOwners(state: State, name: string, context: DecideContext): Decision {
  const check = own(state.health, name);
  const how = check && tellOf(check);
  if (!check || check.state !== 'red' || how === 'off') return [];
  const known = new Set((check.told ?? []).map(({ key }) => key));
  const fresh = (check.failures ?? []).filter((one) => !known.has(failureKey(one)));
  const sent = how === 'auto' ? byOwner(fresh).filter(([id]) => isThere(state, id)) : [];
  const left = fresh.filter(({ owner }) => owner === null || !sent.some(([id]) => id === owner));
  return [
    ...sent.flatMap(([id, some]) => told(state, check, id, some, COORDINATOR)),
    ...(left.length === 0 ? over(state, unownedCause(name)) : asked(state, check, left, context)),
  ];
}

function tellOf({ tell, place }: HealthCheck): 'auto' | 'ask' | 'off' {
  // What a person's own checkout is like is that person's affair.
  return tell ?? (place === undefined ? 'off' : 'auto');
}

function asked(state: State, { name }: HealthCheck, left: readonly OwnedFailure[], context: DecideContext): Event[] {
  const cause = unownedCause(name);
  const owners = [...new Set(left.flatMap(({ owner }) => owner ?? []))];
  const whose = owners.length > 0 ? `perhaps of ${owners.join(', ')}` : `nobody's for sure: ${left[0]!.why}`;
  const many = left.length === 1 ? 'a failure' : `${left.length} failures`;
  const text = `${many} of ${name} wait to be sent to somebody (${whose}): \`llmctl health send ${name} --to AGENT\``;
  if (state.alerts.some((alert) => alert.cause === cause && alert.text === text)) return [];
  return [raise(state, { level: 'warn', text, agent: owners[0] ?? null, cause }, context)];
}

function told(
  state: State,
  check: HealthCheck,
  id: AgentId,
  failures: readonly OwnedFailure[],
  by: Actor,
): readonly Event[] {
  const text = toldAs(agentOf(state, id), failureBrief(check, failures, state.session.integration ?? ''));
  return [
    { type: 'agent.sent', agent: id, text, enter: true, by },
    { type: 'health.told', name: check.name, to: id, failures: failures.map(failureKey), by },
  ];
}

function byOwner(failures: readonly OwnedFailure[]): readonly (readonly [AgentId, readonly OwnedFailure[]])[] {
  const owners = new Map<AgentId, OwnedFailure[]>();
  for (const one of failures) {
    if (one.owner !== null) owners.set(one.owner, [...(owners.get(one.owner) ?? []), one]);
  }
  return [...owners];
}

function isThere(state: State, id: AgentId): boolean {
  const agent = agentOf(state, id);
  return agent !== undefined && isLive(agent);
}

function unownedCause(name: string): string {
  return `unowned:${name}`;
}
