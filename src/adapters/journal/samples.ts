/** What agents used, sampled all through a session: a file beside the journal. Figures are worth less than the session: no error leaves here. */
import { DatabaseSync } from 'node:sqlite';
import type { Sample } from '../../core/records/series.ts';

/** Days of a dozen agents; beyond that the oldest go. */
const ROWS_MAX = 1_000_000;
/** Looked at once in so many samples. */
const TRIM_EVERY = 1_000;

interface Row {
  readonly at: number;
  readonly agent: string;
  readonly bytes: number;
  readonly cpu_ms: number;
  readonly memory: number;
  readonly over_ms: number;
}

export class Samples {
  #db: DatabaseSync | null;
  #added = 0;

  private constructor(db: DatabaseSync | null) {
    this.#db = db;
  }

  /** A file that can't be opened, or is no such file, is begun anew; where none can be, nothing is kept. */
  static open(path: string): Samples {
    for (const target of [path, ':memory:']) {
      const db = tryOpen(target);
      if (db) return new Samples(db);
    }
    return new Samples(null);
  }

  add(samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    this.#guard((db) => {
      const insert = db.prepare(
        'INSERT INTO samples (at, agent, bytes, cpu_ms, memory, over_ms) VALUES (?, ?, ?, ?, ?, ?)',
      );
      db.exec('BEGIN');
      for (const { at, agent, bytes, cpuMs, memoryBytes, overMs } of samples) {
        insert.run(at, agent, bytes, cpuMs, memoryBytes, overMs);
      }
      db.exec('COMMIT');
      if (this.#added++ % TRIM_EVERY === 0) {
        db.prepare('DELETE FROM samples WHERE rowid <= (SELECT max(rowid) FROM samples) - ?').run(ROWS_MAX);
      }
    });
  }

  /** Sums, and the most memory, of each agent in stretches of `stretchMs` from `from` on; `at` is where a stretch begins. */
  gathered(from: number, to: number, stretchMs: number): readonly Sample[] {
    const found = this.#guard((db) =>
      db
        .prepare(
          `SELECT CAST(:from AS INTEGER) + (at - CAST(:from AS INTEGER)) / CAST(:stretch AS INTEGER) * CAST(:stretch AS INTEGER) AS at, agent, sum(bytes) AS bytes, sum(cpu_ms) AS cpu_ms,
             max(memory) AS memory, sum(over_ms) AS over_ms
           FROM samples WHERE at >= :from AND at < :to GROUP BY 1, agent ORDER BY 1`,
        )
        .all({ from, to, stretch: stretchMs }),
    );
    return ((found ?? []) as unknown as Row[]).map(({ at, agent, bytes, cpu_ms, memory, over_ms }) => {
      return { at, agent, bytes, cpuMs: cpu_ms, memoryBytes: memory, overMs: over_ms };
    });
  }

  close(): void {
    this.#guard((db) => db.close());
    this.#db = null;
  }

  #guard<T>(work: (db: DatabaseSync) => T): T | null {
    if (this.#db === null) return null;
    try {
      return work(this.#db);
    } catch {
      try {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      } catch {
        // A full disk may refuse even that.
      }
      return null;
    }
  }
}

function tryOpen(path: string): DatabaseSync | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: 1000 });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 1048576');
    db.exec(`CREATE TABLE IF NOT EXISTS samples
      (at INTEGER NOT NULL, agent TEXT NOT NULL, bytes INTEGER NOT NULL, cpu_ms INTEGER NOT NULL, memory INTEGER NOT NULL, over_ms INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS samples_by_time ON samples (at)`);
    db.prepare('SELECT at, agent, bytes, cpu_ms, memory, over_ms FROM samples LIMIT 1').all();
    return db;
  } catch {
    db?.close();
    return null;
  }
}
