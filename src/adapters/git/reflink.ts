/** Copies of folders that cost nothing, where the file system shares blocks (Btrfs, XFS). */
import { constants } from 'node:fs';
import { cp, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPath } from './api-merge.ts';

/** @returns the folders that were cloned. One that is there already, or that can't be shared, is left out. */
export async function cloneFolders(from: string, to: string, folders: readonly GitPath[]): Promise<GitPath[]> {
  const cloned: GitPath[] = [];
  for (const folder of folders) {
    const target = join(to, folder);
    if (await lstat(target).catch(() => null)) continue;
    try {
      await cp(join(from, folder), target, {
        recursive: true,
        mode: constants.COPYFILE_FICLONE_FORCE,
        verbatimSymlinks: true,
        preserveTimestamps: true,
      });
      cloned.push(folder);
    } catch {
      // Half a cache is worse than none.
      await rm(target, { recursive: true, force: true });
    }
  }
  return cloned;
}
