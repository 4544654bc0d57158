/** Submodules of a new worktree: git leaves them empty. */
import type { Outcome } from './api-merge.ts';
import { GitError, attempt } from './plumb.ts';
import { runGit } from './run.ts';

/** They may have to be fetched. */
const FETCH_TIMEOUT_MS = 300_000;

/** `git submodule update --init --recursive`, as a person would run it after a clone. */
export function updateSubmodules(dir: string): Promise<Outcome<object>> {
  return attempt(async () => {
    const args = ['submodule', '--quiet', 'update', '--init', '--recursive'];
    const run = await runGit(dir, args, { timeoutMs: FETCH_TIMEOUT_MS, mayFetch: true });
    if (!run.ok) throw new GitError(run.reason, run.code);
    return {};
  });
}
