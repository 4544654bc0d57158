/** Keeps a merge from being written over by an agent that had read the file before it. */
import { VERSION_LIMIT, lineCounts, nearestVersion } from '../../core/merge/stale.ts';
import type { LineCounts } from '../../core/merge/stale.ts';
import { readAgreed, withoutPaths, writeAgreed } from './agreed.ts';
import type { GitPath, Outcome, Worktree } from './api-merge.ts';
import { readDisk, stateOf, transition } from './disk.ts';
import { readBlobs, writeObject } from './objects.ts';
import { Git, GitError, attempt } from './plumb.ts';
import { agreedRef, updateRefs } from './refs.ts';
import { readPlan } from './kept-plan.ts';
import type { Scratch } from './scratch.ts';
import { mergeTexts } from './settle.ts';
import { writersIn } from './quiesce.ts';

interface Version {
  readonly bytes: Buffer;
  readonly lines: LineCounts;
}

export type GuardFinding =
  /** Not watched, unchanged, gone, or made from what lies there. */
  | 'fresh'
  /** Made from an older version; the newer one's lines were merged back in. */
  | 'merged'
  /** Made from an older version, and both changed the same lines: what it wrote stands, and what it lost is in the backup refs. */
  | 'conflict'
  /** It is being written just now: ask again in a moment. */
  | 'busy';

export type Hold = <T>(work: () => Promise<T>) => Promise<T>;

/** One for each worktree, filled after each round. Calls one at a time. */
export class StaleGuard {
  readonly #worktree: Worktree;
  readonly #scratch: Scratch;
  readonly #git: Git;
  readonly #versions = new Map<GitPath, Version[]>();
  #like = '';
  /** Ref of what the last round of each path was agreed on. */
  readonly #pairs = new Map<GitPath, string>();

  constructor(worktree: Worktree, scratch: Scratch) {
    this.#worktree = worktree;
    this.#scratch = scratch;
    this.#git = new Git(worktree);
  }

  /** Watched since a round. */
  get paths(): readonly GitPath[] {
    return [...this.#versions.keys()];
  }

  /** Before the resume: each file that the round changed, as the agent may have read it and as it is now. */
  remember(round: string): Promise<Outcome<object>> {
    return attempt(async () => {
      const plan = await readPlan(this.#git, round, this.#worktree.agent);
      if (!plan) throw new GitError(`nothing is kept of round ${round} for ${this.#worktree.agent}`, null);
      this.#like = plan.agreement.base;
      const pair = plan.agents && agreedRef(...plan.agents);
      for (const { path } of plan.changes) {
        if (pair) this.#pairs.set(path, pair);
        else this.#pairs.delete(path);
      }
      for (const { path, from, to } of plan.changes) {
        // Where one of them is nothing, writing means making it anew: no version to go back to.
        if (!from || !to || from.mode === '120000' || to.mode === '120000') this.#versions.delete(path);
        else for (const bytes of await readBlobs(this.#git, [from.oid, to.oid])) this.#push(path, bytes);
      }
      return {};
    });
  }

  /** Somebody put there what lies at the path now, and knew what was there: an older version that is wanted again. */
  accept(path: GitPath): Promise<Outcome<object>> {
    return attempt(async () => {
      const versions = this.#versions.get(path);
      const disk = versions && (await readDisk(this.#worktree.dir, path));
      if (!versions) return {};
      if (!disk || disk.mode === '120000') this.#versions.delete(path);
      else this.#push(path, disk.bytes);
      return {};
    });
  }

  /**
   * Whenever a watched path was written. @param hold does its work while the agent stands still (pauseStill, then resume); asked
   * for only where something is to be written. Without it the agent must stand still already.
   */
  check(path: GitPath, hold: Hold = (work) => work()): Promise<Outcome<{ finding: GuardFinding }>> {
    return attempt(async () => {
      const finding = await this.#check(path, false);
      return { finding: finding === 'stale' ? ((await hold(() => this.#check(path, true))) as GuardFinding) : finding };
    });
  }

  /** @param write false only looks. */
  async #check(path: GitPath, write: boolean): Promise<GuardFinding | 'stale'> {
    const versions = this.#versions.get(path);
    const disk = versions && (await readDisk(this.#worktree.dir, path));
    if (!versions || !disk || disk.mode === '120000') return 'fresh';
    const newest = versions.at(-1)!;
    if (disk.bytes.equals(newest.bytes)) return 'fresh';
    if (await this.#beingWritten(path)) return 'busy';
    const written = { bytes: disk.bytes, lines: countsOf(disk.bytes) };
    const from = nearestVersion(
      written.lines,
      versions.map((version) => version.lines),
    );
    if (from === versions.length - 1) {
      this.#push(path, written.bytes);
      return 'fresh';
    }
    if (!write) return 'stale';
    const texts = { ours: written.bytes, base: versions[from]!.bytes, theirs: newest.bytes };
    const merged = await mergeTexts(this.#git, this.#scratch, texts, 'plain');
    if (merged.content === null || merged.conflicts > 0) {
      this.#push(path, written.bytes);
      await this.#disagree(path);
      return 'conflict';
    }
    const now = stateOf(disk, this.#like)!;
    const to = { mode: now.mode, oid: await writeObject(this.#git, 'blob', merged.content, this.#like) };
    await transition(this.#git, this.#like, [{ path, from: now, to }], { stage: this.#scratch.stage });
    this.#push(path, written.bytes);
    this.#push(path, merged.content);
    return 'merged';
  }

  /** What it wrote takes the other's lines out, and nobody wanted that: the next merge must not take it for wanted. */
  async #disagree(path: GitPath): Promise<void> {
    const ref = this.#pairs.get(path);
    const agreed = ref ? await readAgreed(this.#git, ref) : null;
    if (!ref || !agreed) return;
    const kept = await writeAgreed(this.#git, withoutPaths(agreed, new Set([path])), this.#like);
    await updateRefs(this.#git, [[ref, kept]]);
  }

  async #beingWritten(path: GitPath): Promise<boolean> {
    const file = `${this.#worktree.dir}/${path}`;
    return (await writersIn(this.#worktree.dir)).some((writer) => writer.file === file);
  }

  #push(path: GitPath, bytes: Buffer): void {
    const versions = this.#versions.get(path) ?? [];
    if (versions.at(-1)?.bytes.equals(bytes)) return;
    // What is there again is no older version any more.
    const others = versions.filter((one) => !one.bytes.equals(bytes));
    this.#versions.set(path, [...others, { bytes, lines: countsOf(bytes) }].slice(-VERSION_LIMIT));
  }
}

function countsOf(bytes: Buffer): LineCounts {
  return lineCounts(bytes.toString('latin1'));
}
