/** A damaged journal: set aside under another name, never deleted, and what can still be read of it taken over. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../../core/model/events.ts';
import { entryOf, newestSnapshot, type EventRow, type SavedSnapshot } from './store.ts';

/** SQLite's own files beside the database. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * @param stamp goes into the new name, so that a second damage never overwrites the first
 * @returns where the file is now
 */
export function setAside(path: string, stamp: string): string {
  let aside = `${path}.damaged-${stamp}`;
  for (let n = 2; COMPANIONS.some((end) => existsSync(aside + end)); n++) aside = `${path}.damaged-${stamp}-${n}`;
  for (const end of COMPANIONS) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}

export interface Salvaged {
  readonly snapshot: SavedSnapshot | null;
  /** In order and without a gap, from 1 on or from the snapshot on. */
  readonly entries: readonly JournalEntry[];
}

/**
 * Whichever reaches further: the events from the first on up to the first unreadable one, or the last readable
 * snapshot and the events after it. What follows a gap can't be folded. Never throws.
 */
export function salvage(path: string): Salvaged {
  let db: DatabaseSync | null = null;
  // SQLite writes into what it opens; the damaged file stays as it is.
  const copy = `${path}.reading`;
  try {
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
    padToSize(copy);
    db = new DatabaseSync(copy, { timeout: 1000 });
    const snapshot = lastSnapshot(db);
    const fromStart = entriesFrom(db, 1);
    const reached = fromStart.length;
    if (snapshot === null || snapshot.seq <= reached) return { snapshot: null, entries: fromStart };
    return { snapshot, entries: entriesFrom(db, snapshot.seq + 1) };
  } catch {
    return { snapshot: null, entries: [] };
  } finally {
    closeQuietly(db);
    for (const end of COMPANIONS) rmSync(copy + end, { force: true });
  }
}

/**
 * SQLite opens no file that is shorter than its header says; with zeros at its end only the lost pages are unreadable.
 * Offsets 16 (page size) and 28 (pages): sqlite.org/fileformat2.html.
 */
function padToSize(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    const header = Buffer.alloc(100);
    if (readSync(fd, header, 0, 100, 0) < 100) return;
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const wanted = pageSize * header.readUInt32BE(28);
    const { size } = fstatSync(fd);
    if (size < wanted && wanted - size <= PAD_MAX) ftruncateSync(fd, wanted);
  } finally {
    closeSync(fd);
  }
}

/** A header that says more than this is damaged itself. */
const PAD_MAX = 1024 * 1024 * 1024;

function entriesFrom(db: DatabaseSync, first: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  try {
    // One look-up per row: a scan ends at the first bad page, a look-up only misses what is on it.
    const one = db.prepare('SELECT seq, at, event, sum FROM events WHERE seq = ?');
    for (let seq = first; ; seq++) {
      const row = one.get(seq) as unknown as EventRow | undefined;
      if (row === undefined) break;
      entries.push(entryOf(row));
    }
  } catch {
    // Up to here it could be read.
  }
  return entries;
}

function lastSnapshot(db: DatabaseSync): SavedSnapshot | null {
  try {
    return newestSnapshot(db, Number.MAX_SAFE_INTEGER);
  } catch {
    return null;
  }
}

function closeQuietly(db: DatabaseSync | null): void {
  try {
    db?.close();
  } catch {
    // A database this broken may refuse even that.
  }
}
