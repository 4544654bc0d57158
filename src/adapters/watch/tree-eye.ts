/** One worktree, watched for which of its paths change: as paths that git knows, or as "anything may have". */
import { relative } from 'node:path';
import type { GitDirs } from '../git/repo.ts';
import { RepoWatcher } from './repo-watcher.ts';
import type { RepoWatcherOptions } from './repo-watcher.ts';

/** Relative to the top, with `/`. A folder stands for all that is in it. 'all': some changes may not have been heard. */
export type ChangedPaths = readonly string[] | 'all';

export interface TreeEyeEvents {
  /** `git`: HEAD, the index, a ref or the configuration changed too, or alone where there are no paths. */
  readonly onChange: (paths: ChangedPaths, git: boolean) => void;
  /** Nothing is heard of the tree, one line with the remedy; null when it is again. */
  readonly onTrouble: (text: string | null) => void;
}

export interface TreeEyeTimes {
  /** After a time with events all is looked at once more: what raises none (a mapped file) is found by then. */
  readonly rescanMs: number;
  /** Without events. */
  readonly pollMs: number;
}

export const TREE_TIMES: TreeEyeTimes = { rescanMs: 30_000, pollMs: 3000 };
/** Names that are not UTF-8 come with this in place of the bytes. */
const REPLACED = '\uFFFD';
/** A longer list is no help to anybody. */
const MOST_PATHS = 8000;

export class TreeEye {
  readonly #dirs: GitDirs;
  readonly #events: TreeEyeEvents;
  readonly #times: TreeEyeTimes;
  readonly #watcher: RepoWatcher;
  #rescan: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;

  constructor(dirs: GitDirs, events: TreeEyeEvents, times = TREE_TIMES, options: RepoWatcherOptions = {}) {
    this.#dirs = dirs;
    this.#events = events;
    this.#times = times;
    this.#watcher = new RepoWatcher(
      dirs,
      {
        onChange: (paths, git) => this.#changed(paths, git),
        onUncertain: () => this.#tellAll(),
        onBlind: (reason) => this.#blind(reason),
      },
      options,
    );
  }

  /** Resolves when everything is watched, or when it is known that it can't be. */
  start(): Promise<void> {
    return this.#watcher.start();
  }

  /** Tells what happened before this call; everything where that is not certain. */
  async settle(): Promise<void> {
    if (!(await this.#watcher.settle())) this.#tellAll();
  }

  stop(): Promise<void> {
    if (this.#rescan) clearTimeout(this.#rescan);
    if (this.#poll) clearInterval(this.#poll);
    return this.#watcher.stop();
  }

  #changed(paths: ReadonlySet<string>, git: boolean): void {
    const inTree = new Set<string>();
    let all = paths.size > MOST_PATHS;
    for (const path of all ? [] : paths) {
      const name = this.#named(path);
      if (name === '') all = true;
      else if (name !== null) inTree.add(name);
    }
    if (all) return this.#tellAll();
    if (inTree.size > 0) this.#rescanLater();
    if (inTree.size > 0 || git) this.#events.onChange([...inTree], git);
  }

  /** null: of git's own folder. '': somewhere in the tree. */
  #named(path: string): string | null {
    const { top, gitDir, commonDir } = this.#dirs;
    const isIn = (folder: string) => path === folder || path.startsWith(`${folder}/`);
    if (isIn(gitDir) || isIn(commonDir)) return null;
    const names = relative(top, path).split('/');
    const odd = names.findIndex((name) => name.includes(REPLACED));
    return names.slice(0, odd < 0 ? names.length : odd).join('/');
  }

  #tellAll(): void {
    if (this.#rescan) clearTimeout(this.#rescan);
    this.#rescan = null;
    this.#events.onChange('all', true);
  }

  #rescanLater(): void {
    if (this.#rescan) return;
    this.#rescan = setTimeout(() => this.#tellAll(), this.#times.rescanMs);
    this.#rescan.unref();
  }

  #blind(reason: string | null): void {
    if (this.#poll) clearInterval(this.#poll);
    this.#poll = null;
    this.#tellAll();
    if (reason !== null) {
      this.#poll = setInterval(() => this.#tellAll(), this.#times.pollMs);
      this.#poll.unref();
    }
    const every = `${this.#times.pollMs / 1000} s`;
    this.#events.onTrouble(reason && `files are looked at every ${every} instead of watched: ${reason}`);
  }
}
