/** The agents of a plan as the coordinator is asked for them. */
import { join } from 'node:path';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { Plan, PlanAgent } from '../../core/plan/model.ts';
import { startBrief } from '../../core/plan/prompt/brief.ts';
import { fillWords } from '../../core/profile/fill.ts';
import { isProgramOf } from '../../core/profile/launch.ts';
import type { Profile } from '../../core/profile/profile.ts';
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
    const words = resolved === null ? [] : wordsOf(agent, resolved.profile);
    if (words === null) {
      const { title } = resolved!.profile;
      problems.push(`agent "${id}": ${title} can't be started with "permission: ${agent.permission}"; leave it out`);
      continue;
    }
    const own = canHaveTrees && (agent.workspace ?? plan.workspace.kind) === 'worktree';
    const top = own ? worktreeDir(repo, id) : repo;
    requests.push({
      id,
      name,
      profile: resolved?.profile.id ?? COMMAND_PROFILE,
      command: [...(agent.command ?? resolved?.profile.command ?? []), ...words],
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

/** What the plan says of its model and its permissions, as its CLI takes it. @returns null where that has no words for it */
function wordsOf({ command, model, permission }: PlanAgent, profile: Profile): readonly string[] | null {
  if (command !== null && !isProgramOf(profile, command)) return [];
  const { launch } = profile;
  const asks = permission === null ? [] : launch.permission[permission];
  const chosen = model === null ? [] : fillWords(launch.model ?? [], { model });
  return asks && [...chosen, ...asks];
}
