/** Whether the plan ran to its end, and what it waits for where it didn't. */
import { isOpen as isUnderWay } from '../landing/landing.ts';
import { isOver } from '../merge/round.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { areDone, isSettled } from '../schedule/needs.ts';
import { needWords, openNeeds, standingOf, taskState } from '../schedule/standing.ts';

/** What is still open, one line each; none: the plan ran to its end. */
export function openWork(state: State): readonly string[] {
  const standing = standingOf(state);
  if (standing === null) return ['the plan has no tasks, no milestones and no gates: there is nothing to rehearse'];
  const { work, index } = standing;
  const tasks = Object.entries(work.tasks).flatMap(([id, task]) => {
    if (task.stage === 'done' || !task.active) return [];
    const name = taskState(standing, id);
    const why = name === 'waiting' ? `for ${openNeeds(standing, id).map(needWords).join(', ')}` : task.reason;
    return [`task ${id} is ${name}${why === '' ? '' : `: ${why}`}`];
  });
  const gates = [...index.gates.values()].flatMap(({ id, after }) => {
    const isDue = after.length > 0 && areDone(standing, after);
    return isDue && !isSettled(standing, id) ? [`gate ${id} is ${own(work.gates, id)!.state}`] : [];
  });
  const milestones = Object.entries(work.milestones).flatMap(([id, { reachedAt }]) =>
    reachedAt === null ? [`milestone ${id} is not reached`] : [],
  );
  const landings = state.landings.filter(isUnderWay).map(({ agent }) => `the work of ${agent} is landing`);
  const rounds = Object.values(state.rounds)
    .filter((round) => !isOver(round))
    .map(({ sides }) => `${sides.map(({ agent }) => agent).join(' and ')} are being merged`);
  return [...tasks, ...gates, ...milestones, ...landings, ...rounds];
}
