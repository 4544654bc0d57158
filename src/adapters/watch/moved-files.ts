/** Of the paths that were heard of, tells when one of them matters: in the tree, and not ignored by git. */
import { relative } from 'node:path';
import { ignoredAmong } from '../git/ignored.ts';
import type { GitDirs } from '../git/repo.ts';

/** An agent that writes all the time must not start ten processes a second. */
const GAP_MS = 500;

export class MovedFiles {
  readonly #dirs: GitDirs;
  readonly #tell: () => void;
  #paths = new Set<string>();
  #asking: Promise<void> | null = null;
  #gap: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(dirs: GitDirs, tell: () => void) {
    this.#dirs = dirs;
    this.#tell = tell;
  }

  add(paths: Iterable<string>): void {
    for (const path of paths) if (this.#matters(path)) this.#paths.add(path);
    if (!this.#gap) void this.#ask();
  }

  /** Resolves when everything added so far is told, or known to be nothing. */
  async settle(): Promise<void> {
    while (this.#asking || (this.#paths.size > 0 && !this.#stopped)) await this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#gap) clearTimeout(this.#gap);
    this.#gap = null;
  }

  #matters(path: string): boolean {
    const { top, gitDir, commonDir } = this.#dirs;
    return path !== top && !inside(gitDir, path) && !inside(commonDir, path);
  }

  /** One question at a time, for all that came meanwhile. */
  #ask(): Promise<void> {
    this.#asking ??= this.#once().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #once(): Promise<void> {
    if (this.#stopped || this.#paths.size === 0) return;
    const paths = [...this.#paths];
    this.#paths = new Set();
    this.#startGap();
    const { top } = this.#dirs;
    const names = paths.map((path) => relative(top, path));
    const ignored = await ignoredAmong(top, names);
    if (ignored < paths.length && !this.#stopped) this.#tell();
  }

  #startGap(): void {
    if (this.#gap) clearTimeout(this.#gap);
    this.#gap = setTimeout(() => {
      this.#gap = null;
      void this.#ask();
    }, GAP_MS);
    this.#gap.unref();
  }
}

function inside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
