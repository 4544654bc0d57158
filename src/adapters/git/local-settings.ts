/**
 * Programs that a repository's own configuration names for filters and merges are not run; those of the person's own
 * configuration are (git-lfs installs itself there, and without it every large file would look changed).
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './run.ts';
import type { GitRunOptions } from './run.ts';

const NAMES = String.raw`^(filter\..*\.(clean|smudge|process)|merge\..*\.driver)$`;

/** Does what git itself does where no driver is named, down to the markers. */
const PLAIN_MERGE = 'git merge-file --marker-size=%L %A %O %B';

/** Settings as for `git -c` that put those programs out of use. Throws where one has a name that can't be overridden. */
export async function localSettings(dir: string, options: GitRunOptions = {}): Promise<string[]> {
  const args = ['config', '-z', '--show-scope', '--name-only', '--get-regexp', NAMES];
  const run = await runGit(dir, args, options);
  if (!run.ok) return [];
  const words = run.stdout.toString().split('\0');
  const keys = new Set<string>();
  for (let i = 0; i + 1 < words.length; i += 2) {
    if (words[i] === 'local' || words[i] === 'worktree') keys.add(words[i + 1]!.replace(/\.[^.]*$/, ''));
  }
  const settings: string[] = [];
  for (const key of keys) {
    if (/[=\n]/.test(key))
      throw new Error('its configuration has a filter with a strange name; remove it from .git/config');
    if (key.startsWith('merge.')) settings.push(`${key}.driver=${PLAIN_MERGE}`);
    else settings.push(`${key}.clean=`, `${key}.smudge=`, `${key}.process=`, `${key}.required=false`);
  }
  return settings;
}

/** The same, read again only when a file of the configuration has changed. */
export class LocalSettings {
  readonly #dir: string;
  readonly #files: readonly string[];
  #stamp = '';
  #settings: readonly string[] = [];
  #reading: Promise<readonly string[]> | null = null;

  /** @param dirs of one worktree. */
  constructor(dirs: { readonly dir: string; readonly gitDir: string; readonly commonDir: string }) {
    this.#dir = dirs.dir;
    this.#files = [join(dirs.commonDir, 'config'), join(dirs.gitDir, 'config.worktree')];
  }

  read(): Promise<readonly string[]> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<readonly string[]> {
    const stamps = await Promise.all(this.#files.map(stampOf));
    const stamp = stamps.join('\n');
    if (stamp !== this.#stamp) {
      this.#settings = await localSettings(this.#dir);
      this.#stamp = stamp;
    }
    return this.#settings;
  }
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '-';
}
