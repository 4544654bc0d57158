/** What happens once in a rehearsal: kept in files, so that an agent that is started again knows of it. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

export class Marks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(name: string): boolean {
    return existsSync(join(this.#folder, name));
  }

  /** @returns true the first time */
  once(name: string): boolean {
    mkdirSync(this.#folder, { recursive: true });
    try {
      closeSync(openSync(join(this.#folder, name), 'wx'));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }
}
