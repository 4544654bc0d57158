/** The files of a scripted agent. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** In a shared checkout another agent may be at the index. */
const TRIES = 20;
const AGAIN_MS = 100;

export class Worktree {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns whether that changed anything */
  async change(path: string, edit: (text: string) => string): Promise<boolean> {
    const file = join(this.#folder, path);
    const before = await readFile(file, 'utf8').catch(() => '');
    const after = edit(before);
    if (after === before) return false;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, after);
    return true;
  }

  /** Nothing where there is nothing to commit. */
  async commit(paths: readonly string[], message: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#git('add', '--', ...paths);
        const staged = await this.#git('diff', '--cached', '--name-only', '--', ...paths);
        if (staged !== '') await this.#git('commit', '--quiet', '-m', message, '--', ...paths);
        return;
      } catch (error) {
        if (tries >= TRIES) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }

  /** Merges the branch; where it conflicts, what has landed stands, and one's own is written again. */
  async takeLanded(own: readonly string[], branch: string): Promise<void> {
    await this.commit(own, 'Before what has landed');
    await this.#git('merge', '--quiet', '--no-edit', '-X', 'theirs', branch);
  }

  async #git(...args: readonly string[]): Promise<string> {
    const { stdout } = await execute('git', ['-C', this.#folder, ...args]);
    return stdout.trim();
  }
}
