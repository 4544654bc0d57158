/** Makes the demo's throw-away repository, and takes away what it made. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from '../../errors.ts';
import { ABACUS } from './abacus.ts';

const PREFIX = 'llmctl-demo-';
/** Beside the repository: says that `down` deletes what is around it. */
const MARK = '.llmctl-demo';
const execute = promisify(execFile);

export interface DemoProject {
  /** The repository. */
  readonly repo: string;
  /** The folder around it that was made for it, and that is deleted with it. */
  readonly folder: string;
}

/**
 * @param keep nobody but the person deletes it
 * @throws CliError where git is missing or the folder can't be written
 */
export async function makeProject(plan: string, keep: boolean): Promise<DemoProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), PREFIX)));
  const repo = join(folder, 'abacus');
  await mkdir(repo);
  await git(repo, 'init', '--quiet', '--initial-branch=main');
  // The person's own identity, signing and hooks stay out of a throw-away repository.
  const settings = { 'user.name': 'Abacus', 'user.email': 'abacus@localhost', 'commit.gpgsign': 'false' };
  for (const [key, value] of Object.entries(settings)) await git(repo, 'config', key, value);
  await git(repo, 'config', 'core.hooksPath', '/dev/null');
  for (const { message, files } of ABACUS) {
    for (const { path, text } of files) await put(join(repo, path), text);
    await git(repo, 'add', '--', ...files.map(({ path }) => path));
    await git(repo, 'commit', '--quiet', '-m', message);
  }
  await put(join(repo, 'llmctl.yaml'), plan);
  await git(repo, 'add', '--', 'llmctl.yaml');
  await git(repo, 'commit', '--quiet', '-m', 'A plan for four agents');
  if (!keep) await put(join(folder, MARK), 'Made by `llmctl demo`; deleted by `llmctl down`.\n');
  return { repo, folder };
}

/** The demo's project around `repo`; null where it is anything else, or is to be kept. */
export function demoProjectOf(repo: string): DemoProject | null {
  const folder = dirname(repo);
  return basename(folder).startsWith(PREFIX) && existsSync(join(folder, MARK)) ? { repo, folder } : null;
}

/** Deletes the project's folder; nothing that `makeProject` didn't make. */
export async function deleteProject({ folder }: DemoProject): Promise<void> {
  if (!basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function git(repo: string, ...args: readonly string[]): Promise<void> {
  try {
    await execute('git', ['-C', repo, ...args]);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CliError(missing ? 'git is not on the PATH: install it' : `git ${args[0]}: ${(error as Error).message}`);
  }
}
