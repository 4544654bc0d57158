/** Says that something moved in a working tree or in its git, and what; when it can't, says why, and when it can again. */
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitDirs } from '../git/repo.ts';
import { ChokidarTree } from './chokidar-tree.ts';
import { Coalescer } from './coalesce.ts';
import { DirectoryWatch } from './directory-watch.ts';
import { CANARY, GitFilesWatch } from './git-files.ts';
import { planTree, type TreePlan } from './tree-plan.ts';
import type { TreeWatch, TreeWatchEvents, WatchFunction } from './tree-watch.ts';

/**
 * Above this many files directories are watched instead: chokidar keeps some 11 KB and 45 µs of CPU for each file,
 * in one piece that holds up everything else in the process.
 */
export const CHOKIDAR_FILES = 1000;
/** So many paths in one go mean a checkout or an install: what is ignored may be another thing afterwards. */
const FLOOD = 2000;
/** The kernel's queue holds 16,384 events, and what didn't fit is told by nobody: half of it is suspicion enough. */
const SUSPICIOUS_EVENTS = 8000;
/** From writing a file to hearing of it. */
const CANARY_MS = 250;

export interface RepoWatcherEvents {
  /** Absolute paths, coalesced; `git`: something of .git is among them. */
  readonly onChange: (paths: ReadonlySet<string>, git: boolean) => void;
  /** Some may have been missed: whoever must know everything has to look at everything. */
  readonly onUncertain?: () => void;
  /** Events do not come, or not all: the status must be polled. One line with the remedy; null when they come again. */
  readonly onBlind: (reason: string | null) => void;
}

export interface RepoWatcherOptions {
  readonly watch?: WatchFunction;
  /** First wait before git is asked for its files again, doubled each time up to RETRY_MAX_MS. */
  readonly retryMs?: number;
}

/** A lock, or a system short of processes, is over within seconds as a rule. */
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 60_000;

export class RepoWatcher {
  readonly #dirs: GitDirs;
  readonly #events: RepoWatcherEvents;
  readonly #options: RepoWatcherOptions;
  readonly #coalescer: Coalescer;
  #git = false;
  /** Heard since the last flush. */
  #heardEvents = 0;
  /** Each event is told as soon as it is read, so what comes before the canary has happened before it. */
  #inOrder = false;
  /** Waited for, by name: one that was written earlier may still be heard of. */
  readonly #canaries = new Map<string, () => void>();
  #count = 0;
  #parts: TreeWatch[] = [];
  #stopped = false;
  #blind = false;
  #retry: NodeJS.Timeout | null = null;
  #retryMs: number;
  #planning: Promise<void> | null = null;

  constructor(dirs: GitDirs, events: RepoWatcherEvents, options: RepoWatcherOptions = {}) {
    this.#dirs = dirs;
    this.#events = events;
    this.#options = options;
    this.#retryMs = options.retryMs ?? RETRY_FIRST_MS;
    this.#coalescer = new Coalescer((paths) => this.#flush(paths));
  }

  /** Resolves when everything is watched, or when it is known that it can't be. */
  async start(): Promise<void> {
    const remote = await networkFileSystem(this.#dirs.top);
    if (remote) return this.#goBlind(`the repository is on ${remote}, where changes by others are not announced`);
    this.#planning ??= this.#watchAll().finally(() => {
      this.#planning = null;
    });
    await this.#planning;
  }

  /** Tells at once what is being collected. */
  flush(): void {
    this.#coalescer.flush();
  }

  /**
   * Tells all that happened before this call. @returns false where that is not certain: no events come, or too many, or
   * some are still looked into
   */
  async settle(): Promise<boolean> {
    const heard = this.#isWatching() && (await this.#hearCanary());
    const sure = heard && this.#isWatching() && this.#inOrder && this.#heardEvents < SUSPICIOUS_EVENTS;
    this.flush();
    return sure;
  }

  /** All of it: while it is planned anew some folders are watched by nobody. */
  #isWatching(): boolean {
    return !this.#blind && !this.#planning && this.#parts.length > 0;
  }

  /** Not for long: a git folder that can't be written to or heard of is no reason to wait. */
  async #hearCanary(): Promise<boolean> {
    const name = `${CANARY}-${process.pid}-${this.#count++}`;
    const file = join(this.#dirs.gitDir, name);
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<boolean>((done) => {
      this.#canaries.set(name, () => done(true));
      timer = setTimeout(() => done(false), CANARY_MS);
    });
    await writeFile(file, '').catch(() => {});
    const answer = await heard;
    clearTimeout(timer);
    this.#canaries.delete(name);
    await rm(file, { force: true }).catch(() => {});
    return answer;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#coalescer.stop();
    await this.#closeParts();
  }

  async #closeParts(): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    await Promise.all(parts.map((part) => part.stop()));
  }

  async #watchAll(): Promise<void> {
    const plan = await planTree(this.#dirs.top);
    if (this.#stopped) return;
    if (!plan.ok) {
      this.#goBlind(`git could not list the files: ${plan.reason}`);
      this.#tryAgain();
      return;
    }
    const wasBlind = this.#blind;
    this.#blind = false;
    await this.#watchPlanned(plan.plan);
    if (this.#blind || this.#stopped) return;
    this.#retryMs = this.#options.retryMs ?? RETRY_FIRST_MS;
    if (wasBlind) this.#events.onBlind(null);
  }

  async #watchPlanned(plan: TreePlan): Promise<void> {
    const events: TreeWatchEvents = {
      onChange: (path) => this.#heard(path, false),
      onFailure: (code) => this.#goBlind(whyBlind(code)),
    };
    const { watch } = this.#options;
    const gitEvents = { ...events, onChange: (path: string) => this.#heard(path, true) };
    const { skips, directories } = plan;
    this.#inOrder = plan.files > CHOKIDAR_FILES || watch !== undefined;
    const tree = this.#inOrder
      ? new DirectoryWatch(this.#dirs.top, { ...events, skips, directories, watch })
      : new ChokidarTree(this.#dirs.top, skips, events);
    const onCanary = (name: string) => this.#canaries.get(name)?.();
    this.#parts = [tree, new GitFilesWatch(this.#dirs, gitEvents, watch, onCanary)];
    await Promise.all(this.#parts.map((part) => part.start()));
  }

  #heard(path: string, git: boolean): void {
    if (this.#stopped || this.#blind) return;
    this.#git ||= git;
    this.#heardEvents++;
    this.#coalescer.add(path);
  }

  #flush(paths: ReadonlySet<string>): void {
    const git = this.#git;
    this.#git = false;
    const suspicious = this.#heardEvents >= SUSPICIOUS_EVENTS;
    this.#heardEvents = 0;
    this.#events.onChange(paths, git);
    if (suspicious) this.#events.onUncertain?.();
    if (paths.size >= FLOOD) void this.#replan();
  }

  async #replan(): Promise<void> {
    if (this.#planning || this.#stopped || this.#blind) return;
    await this.#closeParts();
    await this.start();
    // Nobody listened meanwhile.
    if (!this.#stopped) this.#events.onUncertain?.();
  }

  /** git failed: that may be over soon, unlike a system out of watches. */
  #tryAgain(): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => void this.start(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
  }

  #goBlind(reason: string): void {
    if (this.#blind || this.#stopped) return;
    this.#blind = true;
    this.#coalescer.stop();
    void this.#closeParts();
    this.#events.onBlind(reason);
  }
}

function whyBlind(code: string): string {
  switch (code) {
    case 'ENOSPC':
      return 'no inotify watches are left; raise them with: sudo sysctl fs.inotify.max_user_watches=524288';
    case 'EMFILE':
    case 'ENFILE':
      return 'no inotify instances or descriptors are left; raise them with: sudo sysctl fs.inotify.max_user_instances=1024';
    case 'TOO_MANY':
      return 'the repository has more than 20,000 directories; add generated ones to .gitignore';
    default:
      return `the file system can not be watched (${code})`;
  }
}

/** statfs(2) magic numbers of file systems whose other users' writes raise no inotify event here. */
const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB',
  0x517b: 'SMB',
  0x01021997: '9p',
  0x65735546: 'FUSE',
  0x00c36400: 'Ceph',
};

async function networkFileSystem(path: string): Promise<string | null> {
  const found = await statfs(path).catch(() => null);
  return found ? (NETWORK[found.type] ?? null) : null;
}
