/** One look at a working tree with `git status`, through simple-git: no locks, no programs of the repository's. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { GIT_VARIABLES, SAFE_CONFIG, gitEnv } from './env.ts';
import { localSettings } from './local-settings.ts';
import { parseStatus } from './parse-status.ts';
import type { RepoStatus } from './parse-status.ts';
import { GIT_TIMEOUT_MS, whyFailed } from './run.ts';

export type StatusReading =
  | {
      readonly ok: true;
      readonly status: RepoStatus;
      /** Age of an index.lock that was there, in milliseconds: git is at work, the figures may be of before. Else null. */
      readonly lockAgeMs: number | null;
    }
  | { readonly ok: false; readonly reason: string };

export interface StatusOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const ARGS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--untracked-files=all',
  // The working trees of submodules have configurations of their own, with programs in them.
  '--ignore-submodules=dirty',
  '--no-renames',
];

export class StatusReader {
  readonly #dir: string;
  readonly #gitDir: string;
  readonly #timeoutMs: number;
  readonly #env: Record<string, string>;
  readonly #configFile: string;
  #git: SimpleGit | null = null;
  #configStamp = '';

  /** @param dirs from gitDirs(): `gitDir` has the index, `commonDir` the configuration. */
  constructor(dirs: { top: string; gitDir: string; commonDir: string }, options: StatusOptions = {}) {
    this.#dir = dirs.top;
    this.#gitDir = dirs.gitDir;
    this.#configFile = join(dirs.commonDir, 'config');
    this.#timeoutMs = options.timeoutMs ?? GIT_TIMEOUT_MS;
    this.#env = gitEnv(options.env ?? process.env);
  }

  /** Never rejects. Some 5 ms on a small repository, 20–30 on 10,000 files; an own process, so nothing blocks. */
  async read(): Promise<StatusReading> {
    try {
      const git = await this.#prepared();
      const text = await withinTime(git.raw(ARGS), this.#timeoutMs + 1000);
      return { ok: true, status: parseStatus(text), lockAgeMs: await this.#lockAge() };
    } catch (error) {
      return { ok: false, reason: this.#reason(error) };
    }
  }

  #reason(error: unknown): string {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (failure.message.includes('timeout')) return `git status took longer than ${this.#timeoutMs / 1000} s`;
    return whyFailed(failure, failure.message);
  }

  async #lockAge(): Promise<number | null> {
    const lock = await stat(join(this.#gitDir, 'index.lock')).catch(() => null);
    return lock && Math.max(0, Date.now() - lock.mtimeMs);
  }

  /** Made anew when the configuration changes: filters named in it are programs that a status would run. */
  async #prepared(): Promise<SimpleGit> {
    const config = await stat(this.#configFile).catch(() => null);
    const stamp = config ? `${config.mtimeMs} ${config.size} ${config.ino}` : '';
    if (this.#git && stamp === this.#configStamp) return this.#git;
    // Loaded when first needed: it would hold up the daemon's start by some 15 ms.
    const [{ simpleGit }, filters] = await Promise.all([import('simple-git'), this.#localFilters()]);
    this.#git = simpleGit({
      baseDir: this.#dir,
      timeout: { block: this.#timeoutMs },
      completion: { onClose: true, onExit: 2000 },
      config: [...SAFE_CONFIG, ...filters],
      allowEnvironment: GIT_VARIABLES,
      unsafe: {
        allowUnsafeFsMonitor: true,
        allowUnsafeHooksPath: true,
        allowUnsafeFilter: true,
        allowUnsafeProtocolOverride: true,
      },
    }).env(this.#env);
    this.#configStamp = stamp;
    return this.#git;
  }

  /** Only the filters: a status merges nothing. */
  async #localFilters(): Promise<string[]> {
    const settings = await localSettings(this.#dir, { timeoutMs: this.#timeoutMs, env: this.#env });
    return settings.filter((setting) => setting.startsWith('filter.'));
  }
}

/** A git that hangs in the kernel does not even die of its timeout. */
function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
