/** Which of the ready tasks begin now: by priority and critical path, within the limits. */
import { over, raise } from '../decide/alerts.ts';
import { COORDINATOR, type Agent } from '../model/agent.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { isInHand, own } from '../model/work.ts';
import { roundWith } from '../select/overlaps.ts';
import { PERSON_CAUSE } from './causes.ts';
import { neverRan } from './launch.ts';
import { needsStart } from './needs-start.ts';
import type { Standing } from './needs.ts';
import { limitedAccount } from '../agents/account.ts';
import { agentFor, mayStart } from './standing.ts';

/** Ready tasks of agents, in the order in which they begin, and those of people. */
interface Ready {
  readonly ofAgents: readonly { readonly id: string; readonly agent: string }[];
  readonly ofPeople: readonly string[];
}

function readyTasks(standing: Standing): Ready {
  const { work, index } = standing;
  const ready = index.ranked.filter((id) => {
    const task = work.tasks[id]!;
    return task.stage === 'open' && task.active && mayStart(standing, id);
  });
  const open = new Set(ready);
  // An order that is only preferred counts among those that could begin now.
  const later = new Set(ready.filter((id) => (index.after.get(id) ?? []).some((other) => open.has(other))));
  const ordered = later.size === 0 ? ready : [...ready.filter((id) => !later.has(id)), ...later];
  const ofAgents: { id: string; agent: string }[] = [];
  const ofPeople: string[] = [];
  for (const id of ordered) {
    const agent = agentFor(standing, id);
    if (agent === null) ofPeople.push(id);
    else ofAgents.push({ id, agent });
  }
  return { ofAgents, ofPeople };
}

export function startTasks(state: State, standing: Standing, context: DecideContext): readonly Event[] {
  const { work } = standing;
  const { ofAgents, ofPeople } = readyTasks(standing);
  const events: Event[] = [...offer(state, standing, ofPeople, context)];
  if (Object.keys(work.holds).length > 0) return events;
  const busy = new Set<string>();
  for (const task of Object.values(work.tasks)) if (task.agent !== null && isInHand(task)) busy.add(task.agent);
  const most = work.plan.limits?.agents ?? Number.POSITIVE_INFINITY;
  for (const { id, agent: name } of ofAgents) {
    if (busy.size >= most) break;
    const agent = busy.has(name) ? undefined : own(state.agents, name);
    if (!agent || !isFree(state, agent) || limitedAccount(state, agent) !== null) continue;
    busy.add(name);
    events.push({ type: 'task.started', task: id, agent: name, by: COORDINATOR, forced: false });
    if (needsStart(agent)) {
      events.push({ type: 'agent.starting', agent: name, reason: `for task ${id}`, by: COORDINATOR });
    }
  }
  return events;
}

/** What a person paused, stopped or is asked by gets nothing new; what never ran is started. */
function isFree(state: State, agent: Agent): boolean {
  if (agent.pending !== null || agent.retryAt || roundWith(state, agent.spec.id) !== null) return false;
  switch (agent.status.state) {
    case 'paused':
    case 'limited':
    case 'failed':
      return false;
    case 'stopped':
      return neverRan(agent);
    default:
      return true;
  }
}

const LISTED = 5;

/** Tasks that no agent does are a person's: said once, in one line for all of them. */
function offer(state: State, { work }: Standing, ready: readonly string[], context: DecideContext): readonly Event[] {
  const fresh = ready.filter((id) => work.tasks[id]!.offered === false);
  const shown = state.alerts.find(({ cause }) => cause === PERSON_CAUSE);
  if (ready.length === 0) return shown ? over(state, PERSON_CAUSE) : [];
  if (fresh.length === 0) return [];
  const listed = ready.slice(0, LISTED).join(', ');
  const more = ready.length > LISTED ? ` and ${ready.length - LISTED} more` : '';
  const verb = ready.length === 1 ? 'waits for a person' : 'wait for a person';
  const text = `${ready.length === 1 ? 'task' : 'tasks'} ${listed}${more} ${verb}: \`llmctl task done ${ready[0]!}\` once it is done`;
  return [
    ...fresh.map((task): Event => ({ type: 'task.offered', task })),
    raise(state, { level: 'info', text, agent: null, cause: PERSON_CAUSE }, context),
  ];
}
