/** Records that a milestone was reached: a commit on the integration branch that changes nothing, and a tag. */
import type { Oid, Outcome } from './api-merge.ts';
import { identityOf, written } from './identity.ts';
import { moveIntegration, tipOf } from './integration.ts';
import { treeOf, writeCommitBy } from './objects.ts';
import { GitError, attempt, type Git } from './plumb.ts';
import { landedRef } from './refs.ts';

export interface MilestoneRecord {
  /** Of the milestone; names the ref that keeps where the branch was before. */
  readonly id: string;
  readonly branch: string;
  /** What it says of the tree at that commit; asked again where a landing moves the branch meanwhile. */
  readonly message: (tip: Oid) => Promise<string> | string;
  readonly tag: string | null;
  /** Milliseconds since 1970; the same again for the same milestone, so that a second try makes the same commit. */
  readonly at: number;
}

export interface Recorded {
  readonly commit: Oid;
  /** Why there is no tag though one was wanted; null: there is, or none was. */
  readonly untagged: string | null;
}

/** A landing may move the branch in between. */
const TRIES = 5;

/** May be repeated: what is recorded already is left as it is. */
export function recordMilestone(git: Git, record: MilestoneRecord): Promise<Outcome<Recorded>> {
  return attempt(async () => {
    const commit = await commitOn(git, record);
    return { commit, untagged: record.tag === null ? null : await tagAt(git, record.tag, commit) };
  });
}

/** Where there is no branch of llmctl's own the commit that is checked out gets the tag. */
export function tagCommit(git: Git, tag: string, commit: Oid): Promise<Outcome<Recorded>> {
  return attempt(async () => ({ commit, untagged: await tagAt(git, tag, commit) }));
}

async function commitOn(git: Git, { id, branch, message, at }: MilestoneRecord): Promise<Oid> {
  const author = written(await identityOf(git));
  for (let tries = 1; ; tries++) {
    const tip = await tipOf(git, branch);
    if (tip === null) throw new GitError(`there is no branch ${branch} to record milestone ${id} on`, null);
    const before = await recorded(git, id, tip, at);
    if (before !== null) return before;
    const parts = { tree: await treeOf(git, tip), parents: [tip], message: await message(tip), author, at };
    const to = await writeCommitBy(git, parts);
    const moved = await moveIntegration(git, { branch, from: tip, to, id: recordId(id) });
    if (moved.ok) return to;
    if (!moved.moved || tries === TRIES) throw new GitError(moved.reason, null);
  }
}

const recordId = (milestone: string): string => `milestone-${milestone}`;

/**
 * The commit that an earlier try made: on the branch right behind where that stood, of that very moment. Its message may name other
 * figures than would be measured now.
 */
async function recorded(git: Git, id: string, tip: Oid, at: number): Promise<Oid | null> {
  const from = await git.run(['rev-parse', '--verify', '--quiet', landedRef(recordId(id))], { ok: [0, 1] });
  if (from.code !== 0) return null;
  const range = `${from.out.toString().trim()}..${tip}`;
  const first = await git.run(['rev-list', '--first-parent', '--reverse', '--format=%at', '--no-commit-header', range]);
  const [time = ''] = first.out.toString().split('\n');
  if (time !== String(Math.floor(at / 1000))) return null;
  const commits = await git.run(['rev-list', '--first-parent', '--reverse', range]);
  return commits.out.toString().split('\n')[0] || null;
}

/** Paths of all files of a commit. */
export async function filesOf(git: Git, commit: Oid): Promise<readonly string[]> {
  const listed = await git.run(['ls-tree', '-r', '--name-only', '-z', commit]);
  return listed.out
    .toString()
    .split('\0')
    .filter((path) => path !== '');
}

/** Tracked files of the working tree that aren't as they were committed. */
export async function uncommitted(git: Git): Promise<readonly string[]> {
  const status = await git.run(['--no-optional-locks', 'diff', '--name-only', '-z', 'HEAD']);
  return status.out
    .toString()
    .split('\0')
    .filter((path) => path !== '');
}

/** @returns why there is none; null: it is there */
async function tagAt(git: Git, tag: string, commit: Oid): Promise<string | null> {
  const ref = `refs/tags/${tag}`;
  const valid = await git.run(['check-ref-format', ref], { ok: [0, 1] });
  if (valid.code !== 0 || tag.startsWith('-')) return `"${tag}" is no name for a tag`;
  const there = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { ok: [0, 1] });
  if (there.code === 0) {
    return there.out.toString().trim() === commit ? null : `there is a tag ${tag} already: it was left where it is`;
  }
  await git.run(['update-ref', '-m', 'llmctl: milestone', '--stdin'], { input: `create ${ref} ${commit}\n` });
  return null;
}
