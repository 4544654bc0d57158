/** Who stands still while a check of the branch is red: whoever broke it, or all. The daemon pauses and lets go as its merges allow. */
import { isLive } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { over, raise } from './alerts.ts';
import { agentOf, type Decision } from './refuse.ts';

/** Only those that run: who was paused by a person is that person's affair. */
export function holdFor(state: State, name: string, others: boolean, context: DecideContext): Decision {
  const check = own(state.health, name);
  const culprit = check?.inquiry?.blame?.agent;
  if (!check || check.state === 'green' || culprit === undefined) return [];
  const agents = (others ? state.order : [culprit]).filter((id) => {
    const agent = agentOf(state, id);
    if (!agent || !isLive(agent)) return false;
    return agent.status.state !== 'paused' || agent.status.by?.kind === 'coordinator';
  });
  if (agents.length === 0) return [];
  const landing = check.inquiry?.blame?.landing ?? '';
  const remedy = `\`llmctl rollback ${landing}\` takes out what broke it, \`llmctl resume ${agents[0]}\` lets it go on`;
  const text = `${agents.join(', ')} stand${agents.length === 1 ? 's' : ''} still while ${name} is red: ${remedy}`;
  return [
    { type: 'health.held', name, agents },
    raise(state, { level: 'warn', text, agent: culprit, cause: heldCause(name) }, context),
  ];
}

export function release(state: State, name: string): readonly Event[] {
  const agents = own(state.health, name)?.held ?? [];
  if (agents.length === 0) return [];
  return [{ type: 'health.released', name, agents }, ...over(state, heldCause(name))];
}

function heldCause(name: string): string {
  return `held:${name}`;
}
