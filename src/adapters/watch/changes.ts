/** What a watcher told of a tree since somebody last took it over: one for each who wants to know all of it once. */

/** A set that only grows is no shorter than a look at everything. */
const MOST_PATHS = 8000;

export class Changes {
  /** null: anything may have changed. */
  #paths: Set<string> | null = null;

  add(paths: ReadonlySet<string> | 'all'): void {
    if (paths === 'all') this.#paths = null;
    else for (const path of paths) this.#paths?.add(path);
    if (this.#paths && this.#paths.size > MOST_PATHS) this.#paths = null;
  }

  /** For `Snapshots.take()`. @returns undefined where everything is to be looked at, as it is the first time */
  drain(): ReadonlySet<string> | undefined {
    const paths = this.#paths ?? undefined;
    this.#paths = new Set();
    return paths;
  }
}
