/** Which commit of a branch touched a file last. */
import type { GitPath, Oid } from './api-merge.ts';
import type { Git } from './plumb.ts';

/** @returns null where none did. Follows first parents: a merge counts as the one commit that it is for the branch. */
export async function lastTouched(git: Git, tip: Oid, path: GitPath): Promise<Oid | null> {
  const args = ['log', '--first-parent', '-m', '-n', '1', '--format=%H', tip, '--', `:(literal)${path}`];
  const { out } = await git.run(args);
  return out.toString().trim() || null;
}
