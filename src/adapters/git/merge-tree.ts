/** `git merge-tree --write-tree -z --messages` of two trees over a base that may stand in no history (git-merge-tree(1)). */
import type { Entry, GitPath, Oid } from './api-merge.ts';
import { writeCommit } from './objects.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';

export interface MergedTree {
  /** Files in conflict hold markers in it. */
  readonly tree: Oid;
  /** Paths that git could not combine, with those that a conflict of names draws in. */
  readonly conflicts: ReadonlySet<GitPath>;
  /** What the index would hold for them: stage 1 base, 2 first side, 3 second. */
  readonly stages: ReadonlyMap<GitPath, Readonly<Partial<Record<1 | 2 | 3, Entry>>>>;
}

/** The base is given through parents made for the purpose: `--merge-base` came only with git 2.40. */
export async function mergeTrees(git: Git, base: Oid, a: Oid, b: Oid): Promise<MergedTree> {
  const root = await writeCommit(git, base, [], 'llmctl: base');
  const [first, second] = await Promise.all([
    writeCommit(git, a, [root], 'llmctl: A'),
    writeCommit(git, b, [root], 'llmctl: B'),
  ]);
  const args = ['merge-tree', '--write-tree', '-z', '--messages', first, second];
  const { code, out } = await git.run(args, { ok: [0, 1] });
  const fields = fieldsOf(out);
  const tree = fields[0]!.toString();
  return code === 0 ? { tree, conflicts: new Set(), stages: new Map() } : { tree, ...parseConflicts(fields) };
}

const STAGED = /^(\d+) ([0-9a-f]+) ([123])\t/;

function parseConflicts(fields: readonly Buffer[]): Omit<MergedTree, 'tree'> {
  const conflicts = new Set<GitPath>();
  const stages = new Map<GitPath, Partial<Record<1 | 2 | 3, Entry>>>();
  let at = 1;
  for (; at < fields.length && fields[at]!.length > 0; at++) {
    const field = fields[at]!;
    const match = STAGED.exec(field.toString('latin1'));
    if (!match) continue;
    const path = pathOf(field.subarray(match[0].length));
    conflicts.add(path);
    const stage = Number(match[3]) as 1 | 2 | 3;
    stages.set(path, { ...stages.get(path), [stage]: { mode: match[1]!, oid: match[2]! } });
  }
  for (const path of namedInConflicts(fields, at + 1)) conflicts.add(path);
  return { conflicts, stages };
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
