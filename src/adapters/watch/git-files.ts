/** Watches the few files of .git whose change means another status: HEAD, index, refs, the log of HEAD. */
import { watch as fsWatch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { GitDirs } from '../git/repo.ts';
import { DirectoryWatch } from './directory-watch.ts';
import type { TreeWatch, TreeWatchEvents, WatchFunction } from './tree-watch.ts';

const NAMES = new Set(['HEAD', 'index', 'packed-refs', 'config', 'MERGE_HEAD', 'FETCH_HEAD']);
/** How files in the git folder begin that are written to hear of them: what is heard by then is all there was before. */
export const CANARY = 'llmctl-canary';

export class GitFilesWatch implements TreeWatch {
  readonly #dirs: GitDirs;
  readonly #events: TreeWatchEvents;
  readonly #watch: WatchFunction;
  readonly #plain: FSWatcher[] = [];
  readonly #refs: DirectoryWatch;
  readonly #onCanary: (name: string) => void;

  constructor(
    dirs: GitDirs,
    events: TreeWatchEvents,
    watch: WatchFunction = fsWatch,
    onCanary: (name: string) => void = () => {},
  ) {
    this.#onCanary = onCanary;
    this.#dirs = dirs;
    this.#events = events;
    this.#watch = watch;
    // Snapshots and backups of llmctl's own come by the dozen and change nothing that is shown.
    const skips = (path: string) => path.endsWith('.lock') || path === 'llmctl' || path.startsWith('llmctl/');
    this.#refs = new DirectoryWatch(join(dirs.commonDir, 'refs'), { ...events, skips, directories: null, watch });
  }

  async start(): Promise<void> {
    const { gitDir, commonDir } = this.#dirs;
    this.#folder(gitDir, (name) => {
      if (name.startsWith(CANARY)) this.#onCanary(name);
      return NAMES.has(name);
    });
    if (commonDir !== gitDir) this.#folder(commonDir, (name) => NAMES.has(name));
    this.#folder(join(gitDir, 'logs'), (name) => name === 'HEAD');
    this.#folder(join(commonDir, 'reftable'), () => true);
    await this.#refs.start();
  }

  async stop(): Promise<void> {
    for (const watcher of this.#plain) watcher.close();
    this.#plain.length = 0;
    await this.#refs.stop();
  }

  #folder(path: string, wanted: (name: string) => boolean): void {
    try {
      const watcher = this.#watch(path, (_event, name) => {
        if (name !== null && wanted(name)) this.#events.onChange(join(path, name));
      });
      watcher.on('error', () => watcher.close());
      this.#plain.push(watcher);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOSPC' || code === 'EMFILE') this.#events.onFailure(code);
    }
  }
}
