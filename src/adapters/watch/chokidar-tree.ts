/** A small tree through chokidar: it follows replaced directories and lost races that a bare watch misses. */
import { relative } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Skips, TreeWatch, TreeWatchEvents } from './tree-watch.ts';

export class ChokidarTree implements TreeWatch {
  readonly #top: string;
  readonly #skips: Skips;
  readonly #events: TreeWatchEvents;
  #watcher: FSWatcher | null = null;
  #stopped = false;

  constructor(top: string, skips: Skips, events: TreeWatchEvents) {
    this.#top = top;
    this.#skips = skips;
    this.#events = events;
  }

  async start(): Promise<void> {
    const { watch } = await import('chokidar');
    if (this.#stopped) return;
    const watcher = watch(this.#top, {
      ignored: (path) => path !== this.#top && this.#skips(relative(this.#top, path)),
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      ignorePermissionErrors: true,
    });
    this.#watcher = watcher;
    watcher.on('all', (_event, path) => this.#events.onChange(path));
    watcher.on('error', (error) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // Anything else is one path that could not be followed; the next look at the status makes up for it.
      if (this.#watcher === watcher && ['ENOSPC', 'EMFILE', 'ENFILE'].includes(code)) this.#events.onFailure(code);
    });
    await new Promise<void>((ready) => watcher.once('ready', ready));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const watcher = this.#watcher;
    this.#watcher = null;
    await watcher?.close();
  }
}
