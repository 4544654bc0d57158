/** What went into each task. */
import { minus, plus, spentBy, withUsage } from '../agents/usage.ts';
import type { RunEvent } from '../model/run-facts.ts';
import { NOTHING_SPENT } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { inHandOf } from '../schedule/standing.ts';

/** @param state before the event */
export function spentOnTask(state: State, event: Extract<RunEvent, { type: 'agent.usage' }>): State['spent'] {
  const agent = own(state.agents, event.agent);
  const task = inHandOf(state.work, event.agent)?.id;
  if (agent === undefined || task === undefined) return state.spent;
  const more = minus(spentBy(withUsage(agent.usage, event.usage)), spentBy(agent.usage));
  return { ...state.spent, [task]: plus(own(state.spent, task) ?? NOTHING_SPENT, more) };
}
