/**
 * A generated repository with many files and a worktree for each agent, made in seconds: git reads the files from a stream,
 * checks out one worktree, and the others are hard links of it. So nothing here may write a file in place: see `save`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worktree } from '../../../src/adapters/git/api-merge.ts';
import { initRepo } from '../../../src/adapters/git/repo.ts';

const FILES_A_DIRECTORY = 10;
const LINES = 40;

export interface BenchRepository {
  readonly folder: string;
  readonly worktrees: readonly Worktree[];
  /** The n-th of the generated files. */
  path(n: number): string;
  remove(): void;
}

/** Ten files a directory, hundred directories a package, as in large monorepos. */
function pathOfFile(n: number): string {
  const directory = Math.floor(n / FILES_A_DIRECTORY);
  const [pack, module] = [Math.floor(directory / 100), Math.floor(directory / 10) % 10];
  return `packages/p${pack}/src/m${module}/d${directory % 10}/f${n}.ts`;
}

export function fileText(n: number): string {
  const line = (_: unknown, at: number) => `export const v${n}_${at} = ${n * 31 + at}; // line ${at} of file ${n}\n`;
  return Array.from({ length: LINES }, line).join('');
}

export async function generate(files: number, agents: number): Promise<BenchRepository> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-bench-')));
  const repo = join(folder, 'repo');
  mkdirSync(repo);
  await initRepo(repo);
  await importFiles(repo, files);
  const commonDir = join(repo, '.git');
  const worktrees = Array.from({ length: agents }, (_, n): Worktree => {
    const agent = `a${n + 1}`;
    const [dir, branch] = [join(repo, '.llmctl/worktrees', agent), `llmctl/${agent}`];
    git(repo, 'worktree', 'add', '--quiet', '--no-checkout', '-b', branch, dir, 'main');
    return { agent, dir, gitDir: join(commonDir, 'worktrees', agent), commonDir, branch };
  });
  const [first, ...others] = worktrees;
  git(first!.dir, 'reset', '--quiet', '--hard');
  for (const { dir } of others) {
    const names = readdirSync(first!.dir).filter((name) => name !== '.git');
    execFileSync('cp', ['-al', ...names.map((name) => join(first!.dir, name)), dir]);
  }
  // A link more changes the time that git compares; one refresh serves all, for they are the same files.
  git(first!.dir, 'update-index', '--refresh', '-q');
  for (const { gitDir } of others) copyFileSync(join(first!.gitDir, 'index'), join(gitDir, 'index'));
  // Else its writing to the disk is measured too.
  execFileSync('sync');
  return { folder, worktrees, path: pathOfFile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** git-fast-import(1). */
async function importFiles(repo: string, files: number): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: repo, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number]>;
  const put = async (text: string) => {
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  };
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  await put(`commit refs/heads/main\ncommitter b <b@b> 0 +0000\n${data('base')}`);
  await put(`M 100644 inline .gitignore\n${data('node_modules/\ndist/\n*.log\n')}`);
  for (let n = 0; n < files; n++) await put(`M 100644 inline ${pathOfFile(n)}\n${data(fileText(n))}`);
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** As editors and agents do: beside it, then in its place. */
export function save(worktree: Worktree, path: string, text: string): void {
  const file = join(worktree.dir, path);
  writeFileSync(`${file}.tmp~`, text);
  renameSync(`${file}.tmp~`, file);
}
