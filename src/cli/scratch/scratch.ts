/** Throw-away repositories of the demo and of rehearsals: made, known again, taken away. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from '../errors.ts';

const PREFIX = { demo: 'llmctl-demo-', rehearsal: 'llmctl-rehearsal-' } as const;
/** Beside the repository: says that `down` deletes what is around it. */
const MARK = '.llmctl-scratch';
const execute = promisify(execFile);

export interface Scratch {
  /** The repository. */
  readonly repo: string;
  /** The folder around it that was made for it, and that is deleted with it. */
  readonly folder: string;
}

export interface ScratchCommit {
  readonly message: string;
  /** By their paths in the repository. */
  readonly files: ReadonlyMap<string, string>;
}

export interface ScratchOptions {
  readonly kind: keyof typeof PREFIX;
  /** Name of the repository's folder. */
  readonly name: string;
  readonly commits: readonly ScratchCommit[];
  /** Nobody but the person deletes it. */
  readonly keep: boolean;
}

/** @throws CliError where git is missing or the folder can't be written */
export async function makeScratch({ kind, name, commits, keep }: ScratchOptions): Promise<Scratch> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), PREFIX[kind])));
  const repo = join(folder, name);
  await mkdir(repo);
  await git(repo, 'init', '--quiet', '--initial-branch=main');
  // The person's own identity, signing and hooks stay out of a throw-away repository.
  const settings = { 'user.name': name, 'user.email': `${name}@localhost`, 'commit.gpgsign': 'false' };
  for (const [key, value] of Object.entries(settings)) await git(repo, 'config', key, value);
  await git(repo, 'config', 'core.hooksPath', '/dev/null');
  for (const commit of commits) await commitFiles(repo, commit);
  if (!keep) await put(join(folder, MARK), `Made by llmctl (${kind}); deleted by \`llmctl down\`.\n`);
  return { repo, folder };
}

/** Writes the files and commits them. @throws CliError */
export async function commitFiles(repo: string, { message, files }: ScratchCommit): Promise<void> {
  for (const [path, text] of files) await put(join(repo, path), text);
  // What is made for it counts, whatever a file of it would ignore.
  await git(repo, 'add', '--force', '--', ...files.keys());
  await git(repo, 'commit', '--quiet', '-m', message);
}

/** The scratch folder around `repo`; null where it is anything else, or is to be kept. */
export function scratchOf(repo: string): Scratch | null {
  const folder = dirname(repo);
  return isOurs(folder) && existsSync(join(folder, MARK)) ? { repo, folder } : null;
}

/** Deletes the folder; nothing that `makeScratch` didn't make. */
export async function deleteScratch({ folder }: Scratch): Promise<void> {
  if (!isOurs(folder)) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function isOurs(folder: string): boolean {
  return Object.values(PREFIX).some((prefix) => basename(folder).startsWith(prefix));
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
