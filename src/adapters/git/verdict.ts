/** What would come of merging two agents' work as it lies there: asked after every write, so remembered by content. */
import type { Entry, Outcome, Overlapping, PairVerdict, Snapshot, Worktree } from './api-merge.ts';
import { readAgreed } from './agreed.ts';
import { changedLines, meet } from './hunks.ts';
import type { LineRange } from './hunks.ts';
import { mergePair } from './pair-merge.ts';
import type { PairPath } from './pair-merge.ts';
import { Git, attempt } from './plumb.ts';
import { agreedRef } from './refs.ts';
import type { Scratch } from './scratch.ts';
import { treesOf } from './trees.ts';

const REMEMBERED = 500;
const AT_ONCE = 4;

export class Verdicts {
  readonly #scratch: Scratch;
  readonly #verdicts = new Map<string, PairVerdict>();
  readonly #ranges = new Map<string, Promise<readonly LineRange[] | null>>();

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /** Some 15 ms where paths meet. @param a,b of two worktrees of one repository; `worktree` is any of its. */
  of(worktree: Worktree, a: Snapshot, b: Snapshot): Promise<Outcome<{ verdict: PairVerdict }>> {
    return attempt(async () => {
      const git = new Git(worktree, this.#scratch.env);
      const agreed = await readAgreed(treesOf(worktree, this.#scratch), agreedRef(a.agent, b.agent));
      const key = [a.agent, b.agent, a.head, b.head, a.tree, b.tree, JSON.stringify(agreed)].join(' ');
      const known = this.#verdicts.get(key);
      if (known) return { verdict: known };
      const merge = await mergePair(git, this.#scratch, a, b, agreed);
      const paths = await this.#judgeAll(git, merge.paths);
      const verdict: PairVerdict = { agents: [a.agent, b.agent], base: merge.base, paths };
      if (this.#verdicts.size > REMEMBERED) this.#verdicts.clear();
      this.#verdicts.set(key, verdict);
      return { verdict };
    });
  }

  /** A few at a time: each may start two of git. */
  async #judgeAll(git: Git, paths: readonly PairPath[]): Promise<Overlapping[]> {
    const judged: Overlapping[] = [];
    const due = paths.entries();
    const worker = async () => {
      for (const [at, path] of due) judged[at] = await this.#judge(git, path);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return judged;
  }

  async #judge(git: Git, path: PairPath): Promise<Overlapping> {
    if (path.conflict) return { path: path.path, verdict: 'conflict', sameRegion: true };
    const { base, ours, theirs } = path;
    const files = [base, ours, theirs].every(isText);
    const sameRegion = !files || (await this.#sameLines(git, base!.oid, ours!.oid, theirs!.oid));
    return { path: path.path, verdict: 'clean', sameRegion };
  }

  async #sameLines(git: Git, base: string, ours: string, theirs: string): Promise<boolean> {
    const [a, b] = await Promise.all([this.#changed(git, base, ours), this.#changed(git, base, theirs)]);
    return a === null || b === null || meet(a, b);
  }

  #changed(git: Git, from: string, to: string): Promise<readonly LineRange[] | null> {
    const key = `${from} ${to}`;
    let found = this.#ranges.get(key);
    if (!found) {
      if (this.#ranges.size > REMEMBERED) this.#ranges.clear();
      found = changedLines(git, from, to);
      this.#ranges.set(key, found);
      found.catch(() => this.#ranges.delete(key));
    }
    return found;
  }
}

function isText(entry: Entry | null): boolean {
  return entry !== null && entry.mode.startsWith('100');
}
