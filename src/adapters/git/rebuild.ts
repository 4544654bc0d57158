/**
 * The integration branch without one of its landings. Not by a revert: git takes what was reverted for merged for ever, and the
 * mended branch, landed again, would bring nothing back.
 */
import type { GitPath, Oid, Outcome } from './api-merge.ts';
import { isAncestor } from './landing-merge.ts';
import { GitError, attempt } from './plumb.ts';
import type { Git } from './plumb.ts';
import { replay } from './replay.ts';

/** A landing and its merge commit on the branch. */
export interface LandedMerge {
  readonly id: string;
  readonly merge: Oid;
}

export type Rebuilt =
  | {
      readonly kind: 'rebuilt';
      /** To be tested, and then moved to: moveIntegration. */
      readonly tip: Oid;
      /** Those that stay, with their merge commits as they are on `tip`. */
      readonly landings: readonly LandedMerge[];
    }
  /** `landing` builds on what is to go; null: a commit made by hand does. */
  | { readonly kind: 'conflict'; readonly landing: string | null; readonly paths: readonly GitPath[] };

export interface RebuildRequest {
  /** Where the branch is. */
  readonly tip: Oid;
  /** All that stand on it. */
  readonly landings: readonly LandedMerge[];
  /** Id of the one to take out. */
  readonly without: string;
}

/**
 * What landed before it stays as it is; what came after is made again. A later landing whose branch holds the one that goes (its
 * agent was brought forward in between) becomes a plain commit, for its history would bring it back. Moves nothing.
 */
export function rebuildWithout(git: Git, request: RebuildRequest): Promise<Outcome<{ rebuilt: Rebuilt }>> {
  return attempt(async () => {
    const { tip, landings, without } = request;
    const culprit = landings.find(({ id }) => id === without)?.merge;
    if (!culprit) throw new GitError(`${without} is not among what has landed`, null);
    const chain = await firstParents(git, `${culprit}^1`, tip);
    if (chain[0] !== culprit) throw new GitError(`the merge of ${without} is not on the branch any more`, null);
    const onto = await git.line(['rev-parse', '--verify', `${culprit}^1^{commit}`]);
    const work = await git.line(['rev-parse', '--verify', `${culprit}^2^{commit}`]);
    const clean = async (parent: Oid) =>
      !(await isAncestor(git, culprit, parent)) && !(await isAncestor(git, work, parent));
    const replayed = await replay(git, chain.slice(1), onto, clean);
    if (replayed.kind === 'conflict') {
      const landing = landings.find(({ merge }) => merge === replayed.commit)?.id ?? null;
      return { rebuilt: { kind: 'conflict', landing, paths: replayed.paths } };
    }
    const stay = landings.filter(({ id }) => id !== without);
    const moved = stay.map(({ id, merge }) => ({ id, merge: replayed.made.get(merge) ?? merge }));
    return { rebuilt: { kind: 'rebuilt', tip: replayed.tip, landings: moved } };
  });
}

/** Oldest first, without `from`. */
export async function firstParents(git: Git, from: string, to: Oid): Promise<Oid[]> {
  const { out } = await git.run(['rev-list', '--first-parent', '--reverse', to, `^${from}`, '--']);
  return out
    .toString()
    .split('\n')
    .filter((oid) => oid !== '');
}
