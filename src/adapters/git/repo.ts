/** Where a repository is, and making one. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runGit } from './run.ts';

export interface GitDirs {
  /** Top of the working tree, symlinks resolved. */
  readonly top: string;
  /** HEAD and index of this working tree. */
  readonly gitDir: string;
  /** refs, packed-refs and config, shared by all worktrees. */
  readonly commonDir: string;
}

export type FoundRepo =
  | { readonly ok: true; readonly dirs: GitDirs }
  /** `none`: there is no working tree here, which may be just as it should be; else git refuses it. */
  | { readonly ok: false; readonly none: boolean; readonly reason: string };

/** Never rejects. A bare repository and the inside of .git count as none. */
export async function findRepository(dir: string): Promise<FoundRepo> {
  const args = ['rev-parse', '--path-format=absolute', '--show-toplevel', '--absolute-git-dir', '--git-common-dir'];
  const run = await runGit(dir, args);
  if (!run.ok) {
    const none = /not a git repository|must be run in a work tree|folder is gone/.test(run.reason);
    return { ok: false, none, reason: run.reason };
  }
  // A path may hold a newline: only the whole output of a path at a time is unambiguous then.
  const lines = run.stdout.toString().split('\n');
  const [top, gitDir, commonDir] = lines;
  const dirs = lines.length === 4 ? { top: top!, gitDir: gitDir!, commonDir: commonDir! } : await oneByOne(dir);
  return dirs ? { ok: true, dirs } : { ok: false, none: false, reason: 'git names no working tree' };
}

/** null where `dir` is in no working tree that git would look at. */
export async function gitDirs(dir: string): Promise<GitDirs | null> {
  const found = await findRepository(dir);
  return found.ok ? found.dirs : null;
}

async function oneByOne(dir: string): Promise<GitDirs | null> {
  const ask = async (flag: string) => {
    const run = await runGit(dir, ['rev-parse', '--path-format=absolute', flag]);
    return run.ok ? run.stdout.toString().slice(0, -1) : null;
  };
  const [top, gitDir, commonDir] = [
    await ask('--show-toplevel'),
    await ask('--absolute-git-dir'),
    await ask('--git-common-dir'),
  ];
  return top && gitDir && commonDir ? { top, gitDir, commonDir } : null;
}

/** Absolute top of the working tree around `dir`; null where there is none. */
export async function gitTopLevel(dir: string): Promise<string | null> {
  return (await gitDirs(dir))?.top ?? null;
}

export async function isInsideWorktree(dir: string): Promise<boolean> {
  return (await gitDirs(dir)) !== null;
}

export type InitResult = { readonly ok: true; readonly repo: string } | { readonly ok: false; readonly reason: string };

/** `git init` with branch main, no template of hooks. A repository that exists is left as it is. */
export async function initRepo(dir: string): Promise<InitResult> {
  const run = await runGit(dir, ['init', '--quiet', '--template=', '--initial-branch=main', resolve(dir)]);
  if (!run.ok) return { ok: false, reason: `git init failed in ${dir}: ${run.reason}` };
  return { ok: true, repo: await realpath(dir) };
}

/** Commit of HEAD in 40 or 64 hex digits; '' before the first commit or outside a repository. */
export async function headCommit(dir: string): Promise<string> {
  const run = await runGit(dir, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return run.ok ? run.stdout.toString().trim() : '';
}

/** The least git that is known to work: 2.38 brought `merge-tree --write-tree`. */
export const LEAST_GIT = [2, 38] as const;

/** "2.39.5" of `git version 2.39.5 (Apple Git-154)`; null where git can't be run. */
export async function gitVersion(env?: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const run = await runGit('/', ['--version'], { timeoutMs: 2000, env });
  return run.ok ? (/(\d+\.\d+(\.\d+)*)/.exec(run.stdout.toString())?.[1] ?? null) : null;
}
