/** How many checks run at once: builds fill every core by themselves. Who came last goes first, for it knows the newest state. */
import { availableParallelism } from 'node:os';

/** Two even on one core: a check that hangs must not keep all others from running. */
export function slotsOfMachine(): number {
  return Math.max(2, Math.floor(availableParallelism() / 2));
}

export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns what `task` returns or throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.pop();
      if (next) next();
      else this.#free++;
    }
  }
}
