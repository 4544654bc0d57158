/** A set of callbacks that may come and go while they are being called; one that comes then is called too. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #all = new Set<(...args: Args) => void>();

  get size(): number {
    return this.#all.size;
  }

  /** @returns the unsubscriber */
  add(listener: (...args: Args) => void): () => void {
    // Wrapped, so that one function added twice is called twice and removed once.
    const entry = (...args: Args): void => listener(...args);
    this.#all.add(entry);
    return () => void this.#all.delete(entry);
  }

  emit(...args: Args): void {
    for (const listener of this.#all) listener(...args);
  }
}
