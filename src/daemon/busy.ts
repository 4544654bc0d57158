/** Counts what is under way, so that one can wait for its end instead of for a time. */

export class Busy {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  /** Counts `task` while it runs; its result and its error pass through. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    const done = this.begin();
    try {
      return await task();
    } finally {
      done();
    }
  }

  /** @returns to be called at the end; more than once does no harm */
  begin(): () => void {
    this.#count++;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#count--;
      // What follows from this in the same turn of the loop is part of it.
      if (this.#count === 0) setImmediate(() => this.#tell());
    };
  }

  /** Resolves when nothing is under way, and nothing began while that was found out. */
  async idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
