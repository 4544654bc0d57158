/** One agent's worktree, and what is remembered about it. */
import type { GitPath, Outcome, Snapshot, Worktree } from '../../adapters/git/api-merge.ts';
import type { Scratch } from '../../adapters/git/scratch.ts';
import { Snapshots, type TakesSnapshots } from '../../adapters/git/snapshot.ts';
import { StaleGuard } from '../../adapters/git/stale-guard.ts';
import type { TreeWatcher } from '../../adapters/watch/tree-watcher.ts';
import type { AgentId } from '../../core/model/agent.ts';

/** Said to have changed since the last snapshot of a kind; null: anything may have. */
type Heard = Set<GitPath> | null;

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
  #heardForLooks: Heard = null;
  #heardForKeeps: Heard = null;

  constructor(agent: AgentId, worktree: Worktree, scratch: Scratch) {
    this.agent = agent;
    this.worktree = worktree;
    this.scratch = scratch;
    this.guard = new StaleGuard(worktree, scratch);
    this.#looks = new Snapshots(worktree, scratch, 'scratch');
    this.#keeps = new Snapshots(worktree, scratch, 'repository');
  }

  /** What the watcher heard. */
  changed(paths: ReadonlySet<GitPath> | 'all'): void {
    this.#heardForLooks = more(this.#heardForLooks, paths);
    this.#heardForKeeps = more(this.#heardForKeeps, paths);
  }

  /** For verdicts: its objects go to the scratch store. */
  look(): Promise<Outcome<{ snapshot: Snapshot }>> {
    const heard = this.#heardForLooks;
    this.#heardForLooks = new Set();
    return this.#looks.take(heard ?? undefined);
  }

  /** For rounds and landings, whose agents stand still: its objects stay, and all that was written before is in it. */
  readonly keeps: TakesSnapshots = {
    take: async () => {
      await this.watcher?.settle();
      const heard = this.#heardForKeeps;
      this.#heardForKeeps = new Set();
      return this.#keeps.take(heard ?? undefined);
    },
  };

  close(): void {
    this.watcher?.stop();
  }
}

function more(heard: Heard, paths: ReadonlySet<GitPath> | 'all'): Heard {
  if (heard === null || paths === 'all') return null;
  for (const path of paths) heard.add(path);
  return heard;
}
