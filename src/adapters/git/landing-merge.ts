/** One merge commit for each landing, made without touching a worktree or a ref. */
import type { Entry, GitPath, Oid, Outcome } from './api-merge.ts';
import { agreedOf } from './agreed.ts';
import { identityOf, written } from './identity.ts';
import { mergeCommits } from './merge-tree.ts';
import type { MergedTree } from './merge-tree.ts';
import { treeOf, writeCommitBy } from './objects.ts';
import { attempt } from './plumb.ts';
import type { Git } from './plumb.ts';
import type { Scratch } from './scratch.ts';
import { mergeBase, rawDiff, sameEntry } from './touched.ts';
import { treeWith } from './tree-with.ts';
import { treesOf } from './trees.ts';

export interface LandingText {
  readonly agent: string;
  /** Subject and body. */
  readonly message: string;
  /** Beside `Agent` and `Co-authored-by`: ['Task', 'T1'] for one. */
  readonly trailers?: readonly (readonly [string, string])[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type LandingMerge =
  | { readonly kind: 'merged'; readonly commit: Oid; readonly tree: Oid }
  /** All of it is there already. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'conflict'; readonly paths: readonly GitPath[] };

/** Never a fast-forward: what a landing brought stays told by its own merge. Moves nothing, signs nothing. */
export function mergeForLanding(
  git: Git,
  scratch: Scratch,
  tip: Oid,
  commit: Oid,
  text: LandingText,
): Promise<Outcome<{ merge: LandingMerge }>> {
  return attempt(async () => {
    if (await isAncestor(git, commit, tip)) return { merge: { kind: 'nothing' } };
    const merged = await mergeCommits(git, tip, commit);
    const settled =
      merged.conflicts.size > 0 ? await settleAgreed(git, scratch, text.agent, tip, commit, merged) : null;
    if (merged.conflicts.size > 0 && settled === null) {
      return { merge: { kind: 'conflict', paths: [...merged.conflicts].sort() } };
    }
    const tree = settled ?? merged.tree;
    if (tree === (await treeOf(git, tip))) return { merge: { kind: 'nothing' } };
    const author = written(await identityOf(git));
    const message = await withTrailers(git, tip, commit, author, text);
    const merge = await writeCommitBy(git, { tree, parents: [tip, commit], message, author, at: text.at });
    return { merge: { kind: 'merged', commit: merge, tree } };
  });
}

export async function isAncestor(git: Git, commit: Oid, of: Oid): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', commit, of], { ok: [0, 1] })).code === 0;
}

/**
 * Conflicts that are none: the branch has what a round of this agent's came to, and the agent has gone on from there. git does not
 * know of rounds, for no branch moves in them. null where one is left.
 */
export async function settleAgreed(
  git: Git,
  scratch: Scratch,
  agent: string,
  tip: Oid,
  work: Oid,
  merged: MergedTree,
): Promise<Oid | null> {
  const agreed = (await agreedOf(git, agent)).flatMap(({ paths }) => paths.filter(({ disputed }) => !disputed));
  if (agreed.length === 0) return null;
  const base = await mergeBase(git, tip, work);
  const [ofTip, ofWork] = await Promise.all([rawDiff(git, base, tip), rawDiff(git, base, work)]);
  const entries: { path: GitPath; entry: Entry | null }[] = [];
  for (const path of merged.conflicts) {
    const theirs = ofTip.find((change) => change.path === path);
    const ours = ofWork.find((change) => change.path === path);
    if (!theirs || !ours) return null;
    const known = agreed.some(
      (one) =>
        one.path === path && sameEntry(one.entry, theirs.to) && !one.before.some((entry) => sameEntry(entry, ours.to)),
    );
    if (!known) return null;
    entries.push({ path, entry: ours.to });
  }
  return treeWith(treesOf(git.dirs, scratch), git, merged.tree, entries);
}

/** In a paragraph of their own at the end (git-interpret-trailers(1)); GitHub and others read Co-authored-by. */
async function withTrailers(git: Git, tip: Oid, commit: Oid, author: string, text: LandingText): Promise<string> {
  const { out } = await git.run(['log', '-z', '--reverse', '--format=%aN <%aE>', `${tip}..${commit}`, '--']);
  const authors = new Set(
    out
      .toString()
      .split('\0')
      .filter((who) => who !== '' && who !== author),
  );
  const trailers: (readonly [string, string])[] = [
    ...(text.trailers ?? []),
    ['Agent', text.agent],
    ...[...authors].slice(0, AUTHORS_NAMED).map((who) => ['Co-authored-by', who] as const),
  ];
  const lines = trailers.map(([key, value]) => `${key}: ${value.replace(/[\s\0]+/g, ' ').trim()}`);
  return `${text.message.trim()}\n\n${lines.join('\n')}`;
}

/** Of a branch that took in half the world. */
const AUTHORS_NAMED = 20;
