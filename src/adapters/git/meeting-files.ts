/**
 * Files that both sides of a pair changed and neither added, removed or renamed: what comes of each depends on nothing but its
 * own three versions. So it is worked out once for those, in trees that hold nothing else, however large the repository is.
 */
import type { ConflictPath, Entry, GitPath, Oid, PathChange } from './api-merge.ts';
import { mergeTrees, type MergedTree } from './merge-tree.ts';
import { inTheWay } from './pair-merge.ts';
import type { PairMeeting } from './pair-merge.ts';
import type { Git } from './plumb.ts';
import { sameEntry } from './touched.ts';
import { treeWith } from './tree-with.ts';
import type { Trees } from './trees.ts';

export interface MeetingFile extends ConflictPath {
  readonly base: Entry;
  readonly ours: Entry;
  readonly theirs: Entry;
}

/** In git's order of paths. null where the two meet in something else too, and only the whole merge tells. */
export function meetingFiles({ ours, theirs }: PairMeeting): readonly MeetingFile[] | null {
  const others = new Map(theirs.map((change) => [change.path, change]));
  const files: MeetingFile[] = [];
  for (const { path, from, to } of ours) {
    const other = others.get(path);
    if (!other || sameEntry(to, other.to)) continue;
    if (!isFile(from) || !isFile(to) || !isFile(other.to)) return null;
    files.push({ path, base: from, ours: to, theirs: other.to });
  }
  return inTheWay(ours, theirs) ? null : files;
}

/** What the whole merge depends on: two that agree in it come to the same overlaps. */
export function meetingKey({ baseTree, ours, theirs }: PairMeeting): string {
  const side = (changes: readonly PathChange[], others: readonly PathChange[]) => {
    const there = new Set(others.map(({ path }) => path));
    return changes
      .filter(({ path, from, to }) => there.has(path) || !isFile(from) || !isFile(to))
      .map(({ path, to }) => `${JSON.stringify(path)} ${to ? `${to.mode} ${to.oid}` : '-'}`);
  };
  return [baseTree, ...side(ours, theirs), '', ...side(theirs, ours)].join('\n');
}

export function fileKey({ path, base, ours, theirs }: MeetingFile): string {
  return [path, ...[base, ours, theirs].map(({ mode, oid }) => `${mode} ${oid}`)].join('\0');
}

/** Which of the files git can't combine. */
export async function conflictsAmong(
  trees: Trees,
  git: Git,
  files: readonly MeetingFile[],
  like: Oid,
  merge?: (a: Oid, b: Oid) => Promise<MergedTree>,
): Promise<ReadonlySet<GitPath>> {
  if (files.length === 0) return new Set();
  const nothing = await trees.write(git, new Map(), like);
  const side = (which: 'base' | 'ours' | 'theirs') =>
    treeWith(
      trees,
      git,
      nothing,
      files.map((file) => ({ path: file.path, entry: file[which] })),
    );
  const [base, ours, theirs] = await Promise.all([side('base'), side('ours'), side('theirs')]);
  return (await mergeTrees(git, base, ours, theirs, merge)).conflicts;
}

function isFile(entry: Entry | null): entry is Entry {
  return entry !== null && entry.mode.startsWith('100');
}
