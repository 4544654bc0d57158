/** Who has which task of the plan in hand. */
import type { AgentId } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { isInHand, type Work } from '../model/work.ts';

const known = new WeakMap<Work, ReadonlyMap<AgentId, string>>();

/** Id of the task that an agent has in hand; null: none. Asked for every agent and frame, so looked up once for each state of the work. */
export function taskInHand({ work }: State, agent: AgentId): string | null {
  if (work === null) return null;
  let hands = known.get(work);
  if (!hands) {
    hands = new Map(
      Object.entries(work.tasks).flatMap(([id, task]) =>
        task.agent !== null && isInHand(task) ? [[task.agent, id] as const] : [],
      ),
    );
    known.set(work, hands);
  }
  return hands.get(agent) ?? null;
}
