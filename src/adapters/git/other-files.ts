/** Files that one side of a round has and the other has not. */
import type { GitPath, Outcome, Worktree } from './api-merge.ts';
import { attempt } from './plumb.ts';
import { backupRef } from './refs.ts';
import type { Scratch } from './scratch.ts';
import { treesOf } from './trees.ts';

/** By the snapshots that the round took. @param mine the agent that lacks them */
export function otherFiles(
  round: string,
  scratch: Scratch,
  mine: Worktree,
  theirs: Worktree,
): Promise<Outcome<{ paths: readonly GitPath[] }>> {
  return attempt(async () => {
    const trees = treesOf(mine, scratch);
    const [a, b] = await Promise.all([mine, theirs].map(({ agent }) => trees.root(backupRef(round, agent, 'snap'))));
    const changes = await trees.diff(a!, b!);
    return { paths: changes.filter(({ from, to }) => from === null && to !== null).map(({ path }) => path) };
  });
}
