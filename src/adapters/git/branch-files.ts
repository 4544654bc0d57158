/** What an agent has against another tree: as a list with figures, and as a diff. */
import type { Oid } from './api-merge.ts';
import { fieldsOf, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';

export interface FileFigures {
  readonly path: string;
  /** null where it is binary. */
  readonly added: number | null;
  readonly deleted: number | null;
}

/** In git's order of paths; a rename is both of its paths. @param from,to commits or trees */
export async function fileFigures(git: Git, from: Oid, to: Oid): Promise<FileFigures[]> {
  const { out } = await git.run(['diff-tree', '-r', '-z', '--numstat', '--no-renames', from, to]);
  // "ADDED TAB DELETED TAB PATH", or "-" for both (git-diff(1), "Other diff formats").
  return fieldsOf(out).map((field) => {
    const [added = '-', deleted = '-'] = field.toString('latin1').split('\t', 2);
    const path = pathOf(field.subarray(added.length + deleted.length + 2));
    return { path, added: added === '-' ? null : Number(added), deleted: deleted === '-' ? null : Number(deleted) };
  });
}

/** A unified diff in lines. @param path null: all */
export async function treeDiff(
  git: Git,
  from: Oid,
  to: Oid,
  path: string | null,
  limit: number,
): Promise<{ lines: string[]; cut: boolean }> {
  const flags = ['--no-color', '--no-ext-diff', '--no-textconv', '--find-renames'];
  const paths = path === null ? [] : [path];
  const args = ['--literal-pathspecs', 'diff', ...flags, from, to, '--', ...paths];
  const { out } = await git.run(args);
  const lines = out.toString().split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.slice(0, limit), cut: lines.length > limit };
}
