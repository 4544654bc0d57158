/**
 * What two agents' rounds came to. Branches don't move in a round, so git would measure later work of both from before it and
 * see conflicts in lines that are settled; this says from where to measure instead.
 */
import type { Entry, GitPath, Oid, PathChange } from './api-merge.ts';
import { readRefBlob, writeObject } from './objects.ts';
import type { Git } from './plumb.ts';
import { isAgreedRefOf } from './refs.ts';
import { sameEntry } from './touched.ts';
import { Trees } from './trees.ts';

export interface AgreedPath {
  readonly path: GitPath;
  /** What both have since the round. */
  readonly entry: Entry | null;
  /** What either had before: one who has it again went back behind the round. */
  readonly before: readonly (Entry | null)[];
  /** One of them undid it unawares: `entry` is what that one had read, and from there both are measured until somebody decides. */
  readonly disputed?: true;
}

export interface Agreed {
  /** Merge base that it was measured from; of no use with another. */
  readonly base: Oid;
  readonly paths: readonly AgreedPath[];
}

/**
 * The paths whose agreement still tells where both stand. Not for one who went back (a checkout, a stash): measured from the
 * agreement, going back would look like taking the other's work out again.
 */
export function agreedNow(
  agreed: Agreed,
  a: ReadonlyMap<GitPath, PathChange>,
  b: ReadonlyMap<GitPath, PathChange>,
): readonly AgreedPath[] {
  return agreed.paths.filter(({ path, before, disputed }) => {
    if (disputed) return true;
    const ours = a.get(path);
    const theirs = b.get(path);
    if (!ours || !theirs) return false;
    return !before.some((entry) => sameEntry(entry, ours.to) || sameEntry(entry, theirs.to));
  });
}

/** With the paths of a new round in place of what was agreed on them before. */
export function agreeOn(old: Agreed | null, base: Oid, paths: readonly AgreedPath[]): Agreed {
  const anew = new Set(paths.map((path) => path.path));
  const kept = old?.base === base ? old.paths.filter((path) => !anew.has(path.path)) : [];
  return { base, paths: [...kept, ...paths] };
}

/** An agent wrote over what was agreed on, or deleted it, without having read it: nobody is to take that for wanted. */
export function dispute(old: Agreed, path: GitPath, read: Entry | null): Agreed {
  const others = old.paths.filter((one) => one.path !== path);
  return { base: old.base, paths: [...others, { path, entry: read, before: [], disputed: true }] };
}

export function isDisputed({ paths }: Agreed): boolean {
  return paths.some(({ disputed }) => disputed === true);
}

export function withoutPaths(old: Agreed, gone: ReadonlySet<GitPath>): Agreed {
  return { base: old.base, paths: old.paths.filter((path) => !gone.has(path.path)) };
}

/** null where nothing was agreed on, or what is kept can't be read. @param ref of the pair. */
export async function readAgreed(from: Git | Trees, ref: string): Promise<Agreed | null> {
  const kept = from instanceof Trees ? await from.blob(ref) : await readRefBlob(from, ref);
  return kept && (JSON.parse(kept.toString()) as Agreed);
}

/** All agreements of one agent with others. */
export async function agreedOf(git: Git, agent: string): Promise<Agreed[]> {
  const { out } = await git.run(['for-each-ref', '--format=%(refname)', 'refs/llmctl/agreed/']);
  const refs = out
    .toString()
    .split('\n')
    .filter((ref) => isAgreedRefOf(ref, agent));
  const found = await Promise.all(refs.map((ref) => readAgreed(git, ref)));
  return found.filter((agreed) => agreed !== null);
}

/** @returns the object to point the pair's ref at. */
export function writeAgreed(git: Git, agreed: Agreed, like: Oid): Promise<Oid> {
  return writeObject(git, 'blob', Buffer.from(JSON.stringify(agreed)), like);
}
