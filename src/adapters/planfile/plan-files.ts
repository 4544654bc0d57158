/** The files that a plan may name: inside its repository, by their real paths too. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { shorten } from '../../core/plan/reader.ts';
import { readTextFile } from './read-text.ts';

export type ReadPart =
  | { readonly ok: true; readonly text: string; readonly file: string }
  /** `why`: what is wrong and what to do. */
  | { readonly ok: false; readonly why: string };

export class PlanFiles {
  readonly #folder: string;
  readonly #root: string;
  readonly #seen = new Set<string>();

  private constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
  }

  /** Of a plan: paths begin at its folder and end at the repository around it, or at that folder where there is none. */
  static async around(plan: string): Promise<PlanFiles> {
    const folder = dirname(resolve(plan));
    for (let at = folder; ; at = dirname(at)) {
      if (await stat(join(at, '.git')).catch(() => null)) return new PlanFiles(folder, at);
      if (dirname(at) === at) return new PlanFiles(folder, folder);
    }
  }

  /** Absolute paths of all that were asked for, those that are not there included. */
  get seen(): readonly string[] {
    return [...this.#seen];
  }

  async read(path: string): Promise<ReadPart> {
    const shown = shorten(path);
    const remedy = 'name a file inside the repository, relative to the plan';
    const outside = { ok: false, why: `"${shown}" leaves the repository; ${remedy}` } as const;
    if (path.includes('\0') || path.startsWith('/') || path.startsWith('~')) return outside;
    const absolute = resolve(this.#folder, path);
    if (!this.#holds(absolute, this.#root)) return outside;
    this.#seen.add(absolute);
    try {
      // A symbolic link may lead out where its name does not.
      if (!this.#holds(await realpath(absolute), await realpath(this.#root))) return outside;
    } catch {
      return { ok: false, why: `there is no file "${shown}"; ${remedy}` };
    }
    const read = await readTextFile(absolute, `"${shown}"`);
    if (!read.ok) return { ok: false, why: read.problems[0]?.message ?? `"${shown}" can't be read` };
    return { ok: true, text: read.text, file: absolute };
  }

  #holds(path: string, root: string): boolean {
    const inside = relative(root, path);
    return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !inside.split(sep).includes('.git');
  }
}
