/** Tasks of one key run one after the other; those of different keys don't wait for each other. */

export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** @returns what `task` returns or throws; a task that throws does not stop the ones behind it */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const tail: Promise<unknown> = result
      .catch(() => undefined)
      .finally(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves when the lane is empty, what was added meanwhile included. */
  async settled(key: string): Promise<void> {
    for (let tail = this.#tails.get(key); tail !== undefined; tail = this.#tails.get(key)) {
      await tail;
    }
  }

  async allSettled(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all([...this.#tails.keys()].map((key) => this.settled(key)));
  }
}
