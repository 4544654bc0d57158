/** What follows from how things stand: tasks begin, gates are looked at, milestones are reached. One round; more may follow. */
import type { DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { followGates } from './follow-gates.ts';
import { followHandovers } from './follow-handovers.ts';
import { followTasks } from './follow-tasks.ts';
import { launchAgents } from './launch.ts';
import { areDone, isSettled, type Standing } from './needs.ts';
import { gatesOf } from './plan-index.ts';
import { standingOf } from './standing.ts';
import { startTasks } from './start-tasks.ts';

export function advance(state: State, context: DecideContext): readonly Event[] {
  const standing = standingOf(state);
  if (standing === null) return [];
  const settled = [
    ...followTasks(state, standing, context),
    ...followHandovers(state, standing),
    ...reached(state, standing),
    ...followGates(state, standing, context),
  ];
  // What starts depends on all of that: it is looked at when nothing of it is left.
  if (settled.length > 0) return settled;
  const started = startTasks(state, standing, context);
  // An agent that is started for a task is started already.
  return started.length > 0 ? started : launchAgents(state, standing);
}

function reached(state: State, standing: Standing): Event[] {
  const { work, index } = standing;
  return [...index.milestones.values()].flatMap((milestone): Event[] => {
    if (own(work.milestones, milestone.id)?.reachedAt !== null) return [];
    const isDone =
      areDone(standing, milestone.tasks) && gatesOf(index, milestone).every((id) => isSettled(standing, id));
    return isDone ? [{ type: 'milestone.reached', milestone: milestone.id, commit: tipOf(state) }] : [];
  });
}

/** Where the work that has landed is; null where none did. */
function tipOf({ landings, git, session }: State): string | null {
  const landed = landings.findLast(({ state }) => state === 'landed');
  if (landed) return landed.merge;
  // Without a branch of its own the work is in what is checked out.
  return session.integration === '' || session.integration === undefined ? (git?.head ?? null) : null;
}
