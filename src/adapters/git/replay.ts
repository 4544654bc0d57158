/** Commits made again on top of another one, without a worktree: each keeps its author, its time and its message. */
import type { GitPath, Oid } from './api-merge.ts';
import { mergeTrees } from './merge-tree.ts';
import { treeOf, writeObject } from './objects.ts';
import type { Git } from './plumb.ts';

export type Replayed =
  | {
      readonly kind: 'replayed';
      readonly tip: Oid;
      /** Old to new; a commit that brings nothing any more is the one before it. */
      readonly made: ReadonlyMap<Oid, Oid>;
    }
  | { readonly kind: 'conflict'; readonly commit: Oid; readonly paths: readonly GitPath[] };

/**
 * @param commits oldest first; what each changed against its first parent is what counts
 * @param keepParent whether a further parent of a merge may stay one
 */
export async function replay(
  git: Git,
  commits: readonly Oid[],
  onto: Oid,
  keepParent: (parent: Oid) => Promise<boolean>,
): Promise<Replayed> {
  let tip = onto;
  const made = new Map<Oid, Oid>();
  for (const commit of commits) {
    const old = await readCommit(git, commit);
    const [first, ...further] = old.parents;
    const [base, ours] = await Promise.all([treeOf(git, first!), treeOf(git, tip)]);
    const merged = await mergeTrees(git, base, ours, old.tree);
    if (merged.conflicts.size > 0) return { kind: 'conflict', commit, paths: [...merged.conflicts].sort() };
    const stay: Oid[] = [];
    for (const parent of further) if (await keepParent(parent)) stay.push(parent);
    if (merged.tree !== ours || stay.length > 0) tip = await remake(git, old, merged.tree, [tip, ...stay]);
    made.set(commit, tip);
  }
  return { kind: 'replayed', tip, made };
}

interface RawCommit {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  /** Author, committer and encoding, as they are written; a signature would be wrong. */
  readonly kept: readonly string[];
  readonly message: Buffer;
}

/** gitformat: header lines, an empty line, the message, in whatever encoding. */
async function readCommit(git: Git, commit: Oid): Promise<RawCommit> {
  const { out } = await git.run(['cat-file', 'commit', commit]);
  const end = out.indexOf('\n\n');
  const lines = out.toString('latin1', 0, end).split('\n');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    tree: values('tree')[0]!,
    parents: values('parent'),
    kept: lines.filter((line) => /^(author|committer|encoding) /.test(line)),
    message: out.subarray(end + 2),
  };
}

function remake(git: Git, old: RawCommit, tree: Oid, parents: readonly Oid[]): Promise<Oid> {
  const head = [`tree ${tree}`, ...parents.map((oid) => `parent ${oid}`), ...old.kept, '', ''].join('\n');
  return writeObject(git, 'commit', Buffer.concat([Buffer.from(head, 'latin1'), old.message]), tree);
}
