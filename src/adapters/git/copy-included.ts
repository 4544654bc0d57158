/** Files that git leaves out and a new worktree needs all the same (`.env`), named in .worktreeinclude or by the plan. */
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { GitPath } from './api-merge.ts';
import { bytesOf, fieldsOf, fileAt, pathOf } from './path-bytes.ts';
import { runGit } from './run.ts';

/** More than this is a folder of packages, not settings. */
const COPY_LIMIT = 5_000;

/** @returns what was copied. A file that is there already stays; one that can't be copied is left out. */
export async function copyIncluded(from: string, to: string, patterns: readonly string[]): Promise<GitPath[]> {
  const list = join(from, '.worktreeinclude');
  const hasList = await stat(list).then(
    (found) => found.isFile(),
    () => false,
  );
  const named = [...(hasList ? [`--exclude-from=${list}`] : []), ...patterns.map((pattern) => `--exclude=${pattern}`)];
  if (named.length === 0) return [];
  const run = await runGit(from, ['ls-files', '-z', '--others', '--ignored', ...named]);
  if (!run.ok) return [];
  const copied: GitPath[] = [];
  for (const path of fieldsOf(run.stdout).map(pathOf).slice(0, COPY_LIMIT)) {
    if (path === '.llmctl' || path.startsWith('.llmctl/') || path.endsWith('/')) continue;
    if (await copyOne(from, to, path)) copied.push(path);
  }
  return copied;
}

async function copyOne(from: string, to: string, path: GitPath): Promise<boolean> {
  const target = fileAt(to, path);
  try {
    if (!(await lstat(fileAt(from, path))).isFile()) return false;
    const folder = dirname(path);
    const parent = folder === '.' ? Buffer.from(to) : Buffer.concat([Buffer.from(`${to}/`), bytesOf(folder)]);
    await mkdir(parent, { recursive: true });
    // A tracked symlink to a folder must not lead the copy out of the worktree.
    const real = await realpath(parent, 'buffer');
    if (real.compare(Buffer.from(to)) !== 0 && !real.subarray(0, to.length + 1).equals(Buffer.from(to + sep)))
      return false;
    await copyFile(fileAt(from, path), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch {
    return false;
  }
}
