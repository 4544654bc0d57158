/** Files of a worktree read and replaced byte for byte, never through a symlink, never over something unexpected. */
import { randomBytes } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import type { FileChange, FileState, GitPath, Oid } from './api-merge.ts';
import type { KeptPlan } from './kept-plan.ts';
import { oidOf, readBlobs } from './objects.ts';
import { fileAt } from './path-bytes.ts';
import { GitError, MovedError } from './plumb.ts';
import type { Git } from './plumb.ts';
import type { Trees } from './trees.ts';

export interface DiskFile {
  readonly mode: FileState['mode'];
  readonly bytes: Buffer;
}

/** null where nothing is there, or an empty folder. Throws GitError on what git could not keep there. */
export async function readDisk(dir: string, path: GitPath): Promise<DiskFile | null> {
  const file = fileAt(dir, path);
  try {
    if (await behindSymlink(dir, path)) return null;
    const found = await lstat(file);
    if (found.isSymbolicLink()) return { mode: '120000', bytes: await readlink(file, 'buffer') };
    if (found.isFile()) return { mode: found.mode & 0o100 ? '100755' : '100644', bytes: await readFile(file) };
    if (found.isDirectory()) return null;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw new GitError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, null);
  }
  throw new GitError(`${path} is neither a file nor a symlink`, null);
}

export function stateOf(file: DiskFile | null, like: Oid): FileState | null {
  return file && { mode: file.mode, oid: oidOf('blob', file.bytes, like) };
}

export function sameState(a: FileState | null, b: FileState | null): boolean {
  return a === b || (a !== null && b !== null && a.mode === b.mode && a.oid === b.oid);
}

export interface TransitionOptions {
  /** For files on their way in: on the worktree's file system where possible. */
  readonly stage: string;
  /** Where blobs are read from without starting a git; left out, one is started. */
  readonly trees?: Trees;
  /** Called before each write; for tests that stop in the middle. */
  readonly beforeWrite?: (path: GitPath) => void | Promise<void>;
}

/**
 * Takes every file from `from` to `to`. Done already is done; a file that is neither throws MovedError before anything is
 * written. May be stopped anywhere and repeated.
 */
export async function transition(
  git: Git,
  like: Oid,
  changes: readonly FileChange[],
  options: TransitionOptions,
): Promise<void> {
  const due: FileChange[] = [];
  for (const change of changes) {
    const now = stateOf(await readDisk(git.dirs.dir, change.path), like);
    if (sameState(now, change.to)) continue;
    if (!sameState(now, change.from)) throw new MovedError(`${change.path} changed meanwhile; nothing was written`);
    due.push(change);
  }
  // Deletions first: a file may make room for a folder of its name.
  const deletions = due.filter((change) => !change.to);
  const writes = due.filter((change) => change.to);
  const oids = writes.map((change) => change.to!.oid);
  const blobs = await (options.trees ? options.trees.blobs(oids) : readBlobs(git, oids));
  for (const change of deletions) {
    await options.beforeWrite?.(change.path);
    await unlink(fileAt(git.dirs.dir, change.path));
    await removeEmptyFolders(git.dirs.dir, change.path);
  }
  for (const [i, change] of writes.entries()) {
    await options.beforeWrite?.(change.path);
    await replace(git.dirs.dir, change, blobs[i]!, options.stage);
  }
}

/** Folders of submodules that are not checked out here. */
export async function makeSubmoduleFolders(git: Git, { folders }: Pick<KeptPlan, 'folders'>): Promise<void> {
  for (const path of folders ?? []) {
    await makeFolders(git.dirs.dir, path);
    const there = await lstat(fileAt(git.dirs.dir, path)).catch(() => null);
    if (!there) await mkdir(fileAt(git.dirs.dir, path));
  }
}

/** `changes` the other way round, one after the other: what is to go first, for it may be in the way of what comes back. */
export function reversed(changes: readonly FileChange[]): FileChange[] {
  const back = changes.map(({ path, from, to }) => ({ path, from: to, to: from })).reverse();
  return [...back.filter(({ to }) => to === null), ...back.filter(({ to }) => to !== null)];
}

async function replace(dir: string, change: FileChange, bytes: Buffer, stage: string): Promise<void> {
  const file = fileAt(dir, change.path);
  await makeFolders(dir, change.path);
  const old = await lstat(file).catch(() => null);
  // An empty folder is nothing to git.
  if (old?.isDirectory()) {
    await rmdir(file).catch((error: unknown) => {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      throw new GitError(`${change.path} is a folder with files in it here: move one of the two`, null);
    });
  }
  const name = `.llmctl-${randomBytes(6).toString('hex')}.tmp`;
  const staged = `${stage}/${name}`;
  await put(staged, change.to!, bytes, old?.isFile() ? old.mode & 0o777 : 0o644);
  try {
    await rename(staged, file);
  } catch (error) {
    await rm(staged, { force: true });
    if (!hasCode(error, 'EXDEV')) throw error;
    // .git lies on another file system.
    const beside = Buffer.concat([file.subarray(0, file.lastIndexOf(47) + 1), Buffer.from(name)]);
    await put(beside, change.to!, bytes, old?.isFile() ? old.mode & 0o777 : 0o644);
    await rename(beside, file);
  }
}

/** @param mode of the file before: who may read it stays, only the execute bits follow git's. */
async function put(file: string | Buffer, state: FileState, bytes: Buffer, mode: number): Promise<void> {
  if (state.mode === '120000') return symlink(bytes, file);
  await writeFile(file, bytes, { flag: 'wx' });
  const execute = (mode >> 2) & 0o111;
  await chmod(file, state.mode === '100755' ? mode | 0o100 | execute : mode & ~0o111);
}

async function makeFolders(dir: string, path: GitPath): Promise<void> {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const folder = fileAt(dir, path.slice(0, at));
    const found = await lstat(folder).catch(() => null);
    if (!found) await mkdir(folder);
    else if (!found.isDirectory()) throw new GitError(`${path.slice(0, at)} is in the way of ${path}`, null);
  }
}

async function behindSymlink(dir: string, path: GitPath): Promise<boolean> {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    if ((await lstat(fileAt(dir, path.slice(0, at)))).isSymbolicLink()) return true;
  }
  return false;
}

/** As git does: a folder without files is not kept. */
async function removeEmptyFolders(dir: string, path: GitPath): Promise<void> {
  try {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      await rmdir(fileAt(dir, path.slice(0, at)));
  } catch {
    // Not empty: it stays.
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
