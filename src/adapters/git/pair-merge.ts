/** The merge of two snapshots, reduced to the paths that both sides have a hand in. */
import type { MergeScope } from '../../core/model/overlap.ts';
import type { ConflictPath, Entry, GitPath, Oid, PathChange, Snapshot } from './api-merge.ts';
import { agreedNow, isDisputed } from './agreed.ts';
import type { Agreed } from './agreed.ts';
import { mergeTrees } from './merge-tree.ts';
import { renamesOf, withTexts } from './moved-paths.ts';
import { bytesOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { mergeBase, sameEntry } from './touched.ts';
import { treeWith } from './tree-with.ts';
import { treesOf } from './trees.ts';

export interface PairPath extends ConflictPath {
  /** What the merge makes of it; of no use where it is a conflict. */
  readonly merged: Entry | null;
  readonly conflict: boolean;
}

export interface PairMerge {
  /** The commit that both sides come from. */
  readonly base: Oid;
  readonly tree: Oid;
  /** In order of their paths; with scope 'paths' those that only one side has changed are not among them. */
  readonly paths: readonly PairPath[];
}

/** What two snapshots changed since the state they have in common. */
export interface PairMeeting {
  readonly base: Oid;
  /** `base` with what the two agreed on since in its place. */
  readonly baseTree: Oid;
  readonly ours: readonly PathChange[];
  readonly theirs: readonly PathChange[];
}

/**
 * null where the two can't get into each other's way. @param agreed what earlier rounds of the two came to: the base of what
 * they do since.
 */
export async function meetPair(
  git: Git,
  scratch: Scratch,
  a: Snapshot,
  b: Snapshot,
  agreed: Agreed | null | Promise<Agreed | null>,
  scope: MergeScope = 'paths',
): Promise<{ readonly base: Oid; readonly meeting: PairMeeting | null }> {
  const base = await mergeBase(git, a.head, b.head);
  const trees = treesOf(git.dirs, scratch);
  const root = await trees.root(base);
  const [fromA, fromB, known] = await Promise.all([trees.diff(root, a.tree), trees.diff(root, b.tree), agreed]);
  const usable = known?.base === base ? known : null;
  const disputed = usable !== null && isDisputed(usable);
  if (scope === 'paths' && !disputed && !mayMeet(fromA, fromB)) return { base, meeting: null };
  const overlay = usable ? agreedNow(usable, entriesOf(fromA), entriesOf(fromB)) : [];
  if (overlay.length === 0) return { base, meeting: { base, baseTree: root, ours: fromA, theirs: fromB } };
  const baseTree = await treeWith(trees, git, root, overlay);
  const [ours, theirs] = await Promise.all([trees.diff(baseTree, a.tree), trees.diff(baseTree, b.tree)]);
  return { base, meeting: { base, baseTree, ours, theirs } };
}

/** The whole merge. @param agreed as for meetPair */
export async function mergePair(
  git: Git,
  scratch: Scratch,
  a: Snapshot,
  b: Snapshot,
  agreed: Agreed | null | Promise<Agreed | null>,
  scope: MergeScope = 'paths',
): Promise<PairMerge> {
  const { base, meeting } = await meetPair(git, scratch, a, b, agreed, scope);
  return meeting ? mergeMeeting(git, scratch, meeting, a.tree, b.tree, scope) : { base, tree: a.tree, paths: [] };
}

export async function mergeMeeting(
  git: Git,
  scratch: Scratch,
  meeting: PairMeeting,
  a: Oid,
  b: Oid,
  scope: MergeScope = 'paths',
): Promise<PairMerge> {
  const { base, baseTree, ours, theirs } = meeting;
  const merge = await mergeTrees(git, baseTree, a, b);
  const merged = await treesOf(git.dirs, scratch).diff(baseTree, merge.tree);
  const paths = allPaths(ours, theirs, merged, [...merge.conflicts]).flatMap((path): PairPath[] => {
    const before = baseOf(path, ours, theirs, merged);
    const found = {
      path,
      base: before,
      ours: after(path, ours, before),
      theirs: after(path, theirs, before),
      merged: after(path, merged, before),
      conflict: merge.conflicts.has(path) || (scope === 'paths' && isSubmodule(after(path, merged, before))),
    };
    if (scope === 'paths' && isInvented(found)) return [];
    return (scope === 'paths' ? isTrivial(found) : isDone(found)) ? [] : [found];
  });
  const chosen = await withTexts(git, treesOf(git.dirs, scratch), baseTree, [a, b], paths);
  if (scope === 'tree') return { base, tree: merge.tree, paths: chosen };
  return { base, tree: merge.tree, paths: await withMoved(git, baseTree, [a, b], merged, chosen) };
}

/**
 * A file that one side renamed and the other changed is gone from its place in the merge, with what the other wrote in it: that
 * lies where the file went, so both are to get that path, too. Where git doesn't say where that is, a person has to.
 */
async function withMoved(
  git: Git,
  baseTree: Oid,
  sides: readonly [Oid, Oid],
  merged: Lookup,
  paths: readonly PairPath[],
): Promise<readonly PairPath[]> {
  const complete = [...paths];
  for (const [i, path] of paths.entries()) {
    const side = movedBy(path);
    if (side === null) continue;
    const to = (await renamesOf(git, baseTree, sides[side])).get(path.path);
    const there = to === undefined ? undefined : find(merged, to);
    if (!there?.to) complete[i] = { ...path, conflict: true };
    else if (!complete.some((one) => one.path === to)) {
      const entries = side === 0 ? { ours: there.to, theirs: null } : { ours: null, theirs: there.to };
      complete.push({ path: there.path, base: null, merged: there.to, conflict: false, ...entries });
    }
  }
  return complete.toSorted((x, y) => (x.path < y.path ? -1 : 1));
}

/** Which side has it no longer, where the other had changed it and the merge has it no longer either. */
function movedBy({ base, ours, theirs, merged, conflict }: PairPath): 0 | 1 | null {
  if (conflict || merged || !base) return null;
  if (!ours && theirs && !sameEntry(theirs, base)) return 0;
  return !theirs && ours && !sameEntry(ours, base) ? 1 : null;
}

/** Without a path in common only renames can make two sides meet, and those need a path that is gone or new. */
function mayMeet(a: readonly PathChange[], b: readonly PathChange[]): boolean {
  const there = new Map(b.map((change) => [change.path, change.to]));
  return a.some((change) => there.has(change.path) && !sameEntry(change.to, there.get(change.path)!)) || inTheWay(a, b);
}

/** A file of one side where the other has a folder. */
export function inTheWay(a: readonly PathChange[], b: readonly PathChange[]): boolean {
  const covers = (files: readonly PathChange[], others: readonly PathChange[]) => {
    const folders = new Set<string>();
    for (const { path, to } of others) {
      if (!to) continue;
      for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
    }
    return files.some((change) => change.to && folders.has(change.path));
  };
  return covers(a, b) || covers(b, a);
}

/** Where git puts a file that has to give way to a folder, `NAME~COMMIT`: no side has it, and its own path is in conflict. */
function isInvented({ conflict, base, ours, theirs }: PairPath): boolean {
  return conflict && !base && !ours && !theirs;
}

/** The other side's version stands, as it would without any merge. */
function isTrivial(path: PairPath): boolean {
  if (path.conflict) return false;
  if (sameEntry(path.ours, path.theirs) || sameEntry(path.theirs, path.base)) return sameEntry(path.merged, path.ours);
  return sameEntry(path.ours, path.base) && sameEntry(path.merged, path.theirs);
}

/** Both sides have it already. */
function isDone(path: PairPath): boolean {
  return !path.conflict && sameEntry(path.merged, path.ours) && sameEntry(path.merged, path.theirs);
}

/** git's merge of submodules moves a pointer, not a file: nothing that could be written into a worktree. */
function isSubmodule(entry: Entry | null): boolean {
  return entry?.mode === '160000';
}

function entriesOf(changes: readonly PathChange[]): Map<GitPath, PathChange> {
  return new Map(changes.map((change) => [change.path, change]));
}

type Lookup = readonly PathChange[];
const lookups = new WeakMap<Lookup, Map<GitPath, PathChange>>();

function find(changes: Lookup, path: GitPath): PathChange | undefined {
  let map = lookups.get(changes);
  if (!map) lookups.set(changes, (map = entriesOf(changes)));
  return map.get(path);
}

function after(path: GitPath, changes: Lookup, before: Entry | null): Entry | null {
  const change = find(changes, path);
  return change ? change.to : before;
}

/**
 * What the base has at a path that somebody changed. Not what git's stages say: for a rename they hold what stood at the
 * other path.
 */
function baseOf(path: GitPath, ...sides: readonly Lookup[]): Entry | null {
  for (const side of sides) {
    const change = find(side, path);
    if (change) return change.from;
  }
  return null;
}

function allPaths(a: Lookup, b: Lookup, merged: Lookup, conflicts: readonly GitPath[]): GitPath[] {
  const paths = new Set(conflicts);
  for (const changes of [a, b, merged]) for (const { path } of changes) paths.add(path);
  return [...paths].sort();
}

/** Lines as `update-index -z --index-info` reads them; mode 0 removes. */
export function indexInfo(
  entries: readonly { readonly path: GitPath; readonly entry: Entry | null }[],
  oidLength: number,
): Buffer {
  const lines = entries.flatMap(({ path, entry }) => [
    Buffer.from(entry ? `${entry.mode} ${entry.oid}\t` : `0 ${'0'.repeat(oidLength)}\t`),
    bytesOf(path),
    Buffer.from([0]),
  ]);
  return Buffer.concat(lines);
}
