/** Watches the files that rounds wrote: an agent may write back what it had read before. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentId } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Stillness } from './stillness.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';

export interface GuardsParts {
  readonly room: Pick<Room, 'dispatch'>;
  readonly stillness: Pick<Stillness, 'during'>;
  readonly busy: Busy;
}

/** A write is over in less. */
const BUSY_MS = 20;
const BUSY_TRIES = 25;
/** After this long an agent has read a file again, or its turn is over. */
const REMINDED_MS = 10 * 60_000;

export class Guards {
  readonly #parts: GuardsParts;
  /** One for each agent: whoever has it is the only one to write into the worktree. */
  readonly #lanes = new Lanes();
  /** By round and agent. */
  readonly #held = new Map<string, () => void>();

  constructor(parts: GuardsParts) {
    this.#parts = parts;
  }

  /** After a start: an agent may still have in mind what it read before a round that the daemon of before carried out. */
  async remind(state: State, trees: Pick<Trees, 'of'>, now: number): Promise<void> {
    const recent = Object.values(state.rounds)
      .filter(({ phase, undone, endedAt }) => phase === 'resolved' && !undone && now - endedAt! < REMINDED_MS)
      .toSorted((a, b) => a.endedAt! - b.endedAt!);
    for (const { id, sides } of recent) {
      for (const { agent } of sides) {
        const kept = await trees.of(agent)?.guard.remember(id);
        if (kept?.ok === false) log(`stale guard of ${agent}: ${kept.reason}`);
      }
    }
    // What was written while no daemon was there.
    for (const agent of new Set(recent.flatMap(({ sides }) => sides.map((side) => side.agent)))) {
      const tree = trees.of(agent);
      if (tree) this.changed(tree, 'all');
    }
  }

  /** @param paths relative, of a worktree's watcher */
  changed(tree: Tree, paths: ReadonlySet<string> | 'all'): void {
    for (const path of tree.guard.paths) if (paths === 'all' || paths.has(path)) void this.#queue(tree, path);
  }

  /**
   * For a round, whose agent stands still: what it wrote from an old read is put right, and no guard touches the worktree until
   * `letGo`. A file that a round has just written and nobody remembers yet looks like anything.
   * @param check false where the round may have written already, or its agent does not stand still yet
   */
  async hold(round: string, tree: Tree, check: boolean): Promise<void> {
    const key = `${round} ${tree.agent}`;
    if (!this.#held.has(key)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      await new Promise<void>((begun) => {
        void this.#lanes.run(tree.agent, () => {
          begun();
          return promise;
        });
      });
      this.#held.set(key, resolve);
    }
    if (check) await this.#checkAll(tree);
  }

  letGo(round: string, agent: AgentId): void {
    const key = `${round} ${agent}`;
    this.#held.get(key)?.();
    this.#held.delete(key);
  }

  /** The same for something short that isn't a round's: `work` has the worktree for itself, and its agent stands still. */
  during<T>(tree: Tree, work: () => Promise<T>): Promise<T> {
    const alone = async (): Promise<T> => {
      await this.#checkAll(tree);
      return work();
    };
    return this.#lanes.run(tree.agent, () => this.#parts.stillness.during(tree, alone));
  }

  /** Whatever lies in a worktree now is meant to; only within `during`. */
  async accept(tree: Tree): Promise<void> {
    for (const path of tree.guard.paths) {
      const kept = await tree.guard.accept(path);
      if (!kept.ok) log(`stale guard, ${tree.agent} ${path}: ${kept.reason}`);
    }
  }

  async #checkAll(tree: Tree): Promise<void> {
    for (const path of tree.guard.paths) await this.#check(tree, path);
  }

  #queue(tree: Tree, path: string): Promise<void> {
    return this.#lanes.run(tree.agent, () => this.#parts.busy.during(() => this.#check(tree, path)));
  }

  async #check(tree: Tree, path: string): Promise<void> {
    for (let tries = 0; tries < BUSY_TRIES; tries++) {
      const hold = <T>(work: () => Promise<T>): Promise<T> => this.#parts.stillness.during(tree, work);
      const checked = await tree.guard.check(path, hold);
      if (!checked.ok) return log(`stale guard, ${tree.agent} ${path}: ${checked.reason}`);
      if (checked.finding !== 'busy') return this.#tell(tree.agent, path, checked.finding);
      await sleep(BUSY_MS);
    }
  }

  #tell(agent: AgentId, path: string, finding: 'fresh' | 'merged' | 'conflict'): void {
    if (finding === 'fresh') return;
    const shown = showControls(path);
    const text =
      finding === 'merged'
        ? `${agent} wrote ${shown} from what it had read before the merge: the other's lines were merged back in`
        : `${agent} wrote over merged lines of ${shown}: what they were is kept in the round's backup`;
    const cause = `stale:${agent}:${path}`;
    this.#parts.room.dispatch({ type: 'alert', level: finding === 'merged' ? 'info' : 'error', text, agent, cause });
  }
}
