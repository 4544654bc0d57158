/** Measures now and then what agents' processes take; nothing runs while no agent does. */
import { totalmem } from 'node:os';
import { readProcessTable, type ProcessTable } from '../../adapters/proc/process-table.ts';
import { readPss } from '../../adapters/proc/pss.ts';
import { pidsBelow, treeUsage } from '../../adapters/proc/tree-usage.ts';
import { readUnits, type Units } from '../../adapters/proc/units.ts';
import { isLive, type AgentId } from '../../core/model/agent.ts';
import {
  judge,
  runawayLimits,
  WELL_BEHAVED,
  type RunawayLimits,
  type TreeFigures,
  type Watched,
} from '../../core/watch/runaway.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';

export interface ResourceParts {
  readonly room: Pick<Room, 'state' | 'dispatch'>;
  /** Processes of llmctl's own: they count for nobody. */
  readonly ownPids: () => readonly number[];
  /** How often is looked. Milliseconds. */
  readonly everyMs?: number;
}

/** A look reads one small file for each process of the machine. */
const EVERY_MS = 10_000;

interface Known {
  readonly pid: number;
  readonly ticks: number;
  /** By performance.now(). */
  readonly at: number;
  readonly watched: Watched;
}

export class Resources {
  readonly #parts: ResourceParts;
  readonly #known = new Map<AgentId, Known>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #stopped = false;
  #units: Units | null = null;

  constructor(parts: ResourceParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#timer || this.#looking || this.#stopped) return;
    if (!Object.values(this.#parts.room.state.agents).some(isLive)) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#looking = true;
      void this.look()
        .catch((error: Error) => log(`resources: ${error.message}`))
        .finally(() => {
          this.#looking = false;
          this.start();
        });
    }, this.#parts.everyMs ?? EVERY_MS).unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async look(): Promise<void> {
    const { room } = this.#parts;
    this.#units ??= await readUnits();
    const table = await readProcessTable();
    const limits = runawayLimits(room.state.work?.plan.limits ?? null, totalmem());
    for (const [id, { run }] of Object.entries(room.state.agents)) {
      if (run === null) this.#known.delete(id);
      else await this.#judge(id, run.pid, table, this.#units, limits);
    }
    for (const id of this.#known.keys()) if (!Object.hasOwn(room.state.agents, id)) this.#known.delete(id);
  }

  async #judge(id: AgentId, pid: number, table: ProcessTable, units: Units, limits: RunawayLimits): Promise<void> {
    const usage = treeUsage(table, pid, this.#parts.ownPids());
    if (!usage) return;
    const at = performance.now();
    const known = this.#known.get(id);
    const before = known?.pid === pid ? known : undefined;
    const seconds = before ? (at - before.at) / 1000 : 0;
    const ticks = before ? Math.max(0, usage.ticks - before.ticks) : 0;
    const cpuPercent = seconds > 0 ? (ticks / units.ticksPerSecond / seconds) * 100 : null;
    let memoryBytes = usage.pages * units.pageBytes;
    // What is shared counts for each there: the truth is dearer, and only less.
    if (memoryBytes > limits.memoryBytes) memoryBytes = await readPss(pidsBelow(table, pid));
    const figures: TreeFigures = { processes: usage.processes, memoryBytes, cpuPercent };
    const { next, say } = judge(limits, figures, before?.watched ?? WELL_BEHAVED, Date.now());
    this.#known.set(id, { pid, ticks: usage.ticks, at, watched: next });
    if (say !== undefined) this.#parts.room.dispatch({ type: 'agent.runaway', agent: id, what: say });
  }
}
