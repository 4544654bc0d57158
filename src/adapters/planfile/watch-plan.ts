/** Tells when one of the files that make a plan was written: by the folders they are in, for editors replace files. */
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Quiet } from '../watch/quiet.ts';

export class PlanWatch {
  readonly #quiet: Quiet;
  readonly #watchers = new Map<string, FSWatcher>();
  #names = new Map<string, Set<string>>();

  constructor(onChange: () => void) {
    this.#quiet = new Quiet(onChange);
  }

  /** @param files absolute; the ones of before that are not among them are watched no longer */
  follow(files: readonly string[]): void {
    const names = new Map<string, Set<string>>();
    for (const file of files) {
      const folder = dirname(file);
      names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
    }
    this.#names = names;
    for (const [folder, watcher] of this.#watchers) {
      if (names.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of names.keys()) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  stop(): void {
    this.#quiet.stop();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || this.#names.get(folder)?.has(name) === true) this.#quiet.heard();
      });
      // A folder that goes takes its files with it: the next start tells.
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone already, or no watches left: the plan stays as it is.
    }
  }
}
