/** One fs.watch for each directory: no memory and no stat for each file, so large trees cost little. */
import { watch as fsWatch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Skips, TreeWatch, TreeWatchEvents, WatchFunction } from './tree-watch.ts';

/** The kernel's own default of watches was 8,192 for long; more than this is a job for polling. */
export const MAX_DIRECTORIES = 20_000;
const BATCH = 100;

export interface DirectoryWatchOptions extends TreeWatchEvents {
  readonly skips: Skips;
  /** Directories relative to the top ('' is the top); null: all that are there and not skipped. */
  readonly directories: readonly string[] | null;
  readonly watch?: WatchFunction;
}

export class DirectoryWatch implements TreeWatch {
  readonly #top: string;
  readonly #options: DirectoryWatchOptions;
  readonly #watch: WatchFunction;
  readonly #watchers = new Map<string, FSWatcher>();
  #stopped = false;

  constructor(top: string, options: DirectoryWatchOptions) {
    this.#top = top;
    this.#options = options;
    this.#watch = options.watch ?? fsWatch;
  }

  get size(): number {
    return this.#watchers.size;
  }

  async start(): Promise<void> {
    const { directories } = this.#options;
    if (directories === null) return this.#walk('', false);
    for (const [index, directory] of directories.entries()) {
      if (this.#stopped) return;
      this.#add(directory);
      if (index % BATCH === BATCH - 1) await turn();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #fail(code: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.onFailure(code);
  }

  #add(relative: string): void {
    if (this.#stopped || this.#watchers.has(relative)) return;
    if (this.#watchers.size >= MAX_DIRECTORIES) return this.#fail('TOO_MANY');
    try {
      const watcher = this.#watch(join(this.#top, relative), (_event, name) => this.#heard(relative, name));
      watcher.on('error', (error) => this.#failed(relative, error));
      this.#watchers.set(relative, watcher);
    } catch (error) {
      this.#failed(relative, error);
    }
  }

  #failed(relative: string, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') return this.#fail(code);
    // Gone meanwhile, or not ours to read: nothing of it can be heard.
    this.#drop(relative);
  }

  #drop(relative: string): void {
    const inside = `${relative}/`;
    for (const [key, watcher] of this.#watchers) {
      if (key !== relative && !key.startsWith(inside)) continue;
      watcher.close();
      this.#watchers.delete(key);
    }
  }

  #heard(directory: string, name: string | null): void {
    if (this.#stopped) return;
    const relative = name === null ? directory : directory === '' ? name : `${directory}/${name}`;
    if (this.#options.skips(relative)) return;
    this.#options.onChange(join(this.#top, relative));
    void this.#look(relative);
  }

  /** A name that became a directory is watched from now on; one that is gone no longer. */
  async #look(relative: string): Promise<void> {
    const stat = await lstat(join(this.#top, relative)).catch(() => null);
    if (this.#stopped) return;
    if (stat?.isDirectory()) {
      if (!this.#watchers.has(relative)) await this.#walk(relative, true);
    } else if (stat === null && this.#watchers.has(relative)) {
      this.#drop(relative);
    }
  }

  /** Watches first, then reads: what appears in between is told twice rather than not at all. */
  async #walk(relative: string, tell: boolean): Promise<void> {
    this.#add(relative);
    const entries = await readdir(join(this.#top, relative), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (this.#stopped) return;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (this.#options.skips(path)) continue;
      if (tell) this.#options.onChange(join(this.#top, path));
      if (entry.isDirectory()) await this.#walk(path, tell);
    }
  }
}
