/** `git merge-tree --write-tree -z --messages` (git-merge-tree(1)): of two commits, or of two trees over a base that may stand in no history. */
import type { GitPath, Oid } from './api-merge.ts';
import { writeCommit } from './objects.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';

export interface MergedTree {
  /** Files in conflict hold markers in it. */
  readonly tree: Oid;
  /** Paths that git could not combine, with those that a conflict of names draws in. */
  readonly conflicts: ReadonlySet<GitPath>;
}

/** The base is given through parents made for the purpose: `--merge-base` came only with git 2.40. @param merge of two commits */
export async function mergeTrees(
  git: Git,
  base: Oid,
  a: Oid,
  b: Oid,
  merge: (a: Oid, b: Oid) => Promise<MergedTree> = (one, other) => mergeCommits(git, one, other),
): Promise<MergedTree> {
  const root = await writeCommit(git, base, [], 'llmctl: base');
  const [first, second] = await Promise.all([
    writeCommit(git, a, [root], 'llmctl: A'),
    writeCommit(git, b, [root], 'llmctl: B'),
  ]);
  return merge(first, second);
}

/** The same of two commits over what they have in common. */
export async function mergeCommits(git: Git, a: Oid, b: Oid): Promise<MergedTree> {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', a, b];
  const { code, out } = await git.run(args, { ok: [0, 1] });
  return mergedTree(code === 0, fieldsOf(out));
}

/** @param fields of its output */
export function mergedTree(clean: boolean, fields: readonly Buffer[]): MergedTree {
  const tree = fields[0]!.toString();
  return { tree, conflicts: clean ? new Set() : parseConflicts(fields) };
}

const STAGED = /^\d+ [0-9a-f]+ [123]\t/;

function parseConflicts(fields: readonly Buffer[]): ReadonlySet<GitPath> {
  const conflicts = new Set<GitPath>();
  let at = 1;
  for (; at < fields.length && fields[at]!.length > 0; at++) {
    const start = STAGED.exec(fields[at]!.toString('latin1'));
    if (start) conflicts.add(pathOf(fields[at]!.subarray(start[0].length)));
  }
  for (const path of namedInConflicts(fields, at + 1)) conflicts.add(path);
  return conflicts;
}

/** Messages: how many paths, the paths, the kind of message, its text. */
function namedInConflicts(fields: readonly Buffer[], start: number): GitPath[] {
  const named: GitPath[] = [];
  for (let at = start; at < fields.length;) {
    const count = Number(fields[at]!.toString());
    if (!Number.isInteger(count)) break;
    const kind = fields[at + 1 + count]?.toString() ?? '';
    if (kind.startsWith('CONFLICT')) named.push(...fields.slice(at + 1, at + 1 + count).map(pathOf));
    at += count + 3;
  }
  return named;
}
