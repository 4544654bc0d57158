/** Whether more was spent than the plan wants. */
import type { PlanAmount, PlanBudget } from '../plan/sections/agents-limits.ts';
import { NOTHING_SPENT, type Spent } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { inHandOf } from '../schedule/standing.ts';
import { plus, spentBy } from './usage.ts';

/** What is over its budget, in words. */
export interface Overspent {
  /** One alert for each. */
  readonly cause: string;
  readonly text: string;
  /** Of the session, not of one agent or task alone. */
  readonly isAll: boolean;
}

/** Told before all of it is gone. */
const NEAR = 0.8;

export function spentByAll(state: State): Spent {
  return Object.values(state.agents).reduce((sum, { usage }) => plus(sum, spentBy(usage)), NOTHING_SPENT);
}

/** @param state after what the agent spent last */
export function overspent(state: State, budget: PlanBudget, agent: string): readonly Overspent[] {
  const task = inHandOf(state.work, agent)?.id ?? null;
  const looked = [
    look(budget.session, spentByAll(state), 'the session', 'session'),
    look(budget.agent, spentBy(own(state.agents, agent)?.usage), `agent ${agent}`, `agent:${agent}`),
    task === null ? null : look(budget.task, own(state.spent, task) ?? NOTHING_SPENT, `task ${task}`, `task:${task}`),
  ];
  return looked.filter((one) => one !== null);
}

/** The same, where it is nearly spent. */
export function nearlySpent(state: State, budget: PlanBudget, agent: string): readonly Overspent[] {
  const scaled = (amount: PlanAmount | null): PlanAmount | null =>
    amount && { costUsd: share(amount.costUsd), tokens: share(amount.tokens) };
  const { session, agent: each, task, over } = budget;
  return overspent(state, { session: scaled(session), agent: scaled(each), task: scaled(task), over }, agent);
}

function share(limit: number | null): number | null {
  return limit === null ? null : limit * NEAR;
}

function look(amount: PlanAmount | null, spent: Spent, who: string, cause: string): Overspent | null {
  const isAll = cause === 'session';
  const named = `budget:${cause}`;
  if (amount?.costUsd !== null && amount?.costUsd !== undefined && spent.costUsd >= amount.costUsd) {
    return { cause: named, text: `${who} has spent $${spent.costUsd.toFixed(2)}`, isAll };
  }
  if (amount?.tokens !== null && amount?.tokens !== undefined && spent.tokens >= amount.tokens) {
    return { cause: named, text: `${who} has used ${spent.tokens} tokens`, isAll };
  }
  return null;
}
