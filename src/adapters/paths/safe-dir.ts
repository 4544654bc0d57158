/** Folders that hold sockets and journals: ours alone, or refused. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import type { Stats } from 'node:fs';

/** A folder that can't be trusted: one line that says why and what to do. */
export class UnsafeDirError extends Error {
  override readonly name = 'UnsafeDirError';
}

/**
 * Makes `path` (and the folders above it) with mode 0700, or checks the one that is there: a real folder, owned by
 * this user, closed to everybody else. What only group or others may read is closed; what they may write to is refused,
 * because a socket in it may be somebody else's already.
 * @throws UnsafeDirError
 */
export function ensureSafeDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    // What is there is looked at below; a dangling symlink makes mkdir fail.
    if (look(path) === null) throw new UnsafeDirError(`${path}: can't make this folder: ${(error as Error).message}`);
  }
  const found = look(path);
  if (found === null) throw new UnsafeDirError(`${path}: the folder vanished while it was being made`);
  checkSafe(path, found);
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

function checkSafe(path: string, found: Stats): void {
  if (found.isSymbolicLink())
    throw new UnsafeDirError(`${path} is a symbolic link: remove it, llmctl makes the folder itself`);
  if (!found.isDirectory())
    throw new UnsafeDirError(`${path} is no folder: move it away, llmctl makes the folder itself`);
  const uid = process.getuid?.();
  if (uid !== undefined && found.uid !== uid) {
    throw new UnsafeDirError(
      `${path} belongs to user ${found.uid}, not to you (${uid}): set XDG_RUNTIME_DIR to a folder of your own`,
    );
  }
  if ((found.mode & 0o022) !== 0) {
    const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
    throw new UnsafeDirError(
      `${path} has mode ${mode}: others may write there; chmod 700 it, or remove it if it isn't yours`,
    );
  }
}

function look(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}
