/** The plan's order of launch: who and what is started when. */
import { COORDINATOR, type Agent } from '../model/agent.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import type { PlanLaunchStep } from '../plan/sections/working.ts';
import { areDone, type Standing } from './needs.ts';

export type LaunchState = 'waiting' | 'open' | 'started';

/** All that the step waits for is done. */
function isReached(standing: Standing, { after }: PlanLaunchStep): boolean {
  return areDone(standing, after);
}

/** `open`: nothing holds it back any more; `started`: all of it has begun. */
export function launchState(state: State, standing: Standing, step: PlanLaunchStep): LaunchState {
  const begun = step.start.every((id) => {
    const agent = own(state.agents, id);
    if (agent) return !isUnstarted(agent);
    const tasks = standing.index.members.get(id) ?? [id];
    return tasks.every((task) => (own(standing.work.tasks, task)?.startedAt ?? null) !== null);
  });
  return begun && step.start.length > 0 ? 'started' : isReached(standing, step) ? 'open' : 'waiting';
}

/** Agents that a step names are started with it; tasks begin by what they need, the steps among that. */
export function launchAgents(state: State, standing: Standing): readonly Event[] {
  const { plan, holds } = standing.work;
  if (Object.keys(holds).length > 0) return [];
  return plan.launch.flatMap((step, at): readonly Event[] => {
    if (!isReached(standing, step)) return [];
    return step.start.flatMap((id): readonly Event[] => {
      const agent = own(state.agents, id);
      if (!agent || !isUnstarted(agent)) return [];
      const reason = `in the order of launch: ${step.title ?? `step ${at + 1}`}`;
      return [{ type: 'agent.starting', agent: id, reason, by: COORDINATOR }];
    });
  });
}

function isUnstarted(agent: Agent): boolean {
  return neverRan(agent) && agent.status.state === 'stopped';
}

export function neverRan({ exit, quickExits, run, restarts }: Agent): boolean {
  return exit === null && quickExits === 0 && run === null && restarts === 0;
}

/** True for an agent that waits for its step, instead of being started with the session. */
export function isLaunched(steps: readonly PlanLaunchStep[], agent: string): boolean {
  return steps.some(({ start, after }) => after.length > 0 && start.includes(agent));
}
