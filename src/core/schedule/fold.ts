/** What happens to the work where agents end and sessions do. */
import type { AgentId } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import { isOpen, type Landing } from '../landing/landing.ts';
import { isInHand, own, type TaskWork, type Work } from '../model/work.ts';

export function withTask(work: Work, id: string, change: (task: TaskWork) => TaskWork): Work {
  const task = own(work.tasks, id);
  const next = task && change(task);
  return next === task || next === undefined ? work : { ...work, tasks: { ...work.tasks, [id]: next } };
}

/** @param landings the queue: what is in it lands without its agent */
export function mendWork(work: Work, event: Event, landings: readonly Landing[], at: number): Work {
  switch (event.type) {
    case 'agent.exited':
    case 'agent.start-failed':
    case 'agent.starting':
      return unbriefed(work, event.agent);
    case 'session.ended':
      return ended(work, new Set(landings.filter(isOpen).map(({ task }) => task)), at);
    default:
      return work;
  }
}

/** Its next program knows nothing of the task. */
function unbriefed(work: Work, agent: AgentId): Work {
  for (const [id, task] of Object.entries(work.tasks)) {
    if (task.agent !== agent || !isInHand(task) || task.brief === 'none') continue;
    return withTask(work, id, (one) => ({ ...one, brief: 'none' }));
  }
  return work;
}

/** Nobody has anything in hand any more; what was done stays done. */
function ended(work: Work, queued: ReadonlySet<string | null>, at: number): Work {
  const tasks = Object.entries(work.tasks).map(([id, task]): [string, TaskWork] => [
    id,
    isInHand(task) && !(task.stage === 'landing' && queued.has(id))
      ? { ...task, stage: 'open', since: at, agent: null, brief: 'none', run: null }
      : task,
  ]);
  const gates = Object.entries(work.gates).map(([id, gate]) => [
    id,
    gate.state === 'running' ? { ...gate, state: 'pending' as const, since: at, run: null } : gate,
  ]);
  return { ...work, tasks: Object.fromEntries(tasks), gates: Object.fromEntries(gates), holds: {} };
}
