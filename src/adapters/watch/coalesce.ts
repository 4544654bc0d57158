/** Many events into one call: after a short quiet, but not later than a longest wait. */
export class Coalescer {
  readonly #flush: (paths: ReadonlySet<string>) => void;
  readonly #quietMs: number;
  readonly #longestMs: number;
  #paths = new Set<string>();
  #quiet: NodeJS.Timeout | null = null;
  #longest: NodeJS.Timeout | null = null;

  constructor(flush: (paths: ReadonlySet<string>) => void, quietMs = 25, longestMs = 500) {
    this.#flush = flush;
    this.#quietMs = quietMs;
    this.#longestMs = longestMs;
  }

  add(path: string): void {
    this.#paths.add(path);
    this.#longest ??= setTimeout(() => this.#run(), this.#longestMs);
    // Pushing one timer back is much cheaper than a new one for each of thousands of events.
    if (this.#quiet) this.#quiet.refresh();
    else this.#quiet = setTimeout(() => this.#run(), this.#quietMs);
  }

  /** Does not wait any longer. */
  flush(): void {
    if (this.#paths.size > 0) this.#run();
  }

  #run(): void {
    const paths = this.#paths;
    this.stop();
    this.#flush(paths);
  }

  /** Forgets what is waiting. */
  stop(): void {
    if (this.#quiet) clearTimeout(this.#quiet);
    if (this.#longest) clearTimeout(this.#longest);
    this.#quiet = null;
    this.#longest = null;
    this.#paths = new Set();
  }
}
