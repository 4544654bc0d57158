/**
 * Agents that work in the repository's own checkout: who wrote which file there is found by what their processes do, and said
 * with how sure it is. There are no two versions to merge, so two writers of one file are told of, or kept apart by a lock.
 */
import { join } from 'node:path';
import { WriteWatch, type Suspect } from '../../adapters/attribution/write-watch.ts';
import { gitDirs } from '../../adapters/git/repo.ts';
import { readProcessTable } from '../../adapters/proc/process-table.ts';
import { pidsBelow } from '../../adapters/proc/tree-usage.ts';
import type { TreeWatcher, TreeWatchers } from '../../adapters/watch/tree-watcher.ts';
import { isLive, type Agent, type AgentId } from '../../core/model/agent.ts';
import type { SeenOverlap } from '../../core/model/commands.ts';
import { matches } from '../../core/overlap/policy.ts';
import type { PlanAgent } from '../../core/plan/model.ts';
import type { Busy } from '../busy.ts';
import { Lanes } from '../lanes.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface SharedWatchParts {
  readonly room: Room;
  readonly busy: Busy;
  readonly repo: string;
  readonly watchers: TreeWatchers;
  /** What the plan says of its agents' files. */
  readonly plan: readonly PlanAgent[];
}

interface Touch {
  /** In words: what told it. */
  readonly how: string;
  /** From 0 to 1. */
  readonly sure: number;
}

const TOLD: Readonly<Record<'hook' | 'claim', Touch>> = {
  hook: { how: 'by its own hook', sure: 0.99 },
  claim: { how: 'by its claim', sure: 0.9 },
};

/** Counters that are looked at from time to time tell of the last moments only. */
const LOOK_MS = 1000;
/** So many files at once are a checkout or a formatter: nobody is asked about each. */
const ASKED = 50;

export class SharedWatch {
  readonly #parts: SharedWatchParts;
  readonly #writes = new WriteWatch();
  readonly #lanes = new Lanes();
  /** Path → agent → what told that it wrote there. */
  readonly #touches = new Map<string, Map<AgentId, Touch>>();
  /** Touched, and seen as changed by git since. */
  readonly #confirmed = new Set<string>();
  #watcher: TreeWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #starting = false;

  constructor(parts: SharedWatchParts) {
    this.#parts = parts;
  }

  /** Agents came or went: with two in one checkout somebody has to look. */
  agentsChanged(): void {
    if (this.#sharing().length > 1) void this.#start();
    else this.stop();
  }

  /** The agent's own word, by its hook or its claim: surer than anything that is looked at. @param path relative */
  told(agent: AgentId, path: string, how: 'hook' | 'claim'): void {
    this.#touch(agent, path, TOLD[how]);
  }

  /** Nobody holds it any more: of whom nothing but a claim said that it writes there, nothing does now. @param path relative */
  freed(path: string): void {
    const touches = this.#touches.get(path);
    if (!touches || this.#confirmed.has(path)) return;
    for (const [agent, { how }] of touches) {
      if (how === TOLD.claim.how && touches.delete(agent)) this.#tell(agent);
    }
  }

  stop(): void {
    this.#watcher?.stop();
    this.#watcher = null;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#touches.clear();
  }

  async #start(): Promise<void> {
    if (this.#watcher || this.#starting) return;
    this.#starting = true;
    const dirs = await gitDirs(this.#parts.repo).catch(() => null);
    this.#starting = false;
    if (dirs === null || this.#watcher || this.#sharing().length < 2) return;
    this.#watcher = this.#parts.watchers.watch(dirs, {
      onChange: (paths) => this.#changed(paths),
      onTrouble: () => {},
    });
    this.#timer = setInterval(() => void this.#lanes.run('look', () => this.#look()), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    await this.#writes.look(await this.#suspects(null));
  }

  #changed(paths: ReadonlySet<string> | 'all'): void {
    // What may have been missed, and what comes by the dozen, is nobody's in particular.
    if (paths === 'all' || paths.size > ASKED) return;
    void this.#lanes.run('look', () =>
      this.#parts.busy.during(async () => {
        for (const path of paths) await this.#ask(path).catch((error: Error) => log(`shared tree: ${error.message}`));
      }),
    );
  }

  async #ask(path: string): Promise<void> {
    const found = await this.#writes.who(join(this.#parts.repo, path), await this.#suspects(path));
    // A guess by the plan alone is a prior, never evidence.
    if (found.agent === null || found.how === 'declared') return;
    const how = { descriptor: 'has it open', alone: 'nobody else runs', counters: 'wrote at that time', unknown: '' }[
      found.how
    ];
    this.#touch(found.agent, path, { how, sure: found.sure });
  }

  #touch(agent: AgentId, path: string, touch: Touch): void {
    const { room } = this.#parts;
    if (!this.#sharing().some(({ spec }) => spec.id === agent)) return;
    const known = this.#touches.get(path) ?? new Map<AgentId, Touch>();
    this.#touches.set(path, known);
    if ((known.get(agent)?.sure ?? 0) < touch.sure) known.set(agent, touch);
    room.dispatch({ type: 'path.touched', toucher: agent, path });
    this.#tell(agent);
  }

  /** git looked again: what was changed and no longer is has been committed or taken back, and is between nobody any more. */
  gitObserved(): void {
    const changed = new Set(this.#parts.room.state.git?.changed.map(({ path }) => path));
    let fewer = false;
    for (const path of this.#touches.keys()) {
      if (changed.has(path)) this.#confirmed.add(path);
      else if (this.#confirmed.delete(path)) fewer = this.#touches.delete(path);
    }
    if (fewer) for (const { spec } of this.#sharing()) this.#tell(spec.id);
  }

  /** All that this agent has in common with each of the others. */
  #tell(agent: AgentId): void {
    for (const { spec } of this.#sharing()) {
      if (spec.id === agent) continue;
      const pair: readonly [AgentId, AgentId] = agent < spec.id ? [agent, spec.id] : [spec.id, agent];
      const paths: SeenOverlap[] = [];
      for (const [path, touches] of this.#touches) {
        const [a, b] = [touches.get(pair[0]), touches.get(pair[1])];
        if (a && b) paths.push({ path, verdict: 'unknown', sameRegion: false, note: noteOf(pair, a, b) });
      }
      this.#parts.room.dispatch({ type: 'overlaps.seen', agents: pair, paths });
    }
  }

  #sharing(): readonly Agent[] {
    const { room, repo } = this.#parts;
    return Object.values(room.state.agents).filter(
      ({ spec }) => !spec.worktree && (spec.cwd === repo || spec.cwd.startsWith(`${repo}/`)),
    );
  }

  async #suspects(path: string | null): Promise<readonly Suspect[]> {
    const table = await readProcessTable();
    return this.#sharing()
      .filter(isLive)
      .map(({ spec, run }) => ({
        agent: spec.id,
        pids: pidsBelow(table, run!.pid),
        declared: path !== null && this.#declares(spec.id, path),
      }));
  }

  #declares(agent: AgentId, path: string): boolean {
    return this.#parts.plan.find(({ id }) => id === agent)?.files.some((pattern) => matches(pattern, path)) ?? false;
  }
}

function noteOf([a, b]: readonly [AgentId, AgentId], first: Touch, second: Touch): string {
  const words = (agent: AgentId, { how, sure }: Touch) => `${agent} ${Math.round(sure * 100)} % sure (${how})`;
  return `who wrote it: ${words(a, first)}, ${words(b, second)}`;
}
