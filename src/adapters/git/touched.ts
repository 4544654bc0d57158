/** What one side changed since a base: committed or not, new, deleted; a rename is both of its paths. */
import type { Entry, GitPath, Oid, Outcome, PathChange, Snapshot } from './api-merge.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import { GitError, attempt } from './plumb.ts';
import type { Git } from './plumb.ts';

const BASES_LIMIT = 1000;
const bases = new Map<string, Oid>();

/** The best common ancestor of two commits. Throws where they have none. */
export async function mergeBase(git: Git, a: Oid, b: Oid): Promise<Oid> {
  if (a === b) return a;
  const key = `${git.dirs.commonDir} ${a} ${b}`;
  const known = bases.get(key);
  if (known) return known;
  const found = await git.run(['merge-base', a, b], { ok: [0, 1] });
  if (found.code !== 0) throw new GitError('their branches have no commit in common', 1);
  const base = found.out.toString().trimEnd();
  if (bases.size >= BASES_LIMIT) bases.clear();
  bases.set(key, base);
  return base;
}

/** In git's order of paths. `from` and `to`: commits or trees. */
export async function rawDiff(git: Git, from: Oid, to: Oid): Promise<PathChange[]> {
  if (from === to) return [];
  const { out } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', from, to]);
  const fields = fieldsOf(out);
  const changes: PathChange[] = [];
  // ":100644 100755 OID OID M", then the path (git-diff-tree(1), "Raw output format").
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = fields[i]!.toString('latin1').slice(1).split(' ');
    changes.push({ path: pathOf(fields[i + 1]!), from: entryOf(oldMode, oldOid), to: entryOf(newMode, newOid) });
  }
  return changes;
}

function entryOf(mode: string, oid: Oid): Entry | null {
  return mode === '000000' ? null : { mode, oid };
}

export function sameEntry(a: Entry | null, b: Entry | null): boolean {
  return a === b || (a !== null && b !== null && a.mode === b.mode && a.oid === b.oid);
}

/** What an agent changed since its branch left `base`, a commit or a branch. @param git that finds the snapshot's objects. */
export function touchedSince(
  git: Git,
  base: Oid,
  snapshot: Snapshot,
): Promise<Outcome<{ base: Oid; changes: PathChange[] }>> {
  return attempt(async () => {
    const from = await mergeBase(git, base, snapshot.head);
    return { base: from, changes: await rawDiff(git, from, snapshot.tree) };
  });
}

/** Paths that both changed: cheap, before any merge is tried. */
export function changedByBoth(a: readonly PathChange[], b: readonly PathChange[]): GitPath[] {
  const there = new Map(b.map((change) => [change.path, change.to]));
  return a
    .filter((change) => there.has(change.path) && !sameEntry(change.to, there.get(change.path)!))
    .map((change) => change.path);
}
