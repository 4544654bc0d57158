/** The journal of a session that runs no longer: read as it lies there, and never written to. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../../core/model/events.ts';
import { entryOf, NewerJournalError, SCHEMA_VERSION, type EventRow } from './store.ts';

/**
 * Every event, oldest first; those that can't be read are left out.
 * @returns null where there is no such file
 * @throws NewerJournalError; Error where it is no journal
 */
export function readJournalFile(path: string): JournalEntry[] | null {
  if (!existsSync(path)) return null;
  const db = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > SCHEMA_VERSION) throw new NewerJournalError(version);
    const rows = db.prepare('SELECT seq, at, event, sum FROM events ORDER BY seq').all() as unknown as EventRow[];
    return rows.flatMap((row) => {
      try {
        return [entryOf(row)];
      } catch {
        return [];
      }
    });
  } finally {
    db.close();
  }
}
