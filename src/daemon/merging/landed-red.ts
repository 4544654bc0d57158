/** What happens by itself when a check of the integration branch is red, as far as the plan wants it. */
import { COORDINATOR } from '../../core/model/agent.ts';
import { own } from '../../core/model/work.ts';
import type { PlanIntegration } from '../../core/plan/model.ts';
import { DEFAULT_RED, type PlanRed } from '../../core/plan/red.ts';
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
  const { room, integration } = parts;
  const red = integration.red ?? DEFAULT_RED;
  const landed = room.state.landings.some(({ state }) => state === 'landed');
  if (red.blame !== 'auto' || !landed) {
    room.dispatch({ type: 'health.tell', name });
    if (red.blame === 'ask' && landed)
      ask(room, name, `${name} is red: \`llmctl blame-build ${name}\` looks for who broke it`);
    return;
  }
  try {
    await settle(parts, red, name);
    room.dispatch({ type: 'alert.over', cause: causeOf(name) });
  } catch (error) {
    // Whoever stands still for it could not mend it.
    room.dispatch({ type: 'health.release', name });
    ask(room, name, `${name} is red, and it could not be settled: ${(error as Error).message}`);
  }
}

async function settle({ room, blame, rollbacks }: RedParts, red: PlanRed, name: string): Promise<void> {
  await blame.run(name);
  const inquiry = own(room.state.health, name)?.inquiry ?? null;
  const found = inquiry?.blame;
  // Whoever is to blame is told by that; what is flaky is nobody's.
  if (inquiry?.verdict === 'hand' || inquiry?.verdict === 'before') room.dispatch({ type: 'health.tell', name });
  if (!found) return;
  if (red.pause === 'auto') {
    room.dispatch({ type: 'health.hold', name, others: red.others === 'pause' });
  } else if (red.pause === 'ask') {
    const text = `${found.agent} broke ${name}: \`llmctl pause ${found.agent}\` until it is taken out or mended?`;
    room.dispatch({ type: 'alert', level: 'warn', text, agent: found.agent, cause: `pause:${name}` });
  }
  if (red.rollback !== 'auto') return;
  const wanted = { type: 'landing.rollback', landing: found.landing, undo: false, untested: false } as const;
  const asked = room.dispatch({ ...wanted, by: COORDINATOR });
  if (!asked.ok) throw new Error(asked.refusal.refused);
  await rollbacks.run(wanted, COORDINATOR);
}

function ask(room: Room, name: string, text: string): void {
  room.dispatch({ type: 'alert', level: 'error', text, agent: null, cause: causeOf(name) });
}

function causeOf(name: string): string {
  return `red:${name}`;
}
