/** Whether the machine has room for more work. */
import type { PlanLimits } from '../plan/sections/working.ts';

export interface MachineFacts {
  /** Average of the last minute, for each core. */
  readonly load: number;
  readonly freeMb: number;
  /** Percent of the time in which work waits for memory; null: not known. */
  readonly pressure: number | null;
}

/** Causes with why they hold new work back; null: that one doesn't. */
export function machineHolds(limits: PlanLimits | null, facts: MachineFacts): Readonly<Record<string, string | null>> {
  const { load = null, memory = null, pressure = null } = limits ?? {};
  return {
    load:
      load !== null && facts.load > load
        ? `the machine is busy: load ${facts.load.toFixed(1)} a core, ${load} at most`
        : null,
    memory:
      memory !== null && facts.freeMb < memory
        ? `memory is short: ${Math.round(facts.freeMb)} MB free, ${memory} at least`
        : null,
    pressure:
      pressure !== null && facts.pressure !== null && facts.pressure > pressure
        ? `work waits for memory ${Math.round(facts.pressure)} % of the time, ${pressure} at most`
        : null,
  };
}
