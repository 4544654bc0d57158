/**
 * A worktree's branch and index going to another commit together, its files untouched: what was committed stays committed, what was not
 * stays uncommitted. May be stopped anywhere: what is under way stands in `llmctl-move` beside the index, and is ended by the next call.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from './api-merge.ts';
import { headOf } from './head.ts';
import { readBlob, writeObject } from './objects.ts';
import { indexInfo } from './pair-merge.ts';
import { GitError, MovedError } from './plumb.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { copyIndex } from './shadow-index.ts';
import { rawDiff } from './touched.ts';

/** An index, byte for byte, and what it says: its bytes change with every look at the files. */
export interface KeptIndex {
  readonly blob: Oid;
  readonly says: string;
}

export interface HeadPosition {
  readonly head: Oid;
  readonly index: KeptIndex;
}

/** The same data does, repeats, rolls back and undoes it. */
export interface HeadMove {
  readonly from: HeadPosition;
  readonly to: HeadPosition;
}

export function reversedMove({ from, to }: HeadMove): HeadMove {
  return { from: to, to: from };
}

/** What planMove had in its hands, so that nobody has to read ten megabytes of index again while an agent stands still. */
interface AtHand {
  /** Of the index that it saw. */
  readonly stamp: string;
  /** The index that is to be. */
  readonly bytes: Buffer;
  /** Paths that get another entry. */
  readonly count: number;
}

const atHand = new WeakMap<HeadMove, AtHand>();

/** The next `git status` compares so many files itself, in no time; to refresh an index of 100,000 files takes half a second. */
const FEW_PATHS = 500;

let counter = 0;

/**
 * Paths that differ between the commits get the new one's entries in the index, staged or not; all others stay as they are, staged
 * changes among them. Writes objects only.
 */
export async function planMove(git: Git, scratch: Scratch, from: Oid, to: Oid): Promise<HeadMove> {
  const own = join(git.dirs.gitDir, 'index');
  const file = join(scratch.dir, `index-move-${counter++}`);
  const env = { GIT_INDEX_FILE: file };
  try {
    if (!(await stat(own).catch(() => null)))
      throw new GitError(`${git.dirs.dir} has no index; git reset makes one`, null);
    const stamp = await stampOf(own);
    await copyIndex(own, file);
    const before = await keepIndex(git, file, from);
    const changes = await rawDiff(git, from, to);
    // Room is made first: a file may give way to a folder of its name.
    const entries = [...changes.filter((one) => !one.to), ...changes.filter((one) => one.to)];
    const input = indexInfo(
      entries.map(({ path, to: entry }) => ({ path, entry })),
      from.length,
    );
    await git.run(['update-index', '--replace', '--add', '-z', '--index-info'], { env, input });
    const after = await keepIndex(git, file, from);
    const move: HeadMove = { from: { head: from, index: before.kept }, to: { head: to, index: after.kept } };
    // Written while it was copied: what was seen is not sure to be what the stamp stands for.
    if (stamp === (await stampOf(own))) atHand.set(move, { stamp, bytes: after.bytes, count: entries.length });
    return move;
  } finally {
    await rm(file, { force: true });
  }
}

async function keepIndex(git: Git, file: string, like: Oid): Promise<{ kept: KeptIndex; bytes: Buffer }> {
  const [says, bytes] = await Promise.all([saysOf(git, file), readFile(file)]);
  return { kept: { blob: await writeObject(git, 'blob', bytes, like), says }, bytes };
}

/** Paths, entries, stages and flags, without what is remembered of the files. */
async function saysOf(git: Git, file: string): Promise<string> {
  const { out } = await git.run(['ls-files', '-z', '--stage', '-v'], { env: { GIT_INDEX_FILE: file } });
  return createHash('sha256').update(out).digest('hex');
}

/** Done already is done. Throws MovedError, with nothing moved, where branch or index are elsewhere or git is at work. */
export async function applyMove(git: Git, move: HeadMove, why: string): Promise<void> {
  await finishMove(git);
  const { from, to } = move;
  const index = join(git.dirs.gitDir, 'index');
  const known = atHand.get(move);
  for (let tries = 1; ; tries++) {
    const seen = await stampOf(index);
    const says = seen === known?.stamp ? from.index.says : await saysOf(git, index);
    const head = await headOf(git);
    if (head === to.head && says === to.index.says) return;
    if (head !== from.head && head !== to.head) throw new MovedError('its branch moved meanwhile; nothing was changed');
    if (says !== from.index.says && says !== to.index.says) {
      throw new MovedError('its index changed meanwhile; nothing was changed');
    }
    if (await underLock(git, move, why, seen)) break;
    if (tries === 5) throw new MovedError('its index does not stand still; nothing was changed');
  }
  // Only for speed: the next status need not read every file.
  if (known && known.count <= FEW_PATHS) return;
  await git.run(['update-index', '-q', '--refresh'], { ok: [0, 1, 128] });
}

/** False where the index was written between being looked at and being locked. */
async function underLock(git: Git, move: HeadMove, why: string, seen: string): Promise<boolean> {
  const { gitDir } = git.dirs;
  const [index, lock, note] = [join(gitDir, 'index'), join(gitDir, 'index.lock'), noteOf(git)];
  const bytes = atHand.get(move)?.bytes ?? (await readBlob(git, move.to.index.blob));
  const ready = join(gitDir, `llmctl-index-${randomBytes(6).toString('hex')}`);
  await writeFile(ready, bytes, { flag: 'wx' });
  let held = false;
  try {
    await writeFile(note, JSON.stringify({ ...move, why }));
    await takeLock(ready, lock);
    held = true;
    if ((await stampOf(index)) !== seen) return false;
    await moveHead(git, move, why);
    await rename(lock, index);
    held = false;
    return true;
  } finally {
    if (held) await rm(lock, { force: true });
    await rm(note, { force: true });
    await rm(ready, { force: true });
  }
}

/** The lock appears with all that will be in it: so it is known for ours, whatever happens. */
async function takeLock(ready: string, lock: string): Promise<void> {
  try {
    await link(ready, lock);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new MovedError('git is at work there (index.lock); nothing was changed');
  }
}

async function moveHead(git: Git, { from, to }: HeadMove, why: string): Promise<void> {
  if ((await headOf(git)) === to.head) return;
  // HEAD stands for the branch it is on (git-update-ref(1)); the old value is checked under its lock.
  const input = `start\nupdate HEAD ${to.head} ${from.head}\nprepare\ncommit\n`;
  await git.run(['update-ref', '-m', why.replace(/[\s\0]+/g, ' '), '--stdin'], { input });
}

/** Ends a move in whose middle llmctl was killed; before it, the agent's own git finds its index locked. */
export async function finishMove(git: Git): Promise<void> {
  const note = noteOf(git);
  const kept = await readFile(note, 'utf8').catch(() => null);
  if (kept === null) return;
  const move = parseNote(kept);
  const lock = join(git.dirs.gitDir, 'index.lock');
  const locked = move && (await readFile(lock).catch(() => null));
  if (move && locked?.equals(await readBlob(git, move.to.index.blob))) {
    if ((await headOf(git)) === move.from.head) await moveHead(git, move, move.why);
    if ((await headOf(git)) === move.to.head) await rename(lock, join(git.dirs.gitDir, 'index'));
    else await rm(lock, { force: true });
  }
  await rm(note, { force: true });
}

/** null where it was cut short: then nothing had begun. */
function parseNote(text: string): (HeadMove & { readonly why: string }) | null {
  try {
    return JSON.parse(text) as HeadMove & { readonly why: string };
  } catch {
    return null;
  }
}

function noteOf(git: Git): string {
  return join(git.dirs.gitDir, 'llmctl-move');
}

/** Of a file; another one once it was written, as far as that can be told. */
export async function stampOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found ? `${found.ino} ${found.mtimeNs} ${found.size}` : 'none';
}
