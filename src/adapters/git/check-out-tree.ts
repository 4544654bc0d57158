/** The files of a commit in a folder of their own, without a worktree that git would list. */
import { join } from 'node:path';
import type { Oid, Outcome, Worktree } from './api-merge.ts';
import { Git, attempt } from './plumb.ts';

/** @param dir exists and is empty; an index is left beside it, as `DIR.index` */
export function checkOutTree(worktree: Worktree, commit: Oid, dir: string): Promise<Outcome<object>> {
  return attempt(async () => {
    const git = new Git(worktree);
    const env = { GIT_INDEX_FILE: `${dir}.index` };
    await git.run(['read-tree', commit], { env });
    await git.run(['checkout-index', '--all', '--force', `--prefix=${join(dir, '/')}`], { env });
    return {};
  });
}
