/** Watches the files that rounds wrote: an agent may write back what it had read before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { notedChanges } from '../../adapters/git/guard-memory.ts';
import type { Checked } from '../../adapters/git/stale-guard.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { AlertLevel, State } from '../../core/model/state.ts';
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
  /** What an agent wrote unawares is in dispute now: whom it meets is to be seen anew. */
  readonly onDispute: (agent: AgentId) => void;
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

  /**
   * After a start: an agent may still have in mind what it read before a round or a forward that the daemon of before carried out.
   * Nothing is checked before all of it is told: to whoever knows half of them, what came after looks like an old read.
   */
  async remind({ rounds }: Pick<State, 'rounds'>, trees: Pick<Trees, 'all'>, now: number): Promise<void> {
    const remind = async (tree: Tree): Promise<void> => {
      const noted = await notedChanges(tree.worktree);
      for (const { id, at } of noted.filter((one) => now - one.at < REMINDED_MS)) {
        const kept = await tree.guard.remember(id, rounds[id]?.undone === true ? 'undone' : 'again', at);
        if (!kept.ok) log(`stale guard of ${tree.agent}: ${kept.reason}`);
      }
    };
    const told = trees.all().map(async (tree) => {
      await (this.#isHeld(tree.agent) ? remind(tree) : this.#lanes.run(tree.agent, () => remind(tree)));
      // What was written while no daemon was there.
      this.changed(tree, 'all');
    });
    await Promise.all(told);
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

  /**
   * The same for something short that isn't a round's: `work` has the worktree for itself, and its agent stands still.
   * @param check false where something was begun that nobody remembers yet
   */
  during<T>(tree: Tree, work: () => Promise<T>, check = true): Promise<T> {
    const alone = async (): Promise<T> => {
      if (check) await this.#checkAll(tree);
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

  #isHeld(agent: AgentId): boolean {
    return [...this.#held.keys()].some((key) => key.endsWith(` ${agent}`));
  }

  /** Its agent stands still. */
  async #checkAll(tree: Tree): Promise<void> {
    for (const path of tree.guard.paths) await this.#check(tree, path, true);
  }

  #queue(tree: Tree, path: string): Promise<void> {
    return this.#lanes.run(tree.agent, () => this.#parts.busy.during(() => this.#check(tree, path, false)));
  }

  async #check(tree: Tree, path: string, still: boolean): Promise<void> {
    for (let tries = 0; tries < BUSY_TRIES; tries++) {
      const hold = <T>(work: () => Promise<T>): Promise<T> => this.#parts.stillness.during(tree, work);
      const checked = await tree.guard.check(path, hold, still);
      if (!checked.ok) return log(`stale guard, ${tree.agent} ${path}: ${checked.reason}`);
      if (checked.finding !== 'busy') return this.#tell(tree.agent, checked);
      await sleep(BUSY_MS);
    }
  }

  /** What was lost is no news that a later one may take the place of. */
  #tell(agent: AgentId, { finding, path, kept }: Checked): void {
    const tell = (level: AlertLevel, kind: string, text: string): void => {
      const cause = `${kind}:${agent}:${path}`;
      this.#parts.room.dispatch({ type: 'alert', level, text, agent, cause });
    };
    const shown = showControls(path);
    const way = `\`git show ${kept ?? ''}:merged\` has them`;
    switch (finding) {
      case 'fresh':
      case 'busy':
        return;
      case 'merged':
        return tell(
          'info',
          'stale',
          `${agent} wrote ${shown} from what it had read before the merge: the other's lines were merged back in`,
        );
      case 'conflict':
        tell('error', 'written-over', `${agent} wrote over merged lines of ${shown}: ${way}`);
        return this.#parts.onDispute(agent);
      case 'deleted':
        tell('warn', 'deleted', `${agent} deleted ${shown}, in which another's lines had been merged: ${way}`);
        return this.#parts.onDispute(agent);
      default:
        return finding satisfies never;
    }
  }
}
