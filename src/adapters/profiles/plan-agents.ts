/** The agents of a plan as the coordinator is asked for them. */
import { join } from 'node:path';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { Plan } from '../../core/plan/model.ts';
import { startBrief } from '../../core/plan/prompt/brief.ts';
import { worktreeDir } from '../paths/worktree.ts';
import { resolveProfile } from './load.ts';
import type { Profiles } from './load.ts';

export interface PlanAgents {
  readonly requests: readonly AgentSpec[];
  /** One line for each agent that can't be asked for, with its id. */
  readonly problems: readonly string[];
}

/** Name of the profile shown for an agent that has a command only. */
export const COMMAND_PROFILE = 'command';

/**
 * @param repo absolute: what the agents' `cwd` begins at
 * @param canHaveTrees false where there is no git, or nothing committed yet: all work in the repository itself
 */
export function planAgents(plan: Plan, profiles: Profiles, repo: string, canHaveTrees: boolean): PlanAgents {
  const requests: AgentSpec[] = [];
  const problems: string[] = [];
  for (const agent of plan.agents) {
    const { id, name, env, task } = agent;
    const resolved = agent.profile === null ? null : resolveProfile(profiles, agent.profile);
    if (resolved && !resolved.ok) {
      problems.push(`agent "${id}": ${resolved.reason}`);
      continue;
    }
    const own = canHaveTrees && (agent.workspace ?? plan.workspace.kind) === 'worktree';
    const top = own ? worktreeDir(repo, id) : repo;
    requests.push({
      id,
      name,
      profile: resolved?.profile.id ?? COMMAND_PROFILE,
      command: agent.command ?? resolved?.profile.command ?? [],
      cwd: agent.cwd === '.' ? top : join(top, agent.cwd),
      worktree: own ? top : null,
      env,
      prompt: startBrief(plan, agent),
      task,
      origin: 'plan',
    });
  }
  return { requests, problems };
}
