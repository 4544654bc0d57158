/** What the daemon does between a write and a verdict, put together for measuring: watchers, snapshots, verdicts of all pairs. */
import { distFile } from '../../../src/adapters/paths/dist.ts';
import type { PairVerdict, Snapshot, Worktree } from '../../../src/adapters/git/api-merge.ts';
import { openScratch, type Scratch } from '../../../src/adapters/git/scratch.ts';
import { Snapshots } from '../../../src/adapters/git/snapshot.ts';
import { closeJudges } from '../../../src/adapters/git/judges-store.ts';
import { closeTrees } from '../../../src/adapters/git/trees.ts';
import { Verdicts } from '../../../src/adapters/git/verdict.ts';
import { TreeWatchers, type TreeWatcher } from '../../../src/adapters/watch/tree-watcher.ts';
import { Changes } from '../../../src/adapters/watch/changes.ts';

export interface Desk {
  readonly worktree: Worktree;
  readonly looks: Snapshots;
  readonly seen: Changes;
  /** Others who want to know of all that changes. */
  readonly listeners: ((paths: ReadonlySet<string> | 'all') => void)[];
  watcher: TreeWatcher;
  snapshot: Snapshot | null;
  running: boolean;
}

/** Told for each pair as soon as it is judged, and once with null when all pairs of an agent are. */
export type OnVerdict = (agent: string, verdict: PairVerdict | null) => void;

export class BenchRoom {
  readonly scratch: Scratch;
  readonly watchers = new TreeWatchers(distFile('tree-watcher.js'));
  readonly desks: readonly Desk[];
  onVerdict: OnVerdict = () => {};
  readonly #verdicts: Verdicts;
  #opened = false;
  readonly troubles: string[] = [];

  private constructor(worktrees: readonly Worktree[], scratch: Scratch) {
    this.scratch = scratch;
    this.#verdicts = new Verdicts(scratch);
    this.desks = worktrees.map((worktree) => {
      const looks = new Snapshots(worktree, scratch, 'scratch');
      const watcher = { ready: Promise.resolve(), settle: () => Promise.resolve(), stop: () => {} };
      return { worktree, looks, seen: new Changes(), listeners: [], watcher, snapshot: null, running: false };
    });
  }

  static async open(worktrees: readonly Worktree[]): Promise<BenchRoom> {
    const opened = await openScratch(worktrees[0]!.commonDir);
    if (!opened.ok) throw new Error(opened.reason);
    return new BenchRoom(worktrees, opened.scratch);
  }

  /** @returns milliseconds until everything is watched. */
  async watch(): Promise<number> {
    const start = performance.now();
    for (const desk of this.desks) {
      const { dir, gitDir, commonDir } = desk.worktree;
      desk.watcher = this.watchers.watch(
        { top: dir, gitDir, commonDir },
        {
          onChange: (paths) => {
            desk.seen.add(paths);
            for (const listen of desk.listeners) listen(paths);
            if (this.#opened) void this.#look(desk);
          },
          onTrouble: (text) => text && this.troubles.push(text),
        },
      );
    }
    await Promise.all(this.desks.map(({ watcher }) => watcher.ready));
    return performance.now() - start;
  }

  /** The first snapshots; from now on every change is judged. */
  async begin(): Promise<void> {
    for (const desk of this.desks) await this.#snapshot(desk, desk.seen.drain());
    this.#opened = true;
  }

  async #look(desk: Desk): Promise<void> {
    if (desk.running) return;
    desk.running = true;
    for (let hint = desk.seen.drain(); hint === undefined || hint.size > 0; hint = desk.seen.drain()) {
      await this.#snapshot(desk, hint);
      await this.#judge(desk);
    }
    desk.running = false;
  }

  /** The tree of the last snapshot, once nothing more is to be looked at. */
  async treeOf(desk: Desk): Promise<string> {
    await desk.watcher.settle();
    while (desk.running) await new Promise((done) => setTimeout(done, 10));
    return desk.snapshot!.tree;
  }

  /** @param hint undefined: anything may have changed */
  async #snapshot(desk: Desk, hint: ReadonlySet<string> | undefined): Promise<void> {
    const taken = await desk.looks.take(hint);
    if (!taken.ok) throw new Error(taken.reason);
    desk.snapshot = taken.snapshot;
  }

  async #judge(desk: Desk): Promise<void> {
    const { agent } = desk.worktree;
    await Promise.all(
      this.desks.map(async (other) => {
        if (other === desk || !other.snapshot || !desk.snapshot) return;
        const pair = [desk.snapshot, other.snapshot].toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
        const judged = await this.#verdicts.of(desk.worktree, pair[0]!, pair[1]!);
        if (!judged.ok) throw new Error(judged.reason);
        this.onVerdict(agent, judged.verdict);
      }),
    );
    this.onVerdict(agent, null);
  }

  close(): void {
    this.watchers.stop();
    closeTrees(this.scratch);
    closeJudges(this.scratch);
  }
}
