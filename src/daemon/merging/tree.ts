/** One agent's worktree, and what is remembered about it. */
import type { GitPath, Outcome, Snapshot, Worktree } from '../../adapters/git/api-merge.ts';
import type { Scratch } from '../../adapters/git/scratch.ts';
import { Snapshots, type TakesSnapshots } from '../../adapters/git/snapshot.ts';
import { StaleGuard } from '../../adapters/git/stale-guard.ts';
import { Changes } from '../../adapters/watch/changes.ts';
import type { TreeWatcher } from '../../adapters/watch/tree-watcher.ts';
import type { AgentId } from '../../core/model/agent.ts';

export class Tree {
  readonly agent: AgentId;
  readonly worktree: Worktree;
  readonly scratch: Scratch;
  readonly guard: StaleGuard;
  /** Counts what llmctl itself wrote into it: what was read before is of no use. */
  epoch = 0;
  /** None while it is being opened. */
  watcher: TreeWatcher | null = null;
  readonly #looks: Snapshots;
  readonly #keeps: Snapshots;
  readonly #heardForLooks = new Changes();
  readonly #heardForKeeps = new Changes();

  constructor(agent: AgentId, worktree: Worktree, scratch: Scratch) {
    this.agent = agent;
    this.worktree = worktree;
    this.scratch = scratch;
    this.#looks = new Snapshots(worktree, scratch, 'scratch');
    this.#keeps = new Snapshots(worktree, scratch, 'repository');
    this.guard = new StaleGuard(worktree, scratch, this.keeps);
  }

  /** What the watcher heard. */
  changed(paths: ReadonlySet<GitPath> | 'all'): void {
    this.#heardForLooks.add(paths);
    this.#heardForKeeps.add(paths);
  }

  /** For verdicts: its objects go to the scratch store. */
  look(): Promise<Outcome<{ snapshot: Snapshot }>> {
    return this.#looks.take(this.#heardForLooks.drain());
  }

  /** For rounds and landings, whose agents stand still: its objects stay, and all that was written before is in it. */
  readonly keeps: TakesSnapshots = {
    take: async () => {
      await this.watcher?.settle();
      return this.#keeps.take(this.#heardForKeeps.drain());
    },
    // A round met what was never heard of: everything is looked at anew.
    forget: () => this.#keeps.forget(),
  };

  close(): void {
    this.watcher?.stop();
  }
}
