/** The journal's file: one table of events, one of snapshots, in SQLite's write-ahead mode. */
import { crc32 } from 'node:zlib';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Event, JournalEntry } from '../../core/model/events.ts';
import type { State } from '../../core/model/state.ts';

/** Rises when an older llmctl would misread the file. */
export const SCHEMA_VERSION = 1;

export interface SavedSnapshot {
  readonly seq: number;
  readonly state: State;
}

export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  /** CRC-32 of the others: SQLite notices broken pages, not flipped bits within a row. */
  readonly sum: number;
}

interface SnapshotRow {
  readonly seq: number;
  readonly state: string;
  readonly sum: number;
}

/** Every method throws what node:sqlite throws; journal.ts knows what that means. */
export class JournalStore {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #between: StatementSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 1000 });
    try {
      // NORMAL: a crash of the process loses nothing; a crash of the machine may lose the last moments, never more.
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304');
      this.#migrate();
      this.#insert = this.#db.prepare('INSERT INTO events (seq, at, agent, event, sum) VALUES (?, ?, ?, ?, ?)');
      this.#between = this.#db.prepare('SELECT seq, at, event, sum FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq');
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** All or none. */
  append(entries: readonly { readonly entry: JournalEntry; readonly agent: string | null }[]): void {
    if (entries.length === 1) {
      this.#put(entries[0]!);
      return;
    }
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const one of entries) this.#put(one);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Both ends included. */
  *read(from: number, to: number): Generator<JournalEntry> {
    for (const row of this.#between.iterate(from, to)) yield entryOf(row as unknown as EventRow);
  }

  /** As `read`, without those that can't be read and those in whose JSON one of the texts is missing. */
  slice(from: number, to: number, hints: readonly string[]): JournalEntry[] {
    const wanted = hints.map(() => ' AND instr(event, ?) > 0').join('');
    const rows = this.#db
      .prepare(`SELECT seq, at, event, sum FROM events WHERE seq BETWEEN ? AND ?${wanted} ORDER BY seq`)
      .all(from, to, ...hints) as unknown as EventRow[];
    return rows.flatMap(readable);
  }

  firstSeq(): number {
    return Number((this.#db.prepare('SELECT min(seq) AS seq FROM events').get() as { seq: number | null }).seq ?? 0);
  }

  lastSeq(): number {
    return Number((this.#db.prepare('SELECT max(seq) AS seq FROM events').get() as { seq: number | null }).seq ?? 0);
  }

  /** The last `limit` of those that fit, oldest first. */
  last(limit: number, since: number | null, agent: string | null): JournalEntry[] {
    const rows = this.#db
      .prepare(
        'SELECT seq, at, event, sum FROM events WHERE (:since IS NULL OR at >= :since) AND (:agent IS NULL OR agent = :agent) ORDER BY seq DESC LIMIT :limit',
      )
      .all({ since, agent, limit }) as unknown as EventRow[];
    return rows.toReversed().flatMap(readable);
  }

  /** Kept are the last `keep`, and of those before one in every `sparse` events: any state of before is never far to fold. */
  saveSnapshot({ seq, state }: SavedSnapshot, keep: number, sparse: number): void {
    const text = JSON.stringify(state);
    const insert = this.#db.prepare('INSERT OR REPLACE INTO snapshots (seq, state, sum) VALUES (?, ?, ?)');
    insert.run(seq, text, crc32(`${seq} ${text}`));
    const rows = this.#db.prepare('SELECT seq FROM snapshots ORDER BY seq').all() as unknown as { seq: number }[];
    const remove = this.#db.prepare('DELETE FROM snapshots WHERE seq = ?');
    let kept = Number.NEGATIVE_INFINITY;
    for (const { seq: old } of rows.slice(0, -keep)) {
      if (old - kept >= sparse) kept = old;
      else remove.run(old);
    }
  }

  snapshotBefore(seq: number): SavedSnapshot | null {
    return newestSnapshot(this.#db, seq);
  }

  /** @returns what is wrong with the file, null where nothing is; reads all of it */
  damage(): string | null {
    const row = this.#db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    return row?.quick_check === 'ok' ? null : (row?.quick_check ?? 'quick_check gave no answer');
  }

  close(): void {
    this.#db.close();
  }

  #put({ entry, agent }: { readonly entry: JournalEntry; readonly agent: string | null }): void {
    const { seq, at } = entry;
    const event = JSON.stringify(entry.event);
    this.#insert.run(seq, at, agent, event, sumOf(seq, at, event));
  }

  #migrate(): void {
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > SCHEMA_VERSION) throw new NewerJournalError(version);
    if (version === SCHEMA_VERSION) return;
    this.#db.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent TEXT, event TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS events_by_agent ON events (agent, seq) WHERE agent IS NOT NULL;
      CREATE TABLE IF NOT EXISTS snapshots (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT`);
  }
}

export class NewerJournalError extends Error {
  override readonly name = 'NewerJournalError';
  constructor(version: number) {
    super(`the journal is of a newer llmctl (format ${version}, this one knows ${SCHEMA_VERSION}): update llmctl`);
  }
}

/** @throws Error where the row isn't what was written */
export function entryOf({ seq, at, event, sum }: EventRow): JournalEntry {
  if (sumOf(seq, at, event) !== sum) throw new Error(`event ${seq} of the journal is damaged`);
  return { seq, at, event: JSON.parse(event) as Event };
}

function sumOf(seq: number, at: number, event: string): number {
  return crc32(`${seq} ${at} ${event}`);
}

function readable(row: EventRow): JournalEntry[] {
  try {
    return [entryOf(row)];
  } catch {
    return [];
  }
}

/** The latest readable one at or before `seq`. */
export function newestSnapshot(db: DatabaseSync, seq: number): SavedSnapshot | null {
  const rows = db.prepare('SELECT seq, state, sum FROM snapshots WHERE seq <= ? ORDER BY seq DESC').all(seq);
  for (const row of rows as unknown as SnapshotRow[]) {
    const { seq: at, state, sum } = row;
    if (crc32(`${at} ${state}`) === sum) return { seq: at, state: JSON.parse(state) as State };
  }
  return null;
}
