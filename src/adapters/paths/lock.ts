/**
 * One owner per session. A lock of SQLite's on a small file: the kernel drops it when the process dies, however it
 * dies. (A file made with O_EXCL outlives a crash; deciding that it is stale is a race of its own.)
 */
import { closeSync, fstatSync, openSync, statSync, unlinkSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface SessionLock {
  /** Lets go and removes the file; safe to call twice. */
  release(): void;
}

/**
 * @param path of the lock file, in a folder that ensureSafeDir approved
 * @returns null where another process holds the lock
 */
export function tryLock(path: string): SessionLock | null {
  for (;;) {
    // Held open for life: it pins the inode, so that equal numbers below mean the same file. It must not be closed
    // while the lock is wanted: closing any descriptor of a file drops the process's fcntl locks on it (fcntl(2)).
    const fd = openSync(path, 'a', 0o600);
    const db = lockOrClose(path);
    if (db === null) {
      closeSync(fd);
      return null;
    }
    if (isStill(path, fd)) return held(path, fd, db);
    // The owner before removed the file between our opening and its letting go: this lock locks nothing.
    db.close();
    closeSync(fd);
  }
}

function lockOrClose(path: string): DatabaseSync | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const code = (error as { errcode?: number }).errcode;
    if (code === SQLITE_BUSY) return null;
    throw error;
  }
}

const SQLITE_BUSY = 5;

function isStill(path: string, fd: number): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  const mine = fstatSync(fd);
  return now !== undefined && now.ino === mine.ino && now.dev === mine.dev;
}

function held(path: string, fd: number, db: DatabaseSync): SessionLock {
  let open = true;
  return {
    release() {
      if (!open) return;
      open = false;
      // Removed while still held: whoever waits on this file sees that it is gone and makes a new one.
      if (isStill(path, fd)) unlinkSync(path);
      db.close();
      closeSync(fd);
    },
  };
}
