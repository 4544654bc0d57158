/** What follows for the plan's work from anything that happens: in the same breath, so that no daemon's death comes between. */
import { evolve } from '../evolve.ts';
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { advance } from '../schedule/advance.ts';
import { isRefusal, type Decision } from './refuse.ts';

/** More rounds than any plan needs: each one moves a task, a gate or a milestone. */
const ROUNDS = 10_000;

export function withConsequences(state: State, decision: Decision, context: DecideContext): Decision {
  if (isRefusal(decision) || !decision.some(matters)) return decision;
  let now = fold(state, decision, context.now);
  if (now.work === null) return decision;
  const events = [...decision];
  for (let round = 0; round < ROUNDS; round++) {
    const next = advance(now, context);
    if (next.length === 0) return events;
    events.push(...next);
    now = fold(now, next, context.now);
  }
  throw new Error("the plan's work does not come to rest");
}

function fold(state: State, events: readonly Event[], at: number): State {
  return events.reduce((now, event) => evolve(now, { seq: now.seq + 1, at, event }), state);
}

/** What agents print, what git sees and the like moves no task. */
function matters({ type }: Event): boolean {
  switch (type) {
    case 'agent.activity':
    case 'agent.progress':
    case 'agent.git':
    case 'agent.sent':
    case 'agent.placed':
    case 'agent.forwarded':
    case 'agent.conversation':
    case 'agent.usage':
    case 'permission.asked':
    case 'permission.answered':
    case 'permission.gone':
    case 'permission.ruled':
    case 'git.observed':
    case 'health.defined':
    case 'health.started':
    case 'health.finished':
    case 'health.stale':
    case 'health.blamed':
    case 'rollback.followed':
    case 'alert.raised':
    case 'alert.cleared':
    case 'alert.acked':
    case 'session.ended':
    case 'merge.policy':
    case 'overlap.seen':
    case 'overlap.gone':
    case 'lock.taken':
    case 'lock.freed':
    case 'milestone.recorded':
    case 'agent.advanced':
    case 'emergency.begun':
    case 'emergency.step':
    case 'emergency.stopped':
    case 'emergency.gone':
    case 'sync.asked':
    case 'sync.held':
      return false;
    default:
      return true;
  }
}
