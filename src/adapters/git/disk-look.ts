/** What stands at some paths of a worktree now, looked at in process; symlinks are never followed. */
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { GitPath } from './api-merge.ts';
import { fileAt, pathOf } from './path-bytes.ts';

export type Found =
  | { readonly kind: 'gone' }
  | { readonly kind: 'file'; readonly mode: '100644' | '100755'; readonly size: number }
  | { readonly kind: 'link' }
  | { readonly kind: 'folder' }
  /** FIFO, socket, device: git leaves them out. */
  | { readonly kind: 'other' };

export interface Folder {
  readonly kind: 'gone' | 'folder' | 'file';
  /** Holds a repository of its own. */
  readonly repository: boolean;
}

/** One look at the disk: what it saw of folders it doesn't ask again. */
export class DiskLook {
  readonly #dir: string;
  readonly #folders = new Map<GitPath, Promise<Folder>>();

  /** @param dir of the worktree. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  async at(path: GitPath): Promise<Found> {
    const found = await statOf(fileAt(this.#dir, path));
    if (!found) return { kind: 'gone' };
    if (found.isFile()) return { kind: 'file', mode: found.mode & 0o100 ? '100755' : '100644', size: found.size };
    if (found.isSymbolicLink()) return { kind: 'link' };
    return { kind: found.isDirectory() ? 'folder' : 'other' };
  }

  folder(path: GitPath): Promise<Folder> {
    let found = this.#folders.get(path);
    if (!found) this.#folders.set(path, (found = this.#look(path)));
    return found;
  }

  /** The names in a folder. */
  async names(path: GitPath): Promise<string[]> {
    return (await readdir(fileAt(this.#dir, path), { encoding: 'buffer' }).catch(() => [])).map(pathOf);
  }

  link(path: GitPath): Promise<Buffer | null> {
    return readlink(fileAt(this.#dir, path), 'buffer').catch(() => null);
  }

  /**
   * A file's bytes, all of one moment where somebody doesn't write it all the time. 'unreadable': not ours to read.
   * @returns null where it is gone, or no file any more
   */
  async read(path: GitPath): Promise<Buffer | 'unreadable' | null> {
    let bytes: Buffer | null = null;
    for (let tries = 0; tries < TRIES; tries++) {
      // Without waiting: it may have become a FIFO since.
      const file = await open(fileAt(this.#dir, path), READ_ONLY).catch((error: unknown) => whyNot(error));
      if (file === null || file === 'unreadable') return file;
      try {
        const before = await file.stat();
        if (!before.isFile()) return null;
        bytes = await file.readFile();
        const after = await file.stat();
        if (before.mtimeMs === after.mtimeMs && bytes.length === after.size) break;
      } finally {
        await file.close();
      }
    }
    return bytes;
  }

  async #look(path: GitPath): Promise<Folder> {
    const [found, inside] = await Promise.all([
      statOf(fileAt(this.#dir, path)),
      statOf(fileAt(this.#dir, `${path}/.git`)),
    ]);
    if (!found) return { kind: 'gone', repository: false };
    return found.isDirectory() ? { kind: 'folder', repository: inside !== null } : { kind: 'file', repository: false };
  }
}

const TRIES = 3;
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** null where it is gone, or no file any more. */
function whyNot(error: unknown): 'unreadable' | null {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO' ? null : 'unreadable';
}

function statOf(file: Buffer): Promise<Stats | null> {
  return lstat(file).catch(() => null);
}
