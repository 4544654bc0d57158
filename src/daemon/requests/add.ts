/** From "an agent of this profile, or with this command" to what the coordinator is asked for. */
import { statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { STATE_FOLDER, worktreeDir } from '../../adapters/paths/worktree.ts';
import { loadProfiles, resolveProfile, type Profiles } from '../../adapters/profiles/load.ts';
import { COMMAND_PROFILE } from '../../adapters/profiles/plan-agents.ts';
import { findProgram } from '../../adapters/ptyhost/find-program.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { WorkspaceKind } from '../../core/plan/model.ts';
import { showControls } from '../../core/text.ts';
import type { AddRequest } from '../../protocol/messages.ts';
import { cleanPath, type Install } from '../environment.ts';
import { RequestError } from './failure.ts';

export interface AddContext {
  /** Absolute. */
  readonly repo: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly install: Install;
  /** Where an agent works that isn't told otherwise. */
  readonly workspace: WorkspaceKind;
  readonly canHaveTrees: boolean;
}

/**
 * Looks the program up before anything opens.
 * @throws RequestError saying what isn't there and where it was looked for
 */
export async function resolveAdd(asked: AddRequest, context: AddContext): Promise<AgentSpec> {
  const { command, profile, install } = await launch(asked, context);
  const { repo } = context;
  const cwd = resolve(repo, asked.cwd ?? '.');
  const folder = statSync(cwd, { throwIfNoEntry: false });
  if (!folder?.isDirectory())
    throw new RequestError('not-found', `${showControls(cwd)}: no such folder to start it in`);
  const path = cleanPath(asked.path ?? context.env.PATH ?? '', context.install.packageRoot);
  // As it will be found once it runs: llmctl itself is in reach of every agent.
  const found = findProgram(command[0] ?? '', [context.install.binFolder, path].join(':'), cwd);
  if (!found.ok) {
    const hint = install === '' ? '' : `; to install it: ${install}`;
    throw new RequestError('not-found', showControls(found.error) + hint);
  }
  const worktree = ownTree(asked, cwd, context);
  return {
    id: asked.id,
    name: asked.name ?? asked.id,
    profile,
    command,
    cwd: worktree === null ? cwd : join(worktree, relative(repo, cwd)),
    worktree,
    env: asked.path === undefined ? {} : { PATH: path },
    prompt: asked.prompt ?? null,
    task: null,
    origin: 'person',
  };
}

/** A folder outside of the repository, or inside of somebody's worktree, is meant as it is. */
function ownTree(asked: AddRequest, cwd: string, { repo, workspace, canHaveTrees }: AddContext): string | null {
  if (!canHaveTrees || (asked.workspace ?? workspace) === 'shared') return null;
  const inside = relative(repo, cwd);
  const outside = inside.startsWith('..') || isAbsolute(inside) || inside.split('/')[0] === STATE_FOLDER;
  return outside ? null : worktreeDir(repo, asked.id);
}

async function launch(
  asked: AddRequest,
  context: AddContext,
): Promise<{ command: readonly string[]; profile: string; install: string }> {
  const profiles = await loadProfiles(context.env);
  const own = asked.command ?? [];
  if (asked.profile === undefined) {
    if (own.length === 0)
      throw new RequestError('invalid', `agent ${showControls(asked.id)} needs a command or a profile`);
    return { command: own, profile: profileOf(own[0]!, profiles), install: '' };
  }
  const resolved = resolveProfile(profiles, asked.profile);
  if (!resolved.ok) throw new RequestError('not-found', showControls(resolved.reason), resolved.nearest);
  const { id, command, install } = resolved.profile;
  return { command: own.length > 0 ? own : command, profile: id, install };
}

/** `llmctl run x -- claude` is Claude Code all the same. */
function profileOf(program: string, profiles: Profiles): string {
  const name = basename(program);
  return profiles.byId.get(name)?.command[0] === name ? name : COMMAND_PROFILE;
}
