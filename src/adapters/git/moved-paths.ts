/** Files that one side of a merge has moved. */
import type { ConflictPath, GitPath, Oid } from './api-merge.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';
import type { Trees } from './trees.ts';

/** From → to, as git's merge takes them (git-diff-tree(1), -M: pairs half of whose lines are alike). */
export async function renamesOf(git: Git, from: Oid, to: Oid): Promise<ReadonlyMap<GitPath, GitPath>> {
  const { out } = await git.run(['diff-tree', '-r', '-z', '-M', '--diff-filter=R', from, to]);
  const fields = fieldsOf(out);
  const renames = new Map<GitPath, GitPath>();
  for (let i = 0; i + 2 < fields.length; i += 3) renames.set(pathOf(fields[i + 1]!), pathOf(fields[i + 2]!));
  return renames;
}

/**
 * One side moved a file, the other changed it where it lay, and the two don't combine: git calls that a conflict at the new path,
 * where only one of them has anything. With what the other has at the old one there is something to choose from.
 * @param base,sides trees
 */
export async function withTexts<P extends ConflictPath & { readonly conflict: boolean }>(
  git: Git,
  trees: Trees,
  base: Oid,
  sides: readonly [Oid, Oid],
  paths: readonly P[],
): Promise<readonly P[]> {
  const complete: P[] = [];
  for (const path of paths) {
    const moved = path.conflict && path.base === null && (path.ours === null) !== (path.theirs === null);
    complete.push(moved ? await withText(git, trees, base, sides, path) : path);
  }
  return complete;
}

async function withText<P extends ConflictPath>(
  git: Git,
  trees: Trees,
  base: Oid,
  sides: readonly [Oid, Oid],
  path: P,
): Promise<P> {
  const mover = path.ours ? 0 : 1;
  const renames = await renamesOf(git, base, sides[mover]);
  const from = [...renames].find(([, to]) => to === path.path)?.[0];
  if (from === undefined) return path;
  const [before, other] = await Promise.all([trees.at(base, from), trees.at(sides[mover === 0 ? 1 : 0], from)]);
  const [ours, theirs] = mover === 0 ? [path.ours, other] : [other, path.theirs];
  return { ...path, texts: { base: before, ours, theirs } };
}
