/** A tree with some of its files replaced, added or removed: what an index would be read and written for otherwise. */
import type { Entry, GitPath, Oid } from './api-merge.ts';
import type { Git } from './plumb.ts';
import { FOLDER } from './trees.ts';
import type { Trees } from './trees.ts';

export interface Replaced {
  readonly path: GitPath;
  /** null: gone. A folder of that name stays, as far as other paths don't say otherwise. */
  readonly entry: Entry | null;
}

/** @param git writes the new trees. @param base a tree. */
export async function treeWith(trees: Trees, git: Git, base: Oid, replaced: readonly Replaced[]): Promise<Oid> {
  if (replaced.length === 0) return base;
  const top: Node = { entry: null, below: new Map() };
  for (const { path, entry } of replaced) nodeAt(top, path).entry = entry;
  const rebuild = async (oid: Oid | null, node: Node): Promise<Oid | null> => {
    const tree = new Map(oid === null ? [] : await trees.read(oid));
    for (const [name, below] of node.below) {
      const old = tree.get(name);
      const folder = old?.mode === FOLDER ? old.oid : null;
      if (below.entry || !folder) tree.delete(name);
      if (below.entry) tree.set(name, below.entry);
      else if (below.below.size > 0) {
        const now = await rebuild(folder, below);
        if (now) tree.set(name, { mode: FOLDER, oid: now });
        else tree.delete(name);
      }
    }
    return tree.size > 0 ? trees.write(git, tree, base) : null;
  };
  return (await rebuild(base, top)) ?? trees.write(git, new Map(), base);
}

interface Node {
  entry: Entry | null;
  readonly below: Map<string, Node>;
}

function nodeAt(top: Node, path: GitPath): Node {
  let node = top;
  for (const name of path.split('/')) {
    let next = node.below.get(name);
    if (!next) node.below.set(name, (next = { entry: null, below: new Map() }));
    node = next;
  }
  return node;
}
