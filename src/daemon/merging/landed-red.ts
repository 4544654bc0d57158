/** What happens by itself when a check of the integration branch is red, as far as the plan wants it. */
import { COORDINATOR } from '../../core/model/agent.ts';
import { own } from '../../core/model/work.ts';
import type { PlanIntegration } from '../../core/plan/model.ts';
import type { Room } from '../room.ts';
import type { Blaming } from './blaming.ts';
import type { Landings } from './landings.ts';
import type { Rollbacks } from './rollbacks.ts';

export interface RedParts {
  readonly room: Room;
  readonly landings: Landings;
  readonly blame: Blaming;
  readonly rollbacks: Rollbacks;
  readonly integration: PlanIntegration;
}

/** Never rejects: what can't be done is said as an alert. */
export async function landedRed(parts: RedParts, name: string): Promise<void> {
  const { room, blame, rollbacks, integration } = parts;
  const red = integration.red ?? 'blame';
  if (red === 'off' || !room.state.landings.some(({ state }) => state === 'landed')) {
    room.dispatch({ type: 'health.tell', name });
    return;
  }
  const cause = `red:${name}`;
  try {
    await blame.run(name);
    const inquiry = own(room.state.health, name)?.inquiry ?? null;
    const found = inquiry?.blame;
    // Whoever is to blame is told by that; what is flaky is nobody's.
    if (inquiry?.verdict === 'hand' || inquiry?.verdict === 'before') room.dispatch({ type: 'health.tell', name });
    if (red === 'rollback' && found) {
      const wanted = { type: 'landing.rollback', landing: found.landing, undo: false, untested: false } as const;
      const asked = room.dispatch({ ...wanted, by: COORDINATOR });
      if (!asked.ok) throw new Error(asked.refusal.refused);
      await rollbacks.run(wanted, COORDINATOR);
    }
    room.dispatch({ type: 'alert.over', cause });
  } catch (error) {
    const text = `${name} is red, and it could not be settled: ${(error as Error).message}`;
    room.dispatch({ type: 'alert', level: 'error', text, agent: null, cause });
  }
}
