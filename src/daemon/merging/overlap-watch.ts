/**
 * From a write to the verdict: what changed in one worktree is snapshot, and measured against every other. What comes of it goes
 * to the coordinator; nothing here decides anything.
 */
import type { PairVerdict, Snapshot } from '../../adapters/git/api-merge.ts';
import { Verdicts } from '../../adapters/git/verdict.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { SeenOverlap } from '../../core/model/commands.ts';
import type { Busy } from '../busy.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import type { Figures } from './figures.ts';
import type { Guards } from './guards.ts';
import type { OwnWork } from './own-work.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';

export interface OverlapWatchParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly guards: Guards;
  readonly figures: Figures;
  readonly ownWork: OwnWork;
  readonly busy: Busy;
  /** A worktree was looked at. @param tree of the snapshot */
  readonly onLook: (agent: AgentId, tree: string) => void;
}

interface Look {
  readonly snapshot: Snapshot;
  readonly epoch: number;
}

/** A directory's rename against an add shows in no single write; and a watcher may miss one. */
const ROUND_TRIP_MS = 10_000;

export class OverlapWatch {
  readonly #parts: OverlapWatchParts;
  readonly #looks = new Map<AgentId, Look>();
  readonly #wanted = new Set<AgentId>();
  #verdicts: Verdicts | null = null;
  #looking = false;
  #timer: NodeJS.Timeout | null = null;
  #dirty = new Set<AgentId>();
  #stopped = false;

  constructor(parts: OverlapWatchParts) {
    this.#parts = parts;
  }

  /** Of a worktree's watcher. @param paths relative; 'all': some may have been missed */
  changed(tree: Tree, paths: ReadonlySet<string> | 'all'): void {
    if (this.#stopped) return;
    tree.changed(paths);
    this.#parts.guards.changed(tree, paths);
    if (paths !== 'all') this.#touched(tree, paths);
    this.look(tree.agent);
  }

  /** Looks at a worktree soon, whatever was heard of it. */
  look(agent: AgentId): void {
    if (this.#stopped) return;
    this.#wanted.add(agent);
    if (this.#looking) return;
    this.#looking = true;
    void this.#parts.busy
      .during(() => this.#lookAtAll())
      .catch((error: Error) => log(`overlaps: ${error.stack ?? error.message}`))
      .finally(() => {
        this.#looking = false;
        const [left] = this.#wanted;
        if (left !== undefined) this.look(left);
      });
  }

  opened(tree: Tree): void {
    this.look(tree.agent);
    this.#timer ??= setInterval(() => this.#again(), ROUND_TRIP_MS).unref();
  }

  closed(agent: AgentId): void {
    this.#looks.delete(agent);
    this.#wanted.delete(agent);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Only those in which something moved since. */
  #again(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const agent of dirty) this.look(agent);
  }

  async #lookAtAll(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#stopped) {
      const agents = [...this.#wanted];
      this.#wanted.clear();
      for (const agent of agents) this.#dirty.add(agent);
      await Promise.all(agents.map((agent) => this.#snapshot(agent)));
      await this.#compare(new Set(agents));
    }
  }

  async #snapshot(agent: AgentId): Promise<void> {
    const tree = this.#parts.trees.of(agent);
    if (!tree) return;
    const { epoch } = tree;
    const taken = await tree.look();
    const cause = `snapshot:${agent}`;
    const { room } = this.#parts;
    if (taken.ok) {
      if (room.state.alerts.some((alert) => alert.cause === cause)) room.dispatch({ type: 'alert.over', cause });
      if (this.#parts.trees.of(agent) !== tree) return;
      this.#looks.set(agent, { snapshot: taken.snapshot, epoch });
      this.#parts.onLook(agent, taken.snapshot.tree);
      this.#parts.figures
        .tell(tree, taken.snapshot)
        .catch((error: Error) => log(`figures of ${agent}: ${error.message}`));
      return;
    }
    const text = `overlaps of ${agent} can't be seen just now: ${taken.reason}`;
    room.dispatch({ type: 'alert', level: 'warn', text, agent, cause });
  }

  async #compare(changed: ReadonlySet<AgentId>): Promise<void> {
    const trees = this.#parts.trees.all().toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
    for (const [i, a] of trees.entries()) {
      for (const b of trees.slice(i + 1)) {
        if (changed.has(a.agent) || changed.has(b.agent)) await this.#pair(a, b);
      }
    }
  }

  async #pair(a: Tree, b: Tree): Promise<void> {
    const [one, other] = [this.#looks.get(a.agent), this.#looks.get(b.agent)];
    if (!one || !other) return;
    this.#verdicts ??= new Verdicts(a.scratch);
    const judged = await this.#verdicts.of(a.worktree, one.snapshot, other.snapshot);
    // What a round wrote meanwhile makes this a verdict about something that is no more.
    if (one.epoch !== a.epoch || other.epoch !== b.epoch || this.#stopped) return;
    if (!judged.ok) {
      log(`overlaps of ${a.agent} and ${b.agent}: ${judged.reason}`);
      return;
    }
    const paths: readonly SeenOverlap[] = await this.#ownAmong(judged.verdict, [a, one], [b, other]);
    if (one.epoch !== a.epoch || other.epoch !== b.epoch || this.#stopped) return;
    this.#parts.room.dispatch({ type: 'overlaps.seen', agents: [a.agent, b.agent], paths });
  }

  /** Without the paths in which one of the two has only what landed. */
  async #ownAmong(
    { base, paths }: PairVerdict,
    [a, one]: readonly [Tree, Look],
    [b, other]: readonly [Tree, Look],
  ): Promise<PairVerdict['paths']> {
    if (paths.length === 0) return paths;
    const { ownWork } = this.#parts;
    const [ofA, ofB] = await Promise.all([
      ownWork.landed(a, one.snapshot, base),
      ownWork.landed(b, other.snapshot, base),
    ]);
    return paths.filter(({ path }) => !ofA(path) && !ofB(path));
  }

  #touched(tree: Tree, paths: ReadonlySet<string>): void {
    const { room } = this.#parts;
    const { policy, rules } = room.state.mergePolicy;
    if (policy !== 'lock' && rules.every((rule) => rule.policy !== 'lock')) return;
    for (const path of paths) room.dispatch({ type: 'path.touched', toucher: tree.agent, path });
  }
}
