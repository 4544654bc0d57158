/** One pair of judges for each session, started before they are asked: who waits for a verdict waits for no start. */
import type { Oid } from './api-merge.ts';
import { Judges } from './judges.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';

const stores = new Map<string, Judges>();

/**
 * Attributes are those of the worktree that asked first: what a merge really comes to is told by the round itself.
 * @param git of a worktree, that writes to the scratch folder. @param commit any of the repository
 */
export function judgesOf(git: Git, scratch: Scratch, commit: Oid): Judges {
  let judges = stores.get(scratch.dir);
  if (!judges) {
    stores.set(scratch.dir, (judges = new Judges(git)));
    judges.warm(commit);
  }
  return judges;
}

/** Ends their processes; who asks next has others, of its own worktree. */
export function closeJudges(scratch: Scratch): void {
  stores.get(scratch.dir)?.close();
  stores.delete(scratch.dir);
}
