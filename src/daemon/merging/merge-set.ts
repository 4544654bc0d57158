/** Landings merged in order on top of a commit: one merge commit each, nothing moves. */
import { mergeForLanding } from '../../adapters/git/landing-merge.ts';
import type { Landing } from '../../core/landing/landing.ts';
import type { Merged } from '../../core/landing/results.ts';
import type { Branch } from './landings.ts';

/** @throws Error with one line where git can't even try */
export async function mergeSet(
  { git, scratch, tip: onto }: Branch,
  landings: readonly Landing[],
  messageOf: (landing: Landing) => string,
): Promise<Merged> {
  const commits: string[] = [];
  let tip = onto;
  let tree = await git.line(['rev-parse', '--verify', `${tip}^{tree}`]);
  for (const landing of landings) {
    const { id, agent, task, commit, requestedAt } = landing;
    const trailers = task === null ? [] : [['Task', task] as const];
    const text = { agent, message: messageOf(landing), trailers, at: requestedAt };
    const done = await mergeForLanding(git, scratch, tip, commit, text);
    if (!done.ok) throw new Error(done.reason);
    const { merge } = done;
    if (merge.kind === 'nothing') return { kind: 'nothing', landing: id };
    if (merge.kind === 'conflict') return { kind: 'conflict', landing: id, paths: merge.paths };
    commits.push(merge.commit);
    [tip, tree] = [merge.commit, merge.tree];
  }
  return { kind: 'tree', tree, commits };
}
