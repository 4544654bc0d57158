/** Whether two sides changed the same lines of a file, or ones close by. */
import type { Oid } from './api-merge.ts';
import type { Git } from './plumb.ts';

/** Lines of the base that a side replaced: from `start`, counted from 1, up to but not including `end`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Changes with fewer untouched lines between them than this are about the same thing. */
export const NEAR_LINES = 3;

/** Changed ranges of `from`; null where git takes it for binary. */
export async function changedLines(git: Git, from: Oid, to: Oid): Promise<readonly LineRange[] | null> {
  const args = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--unified=0', from, to];
  const { out } = await git.run(args);
  return parseRanges(out.toString('latin1'));
}

/** "@@ -START,COUNT +START,COUNT @@"; a count of 0 stands behind its line (git-diff(1), "Generating patch text"). */
export function parseRanges(patch: string): readonly LineRange[] | null {
  if (/^Binary files .* differ$/m.test(patch)) return null;
  const ranges: LineRange[] = [];
  for (const [, first = '0', count = '1'] of patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+/gm)) {
    const lines = Number(count);
    const start = lines === 0 ? Number(first) + 1 : Number(first);
    ranges.push({ start, end: start + lines });
  }
  return ranges;
}

/** True where a range of `a` lies within NEAR_LINES of one of `b`. Both in order. */
export function meet(a: readonly LineRange[], b: readonly LineRange[]): boolean {
  let at = 0;
  for (const range of a) {
    while (at < b.length && b[at]!.end + NEAR_LINES <= range.start) at++;
    if (at < b.length && b[at]!.start < range.end + NEAR_LINES) return true;
  }
  return false;
}
