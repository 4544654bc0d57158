/** Which repository a command is about: `--repo`, else the git top level of the folder it was typed in. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { usageError } from './errors.ts';

export interface RepoPlace {
  /** Absolute, symlinks resolved. */
  readonly root: string;
  readonly git: boolean;
}

/** Worktrees of agents live here: a person who stands in one means the session of the repository around it. */
const WORKTREES = `${sep}.llmctl${sep}worktrees${sep}`;

/**
 * Looks for `.git` upwards instead of asking git: every command does this, and a process costs more than the command.
 * @param dir where to start; `cwd` when undefined
 * @throws CliError (usage) where `dir` is no folder
 */
export function findRepo(dir: string | undefined, cwd: string): RepoPlace {
  const start = folder(dir === undefined ? cwd : resolve(cwd, dir));
  const inside = start.indexOf(WORKTREES);
  if (inside > 0 && existsSync(join(start.slice(0, inside), '.git')))
    return { root: start.slice(0, inside), git: true };
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return { root: at, git: true };
    if (dirname(at) === at) return { root: start, git: false };
  }
}

function folder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch {
    throw usageError(`${path}: no such folder (--repo takes a folder)`);
  }
  throw usageError(`${path} is a file: --repo takes a folder`);
}
