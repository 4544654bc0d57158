/** What must be so before a session can start: a git repository (or a person's word that none is wanted), a sound plan. */
import { execFile } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPlan, loadPlan } from '../adapters/planfile/load.ts';
import { problemLine } from '../core/plan/model.ts';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';
import { ask, printError } from './io.ts';
import { loadSettings, problemLines } from './settings.ts';
import { accepts, type StartOptions } from './session.ts';

/**
 * @param options --plan and --no-git as typed
 * @throws CliError with a remedy
 */
export async function prepareStart(
  context: Context,
  options: Readonly<Record<string, unknown>>,
): Promise<StartOptions> {
  // A session that runs is joined as it is: what a start would need, and would refuse, is no matter.
  if (await accepts(context.paths.socket)) return { plan: null, git: context.repo.git };
  const git = options.git !== false;
  if (git) await ensureGit(context);
  const plan = await checkedPlan(context, options.plan);
  for (const line of problemLines(await loadSettings())) printError(line);
  return { plan, git: git && context.repo.git };
}

/**
 * Offers `git init` where the folder is no repository.
 * @throws CliError naming both remedies where nobody can be asked, or the answer is no
 */
export async function ensureGit(context: Context): Promise<void> {
  const { root, git } = context.repo;
  if (git) return;
  const go =
    context.yes || (context.interactive && (await ask(`${root} is no git repository. Run \`git init\`?`, true)));
  if (!go) {
    throw new CliError(`${root} is no git repository: run \`git init\` there, or add --no-git for panes alone`);
  }
  await promisify(execFile)('git', ['init', '--quiet', root]).catch((error: Error) => {
    throw new CliError(`git init failed in ${root}: ${error.message}`);
  });
  context.forgetRepo();
}

/** The plan is read here too, so that a mistake in it is said to the person who made it and not to a log. */
async function checkedPlan(context: Context, named: unknown): Promise<string | null> {
  const path = typeof named === 'string' ? resolve(context.cwd, named) : await findPlan(context.repo.root);
  if (path === null) return null;
  const loaded = await loadPlan(path);
  for (const problem of loaded.ok ? loaded.warnings : loaded.problems) {
    const shown = { ...problem, file: shortest(problem.file, context.cwd) };
    if (problem.severity === 'error') throw new CliError(problemLine(shown));
    printError(problemLine(shown));
  }
  return path;
}

/** A path as people would type it: relative where that is shorter. */
export function shortest(path: string, cwd: string): string {
  const from = relative(cwd, path);
  return from !== '' && from.length < path.length ? from : path;
}
