/** A copy of a worktree's index that takes in what lies in the worktree, while the original stays as it is. */
import { open, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from './api-merge.ts';
import { GitError } from './plumb.ts';
import type { Git } from './plumb.ts';

/** git refuses to go on at each of these; more of them than this is no accident. */
const MOST_REPOSITORIES = 50;

export class ShadowIndex {
  readonly #git: Git;
  readonly #file: string;
  /** Stamp of what the shadow was seeded from; '' where it is to be seeded anew. */
  #seed = '';
  /** Folders with a repository of their own that has no commit: git could keep nothing of them. */
  #left: string[] = [];

  constructor(git: Git, file: string) {
    this.#git = git;
    this.#file = file;
  }

  /** Seeds it anew the next time. */
  forget(): void {
    this.#seed = '';
  }

  /** The tree of all that lies there. @param stamp another one than last time: the worktree's own index has changed. */
  async take(stamp: string): Promise<Oid> {
    try {
      return await this.#take(stamp);
    } catch (error) {
      // The shadow may have been half written, or name objects that are gone.
      if (this.#seed === '' || !(error instanceof GitError)) throw error;
      this.#seed = '';
      return this.#take(stamp);
    }
  }

  async #take(stamp: string): Promise<Oid> {
    await this.#seedShadow(stamp);
    const env = { GIT_INDEX_FILE: this.#file };
    await this.#addAll(env);
    return this.#git.line(['write-tree'], { env });
  }

  async #addAll(env: Readonly<Record<string, string>>): Promise<void> {
    for (;;) {
      const without = this.#left.map((folder) => `:(top,exclude,literal)${folder}`);
      try {
        // 1: some files could not be read, the others are in.
        await this.#git.run(['add', '-A', '--ignore-errors', '--', ':/', ...without], { env, ok: [0, 1] });
        return;
      } catch (error) {
        const folder =
          error instanceof GitError && /'(.+)\/' does not have a commit checked out/.exec(error.message)?.[1];
        if (!folder || this.#left.includes(folder) || this.#left.length >= MOST_REPOSITORIES) throw error;
        await rm(`${this.#file}.lock`, { force: true });
        this.#left.push(folder);
      }
    }
  }

  /** Again whenever the agent's own index changed: it knows what was added by force, and its stat data is warm. */
  async #seedShadow(stamp: string): Promise<void> {
    if (stamp === this.#seed) return;
    const own = join(this.#git.dirs.gitDir, 'index');
    // Left behind by a git that was killed; nobody else uses this index.
    await rm(`${this.#file}.lock`, { force: true });
    this.#seed = '';
    this.#left = [];
    if (await stat(own).catch(() => null)) await copyIndex(own, this.#file);
    else await this.#git.run(['read-tree', 'HEAD'], { env: { GIT_INDEX_FILE: this.#file } });
    this.#seed = stamp;
  }
}

/**
 * The copy keeps the time of the original, never a later one: git takes an entry for unchanged without looking where the
 * file is older than the index ("racy git", git's Documentation/technical/racy-git).
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const file = await open(from);
  try {
    const { mtimeMs } = await file.stat();
    const temporary = `${to}.new`;
    await writeFile(temporary, await file.readFile());
    const seconds = Math.floor(mtimeMs) / 1000;
    await utimes(temporary, seconds, seconds);
    await rename(temporary, to);
  } finally {
    await file.close();
  }
}
