/** Looks at the machine's load and memory for plans that limit them: nothing tells when they change. */
import { availableParallelism, loadavg } from 'node:os';
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
    const held = ['load', 'memory'].some((cause) => work?.holds[cause] !== undefined);
    // A plan without such limits costs nothing.
    if (!held && (limits === null || (limits.load === null && limits.memory === null))) return;
    const load = loadavg()[0]! / availableParallelism();
    const holds = machineHolds(limits, { load, freeMb: process.availableMemory() / 1024 / 1024 });
    for (const [cause, reason] of Object.entries(holds)) {
      const known = work?.holds[cause] ?? null;
      // The figure in it moves all the time; that it holds is what counts.
      if ((known === null) !== (reason === null)) this.#room.dispatch({ type: 'schedule.limit', cause, reason });
    }
  }
}
