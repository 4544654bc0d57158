/** What an agent's report means for the task that it has in hand. */
import { blockedCause } from '../schedule/causes.ts';
import { failEvents, verifyEvents } from '../schedule/outcomes.ts';
import { inHandOf, standingOf } from '../schedule/standing.ts';
import type { Actor, Agent } from '../model/agent.ts';
import type { ClientCommand, DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import { over, raise } from './alerts.ts';
import { percentOf } from './percent.ts';

type Report = Extract<ClientCommand, { type: 'agent.report' }>;

export function reportOnTask(state: State, agent: Agent, report: Report, context: DecideContext): readonly Event[] {
  const standing = standingOf(state);
  const hand = inHandOf(state.work, agent.spec.id);
  if (standing === null || hand === null) return [];
  const { id, task } = hand;
  const by: Actor = { kind: 'agent', name: agent.spec.id };
  const text = oneLine(report.text, 300);
  const events = artefactsOf(report, id, agent.spec.id, text);
  // What was said to be done is out of its hands until it comes back.
  if (task.stage === 'verifying' || task.stage === 'landing') return events;
  const goesOn: Event[] =
    task.stage === 'blocked' ? [{ type: 'task.unblocked', task: id }, ...over(state, blockedCause(id))] : [];
  switch (report.kind) {
    case 'started':
      return [...events, ...goesOn];
    case 'progress': {
      const percent = percentOf(report.percent);
      const moved = percent !== null && percent !== task.progress;
      return [...events, ...goesOn, ...(moved ? [{ type: 'task.progress', task: id, percent } as const] : [])];
    }
    case 'blocked':
    case 'ask': {
      const reason = text || (report.kind === 'ask' ? 'asks for a person' : 'says it is blocked');
      const words = `${agent.spec.id} ${report.kind === 'ask' ? 'asks' : 'is blocked'} (task ${id}): ${reason}`;
      return [
        ...events,
        { type: 'task.blocked', task: id, reason, by },
        raise(state, { level: 'warn', text: words, agent: agent.spec.id, cause: blockedCause(id) }, context),
      ];
    }
    case 'done':
      return [...events, ...verifyEvents(state, standing, id, by, context)];
    case 'failed':
      return [...events, ...failEvents(state, id, text || `${agent.spec.id} says so`, by, context)];
  }
}

function artefactsOf(report: Report, task: string, agent: string, text: string): Event[] {
  return (report.artefacts ?? []).flatMap((said): Event[] => {
    const path = oneLine(said, 500);
    return path === '' ? [] : [{ type: 'task.artefact', task, agent, path, text }];
  });
}
