/** Where agents' worktrees are. */
import { join } from 'node:path';

/** Folder at the top of a repository that holds what is llmctl's; git is told to leave it out. */
export const STATE_FOLDER = '.llmctl';

/** @param top of the repository, symlinks resolved */
export function worktreeDir(top: string, agent: string): string {
  return join(top, STATE_FOLDER, 'worktrees', agent);
}
