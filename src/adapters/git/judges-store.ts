/** One pair of judges for each worktree that is compared: attributes are a worktree's own. */
import { Judges } from './judges.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';

const stores = new Map<string, Map<string, Judges>>();

/** @param git of the worktree, that writes to the scratch folder */
export function judgesOf(git: Git, scratch: Scratch): Judges {
  let known = stores.get(scratch.dir);
  if (!known) stores.set(scratch.dir, (known = new Map()));
  let judges = known.get(git.dirs.gitDir);
  if (!judges) known.set(git.dirs.gitDir, (judges = new Judges(git)));
  return judges;
}

/** Ends their processes. */
export function closeJudges(scratch: Scratch): void {
  for (const judges of stores.get(scratch.dir)?.values() ?? []) judges.close();
  stores.delete(scratch.dir);
}
