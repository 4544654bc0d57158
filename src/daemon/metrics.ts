/** What agents and session use, measured when a client asks; between requests nothing runs. */
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { type ProcessTable, readProcessTable } from '../adapters/proc/process-table.ts';
import { treeUsage } from '../adapters/proc/tree-usage.ts';
import { SharedMemory } from '../adapters/proc/pss.ts';
import { readPressure } from '../adapters/proc/pressure.ts';
import { type Units, readUnits } from '../adapters/proc/units.ts';
import type { Agent } from '../core/model/agent.ts';
import type { AgentMetrics, MachineMetrics, MetricsReply, ProcessMetrics } from '../protocol/messages.ts';
import type { Panes } from './panes.ts';
import type { Room } from './room.ts';

/** What of the session is measured. */
export interface Measured {
  readonly room: Pick<Room, 'state'>;
  readonly panes: Pick<Panes, 'host' | 'stats' | 'of'>;
}

interface Moment {
  /** By performance.now(): a clock that is set changes no rate. */
  readonly at: number;
  /** Values that only grow, by what they count: their growth makes the rates. */
  readonly counters: ReadonlyMap<string, number>;
  readonly reply: MetricsReply;
}

/** A client that asks sooner gets the answer before: a tick is 10 ms, and over less than this rates are noise. */
const LEAST_MS = 200;

export class Metrics {
  readonly #measured: Measured;
  /** Each asker has its own moment before: two screens don't cut each other's intervals short. */
  readonly #before = new WeakMap<object, Moment>();
  readonly #underWay = new WeakMap<object, Promise<MetricsReply>>();
  readonly #shares = new SharedMemory();
  #units: Promise<Units> | null = null;

  constructor(measured: Measured) {
    this.#measured = measured;
  }

  /**
   * @param asker rates span the time since its last sample
   * @throws Error where there is no /proc
   */
  async sample(asker: object): Promise<MetricsReply> {
    const before = this.#before.get(asker);
    if (before && performance.now() - before.at < LEAST_MS) return before.reply;
    let sample = this.#underWay.get(asker);
    if (!sample) {
      sample = this.#measure(asker, before ?? null).finally(() => this.#underWay.delete(asker));
      this.#underWay.set(asker, sample);
    }
    return sample;
  }

  async #measure(asker: object, before: Moment | null): Promise<MetricsReply> {
    const { room, panes } = this.#measured;
    this.#units ??= readUnits();
    const [units, table, stats] = await Promise.all([this.#units, readProcessTable(), panes.stats()]);
    const at = performance.now();
    const seconds = before ? (at - before.at) / 1000 : null;
    const counters = new Map<string, number>();
    const rate = (name: string, value: number): number | null => {
      counters.set(name, value);
      const last = before?.counters.get(name);
      return seconds === null || last === undefined ? null : Math.max(0, value - last) / seconds;
    };
    const printed = new Map(stats.panes.map(({ pane, bytes, lagBytes }) => [pane, bytes + lagBytes]));
    const own = [process.pid, panes.host.host.pid];
    const roots = Object.values(room.state.agents).flatMap(({ run }) => (run ? [run.pid] : []));
    const shares = await this.#shares.of(table, roots);
    const taken: Taken = { units, table, rate, printed, own, shares };
    const reply: MetricsReply = {
      at: Date.now(),
      overMs: seconds === null ? null : Math.round(seconds * 1000),
      cores: availableParallelism(),
      machine: machineMetrics(),
      agents: room.state.order.flatMap((id) => {
        const agent = room.state.agents[id];
        return agent ? [agentMetrics(agent, panes.of(id)?.generation ?? 0, taken)] : [];
      }),
      daemon: processMetrics(process.pid, taken),
      ptyhost: processMetrics(panes.host.host.pid, taken),
    };
    this.#before.set(asker, { at, counters, reply });
    return reply;
  }
}

interface Taken {
  readonly units: Units;
  readonly table: ProcessTable;
  /** Bytes that each pane's program has printed. */
  readonly printed: ReadonlyMap<number, number>;
  readonly own: readonly number[];
  /** Memory of a tree with what is shared divided, by the pid of its root. */
  readonly shares: ReadonlyMap<number, number>;
  /** @returns growth a second since the moment before; null where the counter is new */
  rate(name: string, value: number): number | null;
}

function agentMetrics(agent: Agent, generation: number, taken: Taken): AgentMetrics {
  const { spec, pane, run } = agent;
  const usage = run ? treeUsage(taken.table, run.pid, taken.own) : null;
  if (!run || !usage) {
    return {
      agent: spec.id,
      pid: null,
      processes: 0,
      cpuPercent: 0,
      rssBytes: 0,
      pssBytes: 0,
      outputBytesPerSecond: 0,
    };
  }
  const { units, rate, printed } = taken;
  const ticks = rate(`cpu ${run.pid} ${usage.rootStart}`, usage.ticks);
  const bytes = rate(`output ${pane} ${generation}`, printed.get(pane) ?? 0);
  return {
    agent: spec.id,
    pid: run.pid,
    processes: usage.processes,
    cpuPercent: percent(ticks, units),
    rssBytes: usage.pages * units.pageBytes,
    pssBytes: taken.shares.get(run.pid) ?? null,
    outputBytesPerSecond: bytes === null ? null : Math.round(bytes),
  };
}

function machineMetrics(): MachineMetrics {
  const load = Math.round((loadavg()[0]! / availableParallelism()) * 100) / 100;
  return { load, freeBytes: process.availableMemory(), totalBytes: totalmem(), pressure: readPressure() };
}

function processMetrics(pid: number, { units, table, rate }: Taken): ProcessMetrics {
  const row = table.get(pid);
  if (!row) return { pid, cpuPercent: null, rssBytes: 0 };
  const ticks = rate(`cpu ${pid} ${row.start}`, row.ticks);
  return { pid, cpuPercent: percent(ticks, units), rssBytes: row.pages * units.pageBytes };
}

/** Of one core, with one decimal. */
function percent(ticks: number | null, { ticksPerSecond }: Units): number | null {
  return ticks === null ? null : Math.round((ticks / ticksPerSecond) * 1000) / 10;
}
