/** Tells when something in a folder was written, also where the folder is made later. */
import { existsSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Quiet } from '../watch/quiet.ts';

export class FolderWatch {
  readonly #folder: string;
  readonly #quiet: Quiet;
  #watcher: FSWatcher | null = null;

  /** @param folder absolute; it, and the ones above it, need not be there */
  constructor(folder: string, onChange: () => void) {
    this.#folder = folder;
    this.#quiet = new Quiet(onChange);
  }

  start(): void {
    this.#follow();
  }

  stop(): void {
    this.#quiet.stop();
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** The folder itself, else the nearest above it that is there: its next part being made is news. */
  #follow(): void {
    this.#watcher?.close();
    let at = this.#folder;
    let next = '';
    while (!existsSync(at) && dirname(at) !== at) {
      next = basename(at);
      at = dirname(at);
    }
    const above = at !== this.#folder;
    try {
      const watcher = watch(at, { persistent: false }, (_event, name) => {
        if (!above) this.#quiet.heard();
        else if (name === null || name === next) {
          this.#follow();
          this.#quiet.heard();
        }
      });
      watcher.on('error', () => watcher.close());
      this.#watcher = watcher;
    } catch {
      // No watches left: profiles stay as they are until the next start.
    }
  }
}
