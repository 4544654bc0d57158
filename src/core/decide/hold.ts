/** Who stands still while a check of the branch is red: whoever broke it, or all. */
import { COORDINATOR, isLive, type AgentId } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { roundWith } from '../select/overlaps.ts';
import { over, raise } from './alerts.ts';
import { agentOf, isRefusal, type Decision } from './refuse.ts';
import { decidePause, decideResume } from './steer.ts';

/** Only those that ran: who was paused before is somebody else's affair. */
export function holdFor(state: State, name: string, others: boolean, context: DecideContext): Decision {
  const check = own(state.health, name);
  const culprit = check?.inquiry?.blame?.agent;
  if (!check || check.state === 'green' || culprit === undefined) return [];
  const wanted = others ? state.order : [culprit];
  const paused = wanted.flatMap((id): readonly (readonly [AgentId, readonly Event[]])[] => {
    const agent = agentOf(state, id);
    if (!agent || !isLive(agent) || agent.status.state === 'paused') return [];
    const events = decidePause(agent, COORDINATOR);
    return isRefusal(events) || events.length === 0 ? [] : [[id, events]];
  });
  if (paused.length === 0) return [];
  const agents = paused.map(([id]) => id);
  const landing = check.inquiry?.blame?.landing ?? '';
  const remedy = `\`llmctl rollback ${landing}\` takes out what broke it, \`llmctl resume ${agents[0]}\` lets it go on`;
  const text = `${agents.join(', ')} stand${agents.length === 1 ? 's' : ''} still while ${name} is red: ${remedy}`;
  return [
    ...paused.flatMap(([, events]) => events),
    { type: 'health.held', name, agents },
    raise(state, { level: 'warn', text, agent: culprit, cause: heldCause(name) }, context),
  ];
}

/** Only those that nobody else paused since, and that no other check holds. */
export function release(state: State, name: string): readonly Event[] {
  const held = own(state.health, name)?.held ?? [];
  if (held.length === 0) return [];
  const elsewhere = new Set(
    Object.values(state.health).flatMap((check) => (check.name === name ? [] : (check.held ?? []))),
  );
  // Who is being merged just now stands still for that, too, and is let go by a person.
  const free = held.filter((id) => roundWith(state, id) === null);
  const resumed = free.flatMap((id) => {
    const agent = agentOf(state, id);
    if (!agent || elsewhere.has(id) || agent.status.by?.kind !== 'coordinator') return [];
    const events = decideResume(state, agent, COORDINATOR);
    return isRefusal(events) ? [] : events;
  });
  const rest = free.length === held.length ? over(state, heldCause(name)) : [];
  return [{ type: 'health.released', name, agents: free }, ...resumed, ...rest];
}

function heldCause(name: string): string {
  return `held:${name}`;
}
