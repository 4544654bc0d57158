/** Looks at the machine's load and memory for plans that limit them: nothing tells when they change. */
import { availableParallelism, loadavg } from 'node:os';
import { readPressure } from '../../adapters/proc/pressure.ts';
import type { PlanLimits } from '../../core/plan/sections/working.ts';
import { machineHolds } from '../../core/schedule/machine.ts';
import type { Room } from '../room.ts';

/** The load is an average over a minute: more often would show nothing new. */
const LOOK_MS = 5_000;

export class Machine {
  readonly #room: Room;
  #timer: NodeJS.Timeout | null = null;

  constructor(room: Room) {
    this.#room = room;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    this.#look();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const { work } = this.#room.state;
    const limits = work?.plan.limits ?? null;
    const held = ['load', 'memory', 'pressure'].some((cause) => work?.holds[cause] !== undefined);
    // A plan without such limits costs nothing.
    if (!held && !limited(limits)) return;
    const pressure = (limits?.pressure ?? null) === null ? null : readPressure().memory;
    const load = loadavg()[0]! / availableParallelism();
    const holds = machineHolds(limits, { load, freeMb: process.availableMemory() / 1024 / 1024, pressure });
    for (const [cause, reason] of Object.entries(holds)) {
      const known = work?.holds[cause] ?? null;
      // The figure in it moves all the time; that it holds is what counts.
      if ((known === null) !== (reason === null)) this.#room.dispatch({ type: 'schedule.limit', cause, reason });
    }
  }
}

function limited(limits: PlanLimits | null): boolean {
  return limits !== null && [limits.load, limits.memory, limits.pressure ?? null].some((limit) => limit !== null);
}
