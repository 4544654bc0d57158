/** What an agent has, as a commit that can land: its HEAD, or what lies in its worktree on top of it. */
import type { Oid, Outcome, Worktree } from './api-merge.ts';
import { identityOf, written } from './identity.ts';
import type { Identity } from './identity.ts';
import { treeOf, writeCommitBy } from './objects.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { checkFinished } from './quiesce.ts';
import type { Scratch } from './scratch.ts';
import { Snapshots } from './snapshot.ts';
import type { TakesSnapshots } from './snapshot.ts';
import { rawDiff } from './touched.ts';

export interface LandCommitOptions {
  /** For what is uncommitted. */
  readonly message: string;
  /** Else whom git's configuration names, else llmctl. */
  readonly author?: Identity;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of this worktree, made with `keep: 'repository'`; kept from landing to landing they are faster. */
  readonly snapshots?: TakesSnapshots;
}

export interface LandCommit {
  readonly head: Oid;
  /** `head` itself where the worktree is clean. */
  readonly commit: Oid;
  readonly tree: Oid;
  /** `commit` holds work that stands in no commit of the agent's own; see absorb. */
  readonly uncommitted: boolean;
}

/**
 * No ref, index or file is touched; the agent should stand still, or a file may be caught half written. Fails with `moved` while a
 * git of the agent's is at work.
 */
export function landCommit(
  worktree: Worktree,
  scratch: Scratch,
  options: LandCommitOptions,
): Promise<Outcome<LandCommit>> {
  return attempt(async () => {
    const git = new Git(worktree);
    await checkFinished(git, worktree);
    const taken = await (options.snapshots ?? new Snapshots(worktree, scratch, 'repository')).take();
    if (!taken.ok) throw new GitError(taken.reason, null);
    const { head, tree } = taken.snapshot;
    if ((await treeOf(git, head)) === tree) return { head, commit: head, tree, uncommitted: false };
    await checkNested(git, head, tree);
    const author = written(options.author ?? (await identityOf(git)));
    const { message, at } = options;
    const commit = await writeCommitBy(git, { tree, parents: [head], message, author, at });
    return { head, commit, tree, uncommitted: true };
  });
}

/** git takes a repository inside another for a submodule; without a place to fetch it from, that would land as nothing. */
async function checkNested(git: Git, head: Oid, tree: Oid): Promise<void> {
  const fresh = (await rawDiff(git, head, tree)).filter(({ from, to }) => to?.mode === '160000' && !from);
  if (fresh.length === 0) return;
  const args = ['config', '-z', '--blob', `${tree}:.gitmodules`, '--get-regexp', String.raw`^submodule\..*\.path$`];
  const { out } = await git.run(args, { ok: [0, 1, 128] });
  const known = new Set(
    out
      .toString()
      .split('\0')
      .map((pair) => pair.slice(pair.indexOf('\n') + 1)),
  );
  const nested = fresh.find(({ path }) => !known.has(path));
  if (!nested) return;
  throw new GitError(
    `${nested.path} is a repository of its own; ignore it in .gitignore or add it as a submodule`,
    null,
  );
}
