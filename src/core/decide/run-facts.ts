/** What an agent's CLI tells about its conversation. */
import { nearlySpent, overspent, type Overspent } from '../agents/budget.ts';
import { withUsage } from '../agents/usage.ts';
import { evolve } from '../evolve.ts';
import { COORDINATOR, isLive, type Agent } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Conversation, Usage } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import { raise } from './alerts.ts';
import type { Decision } from './refuse.ts';

/** Becomes a word on a command line: never one that could be an option. */
const ID = /^[A-Za-z0-9][\w.:-]{0,127}$/;

export function decideConversation(agent: Agent, { id, transcript }: Conversation): Decision {
  const known = agent.conversation ?? null;
  const file = transcript?.startsWith('/') && !transcript.includes('\0') ? transcript : null;
  if (!ID.test(id) || (known?.id === id && known.transcript === (file ?? known.transcript))) return [];
  return [{ type: 'agent.conversation', agent: agent.spec.id, conversation: { id, transcript: file } }];
}

export function decideUsage(state: State, agent: Agent, usage: Usage, context: DecideContext): Decision {
  const model = usage.model === null ? null : oneLine(usage.model, 80);
  const clean: Usage = {
    tokens: counted(usage.tokens),
    costUsd: counted(usage.costUsd),
    contextUsed: counted(usage.contextUsed),
    model,
  };
  const before = agent.usage ?? null;
  if (before !== null && JSON.stringify(withUsage(before, clean)) === JSON.stringify(before)) return [];
  const used = { type: 'agent.usage', agent: agent.spec.id, usage: clean } as const;
  return [used, ...decideBudget(state, evolveUsage(state, used), agent.spec.id, context)];
}

/** Each limit is told once when it is near, and once when it is reached; only the latter pauses. */
function decideBudget(before: State, after: State, agent: string, context: DecideContext): readonly Event[] {
  const budget = before.work?.plan.budget ?? null;
  if (budget === null) return [];
  const spent = overspent(after, budget, agent);
  const was = new Set(overspent(before, budget, agent).map(({ cause }) => cause));
  const fresh = spent.filter(({ cause }) => !was.has(cause));
  const near = nearlySpent(after, budget, agent).filter(({ cause }) => !spent.some((one) => one.cause === cause));
  const known = new Set(nearlySpent(before, budget, agent).map(({ cause }) => cause));
  const alerts = [
    ...near
      .filter(({ cause }) => !known.has(cause))
      .map((one) => alertOf(before, one, 'nearly all of its budget', agent, context)),
    ...fresh.map((one) =>
      alertOf(
        before,
        one,
        budget.over === 'pause' ? 'all of its budget, so it is paused' : 'all of its budget',
        agent,
        context,
      ),
    ),
  ];
  if (budget.over === 'warn' || fresh.length === 0) return alerts;
  const all = fresh.some(({ isAll }) => isAll);
  const paused = Object.values(after.agents).filter((one) => (all || one.spec.id === agent) && mayPause(one));
  const hold: Event[] =
    all && after.work !== null
      ? [{ type: 'schedule.held', cause: 'budget', reason: 'the budget of the session is spent', by: COORDINATOR }]
      : [];
  return [
    ...alerts,
    ...hold,
    ...paused.map(({ spec }): Event => ({ type: 'agent.pausing', agent: spec.id, by: COORDINATOR })),
  ];
}

function mayPause(agent: Agent): boolean {
  return isLive(agent) && agent.pending === null && agent.status.state !== 'paused';
}

function alertOf(
  state: State,
  { cause, text, isAll }: Overspent,
  words: string,
  agent: string,
  context: DecideContext,
): Event {
  return raise(state, { level: 'warn', text: `${text}: ${words}`, agent: isAll ? null : agent, cause }, context);
}

function evolveUsage(state: State, event: Extract<Event, { type: 'agent.usage' }>): State {
  return evolve(state, { seq: state.seq + 1, at: 0, event });
}

function counted(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}
