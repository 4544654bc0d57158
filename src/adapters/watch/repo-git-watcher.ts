/** The daemon's eye on one working tree: its status, and that it moved. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRepository } from '../git/repo.ts';
import type { GitDirs } from '../git/repo.ts';
import { StatusReader } from '../git/status.ts';
import { MovedFiles } from './moved-files.ts';
import { RepoWatcher } from './repo-watcher.ts';
import type { RepoWatcherOptions } from './repo-watcher.ts';
import { STATUS_TIMES, StatusLoop } from './status-loop.ts';
import type { TreeWatcher, TreeWatchers } from './tree-watcher.ts';
import type { ObservedStatus, StatusLoopTimes } from './status-loop.ts';

export interface RepoGitEvents {
  /** Only when something in it changed. */
  readonly onStatus: (status: ObservedStatus) => void;
  /**
   * Something can't be done, one line for people; null when `cause` is over. `git`: status can't be read;
   * `watch`: no file events, the status is polled.
   */
  readonly onTrouble: (cause: 'git' | 'watch', text: string | null) => void;
  /** A file that git does not ignore, or HEAD, changed: results of builds are of before. */
  readonly onTreeChanged: () => void;
}

export interface RepoGitOptions extends RepoGitEvents, RepoWatcherOptions {
  /** Any folder of the working tree: the repository, or an agent's own worktree. */
  readonly repo: string;
  readonly times?: StatusLoopTimes;
  /**
   * Who watches the files; left out, this process does. With them a change of everything at once is told as another status
   * alone, not by onTreeChanged.
   */
  readonly watchers?: TreeWatchers;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** From a write to the event of it, chokidar's own look at new files included. */
const HEARD_MS = 60;
const SETTLE_MS = 3000;

export class RepoGitWatcher {
  readonly #options: RepoGitOptions;
  #loop: StatusLoop | null = null;
  #watcher: RepoWatcher | null = null;
  #shared: TreeWatcher | null = null;
  #head: string | null = null;
  #moved: MovedFiles | null = null;
  #stopped = false;

  constructor(options: RepoGitOptions) {
    this.#options = options;
  }

  /**
   * Resolves after the first status; watching begins in the background.
   * @returns false where `repo` is in no working tree, or git refuses it (told as trouble): no status will come.
   */
  async start(): Promise<boolean> {
    const found = await findRepository(this.#options.repo);
    if (this.#stopped) return false;
    if (!found.ok) {
      if (!found.none) this.#options.onTrouble('git', `git refuses ${this.#options.repo}: ${found.reason}`);
      return false;
    }
    const { dirs } = found;
    const reader = new StatusReader(dirs, { env: this.#options.env });
    this.#loop = new StatusLoop(
      () => reader.read(),
      {
        onStatus: (status) => this.#status(status),
        onTrouble: (reason) => this.#options.onTrouble('git', reason && `git status of ${dirs.top}: ${reason}`),
      },
      this.#options.times ?? STATUS_TIMES,
    );
    await this.#loop.refresh();
    if (!this.#stopped) this.#watch(dirs);
    return true;
  }

  /** Reads the status now; resolves when that is done and told. */
  async refresh(): Promise<void> {
    await this.#loop?.refresh();
  }

  /**
   * Resolves when every change up to this call has been told: what is told after it happened after it. Around a build
   * this keeps what was written before from counting as written since. A git that hangs is waited for 3 s.
   */
  async settle(): Promise<void> {
    await sleep(HEARD_MS);
    this.#watcher?.flush();
    await this.#shared?.settle();
    const settled = Promise.all([this.#loop?.refresh(), this.#moved?.settle()]);
    await Promise.race([settled, sleep(SETTLE_MS, undefined, { ref: false })]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#loop?.stop();
    this.#moved?.stop();
    this.#shared?.stop();
    await this.#watcher?.stop();
  }

  #watch(dirs: GitDirs): void {
    this.#moved = new MovedFiles(dirs, () => this.#options.onTreeChanged());
    const onChange = (paths: ReadonlySet<string>) => {
      this.#moved?.add(paths);
      this.#loop?.poke();
    };
    const onBlind = (reason: string | null) => {
      this.#loop?.goBlind(reason !== null);
      const words = reason && `files are looked at every 3 s instead of watched: ${reason}`;
      this.#options.onTrouble('watch', words);
    };
    const { watch, retryMs, watchers } = this.#options;
    if (watchers) {
      this.#shared = watchers.watch(dirs, {
        onChange: (paths) =>
          onChange(paths === 'all' ? new Set() : new Set([...paths].map((path) => join(dirs.top, path)))),
        onTrouble: (text) => {
          this.#loop?.goBlind(text !== null);
          this.#options.onTrouble('watch', text);
        },
      });
      return;
    }
    this.#watcher = new RepoWatcher(dirs, { onChange, onBlind }, { watch, retryMs });
    // What changed between the first status and the last watch was heard by nobody.
    void this.#watcher.start().then(() => this.#loop?.poke());
  }

  #status(status: ObservedStatus): void {
    const moved = this.#head !== null && this.#head !== status.head;
    this.#head = status.head;
    this.#options.onStatus(status);
    if (moved) this.#options.onTreeChanged();
  }
}
