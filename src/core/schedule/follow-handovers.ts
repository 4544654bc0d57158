/** Handovers: given once what is owed is there; the receiver hears where it is. */
import { toldAs } from '../agents/told.ts';
import { COORDINATOR, isLive } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own, type Artefact } from '../model/work.ts';
import type { PlanHandover } from '../plan/sections/working.ts';
import { handoverWords } from './briefing.ts';
import type { Standing } from './needs.ts';
import { inHandOf } from './standing.ts';

export function followHandovers(state: State, standing: Standing): readonly Event[] {
  const { work, index } = standing;
  const events: Event[] = [];
  for (const [id, handover] of index.handovers) {
    if (own(work.handovers, id)?.givenAt !== null) continue;
    const given = givenBy(standing, handover);
    if (given === null) continue;
    events.push({ type: 'handover.given', handover: id, path: given.path, by: COORDINATOR });
    events.push(...tell(state, standing, handover, given.path));
  }
  return events;
}

/** Where it is, once every giver is done or has said where it is; null before. */
function givenBy({ work, index }: Standing, handover: PlanHandover): { readonly path: string } | null {
  let path = handover.path ?? '';
  for (const from of handover.from) {
    const tasks = index.tasks.has(from)
      ? [from]
      : [...index.tasks.values()].filter(({ agent }) => agent === from).map(({ id }) => id);
    const made = tasks.flatMap((id) => own(work.tasks, id)?.artefacts ?? []).find((one) => isIt(one, handover));
    if (made) path = made.path;
    const done = tasks.length > 0 && tasks.every((id) => own(work.tasks, id)?.stage === 'done');
    if (!made && !done) return null;
  }
  return { path };
}

function isIt({ path, text }: Artefact, handover: PlanHandover): boolean {
  if (handover.path !== null) return path === handover.path;
  return text.toLowerCase().includes(handover.artefact.toLowerCase());
}

/** Those who have the receiving task in hand; all others read of it in their brief. */
function tell(state: State, { work }: Standing, handover: PlanHandover, path: string): readonly Event[] {
  return Object.values(state.agents).flatMap((agent): Event[] => {
    const hand = inHandOf(work, agent.spec.id);
    const receives = handover.to.includes(agent.spec.id) || (hand !== null && handover.to.includes(hand.id));
    if (!receives || hand === null || hand.task.brief === 'none' || !isLive(agent)) return [];
    const text = toldAs(agent, `llmctl: handed over to you ${handoverWords(handover, path)}.`);
    return [{ type: 'agent.sent', agent: agent.spec.id, text, enter: true, by: COORDINATOR }];
  });
}
