/** Watches the files that rounds wrote: an agent may write back what it had read before. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentId } from '../../core/model/agent.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Stillness } from './stillness.ts';
import type { Tree } from './tree.ts';

export interface GuardsParts {
  readonly room: Room;
  readonly stillness: Stillness;
  readonly busy: Busy;
}

/** A write is over in less. */
const BUSY_MS = 20;
const BUSY_TRIES = 25;

export class Guards {
  readonly #parts: GuardsParts;
  readonly #lanes = new Lanes();

  constructor(parts: GuardsParts) {
    this.#parts = parts;
  }

  /** @param paths relative, of a worktree's watcher */
  changed(tree: Tree, paths: ReadonlySet<string> | 'all'): void {
    for (const path of tree.guard.paths) if (paths === 'all' || paths.has(path)) void this.check(tree, path);
  }

  /** All that a worktree's guard watches: before something else is going to write there. */
  async checkAll(tree: Tree): Promise<void> {
    for (const path of tree.guard.paths) await this.check(tree, path);
  }

  /** Nothing of the two is checked while `work` puts files back as they are meant to be. */
  apart<T>([a, b]: readonly [Tree, Tree], work: () => Promise<T>): Promise<T> {
    return this.#lanes.run(a.agent, () => this.#lanes.run(b.agent, work));
  }

  /** Whatever lies in a worktree now is meant to; only while it is kept apart and stands still. */
  async accept(tree: Tree): Promise<void> {
    for (const path of tree.guard.paths) {
      const kept = await tree.guard.accept(path);
      if (!kept.ok) log(`stale guard, ${tree.agent} ${path}: ${kept.reason}`);
    }
  }

  check(tree: Tree, path: string): Promise<void> {
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
