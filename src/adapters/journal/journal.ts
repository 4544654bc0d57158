/**
 * The session's journal. It never stops the session: a damaged file is set aside, a full disk keeps events in memory
 * until there is room, and both are told as trouble.
 */
import { statSync } from 'node:fs';
import { eventAgent } from '../../core/select/recent.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import type { State } from '../../core/model/state.ts';
import { salvage, setAside } from './salvage.ts';
import { JournalStore, NewerJournalError, type SavedSnapshot } from './store.ts';

export interface JournalEvents {
  /** Events can't be written for the reason given; null when all of them are written again. */
  readonly onTrouble: (reason: string | null) => void;
  /** The file was damaged and was set aside; one line that says where it is. */
  readonly onReplaced: (notice: string) => void;
}

/** A state every so many events: starting folds at most this many. */
const SNAPSHOT_EVERY = 1_000;
const SNAPSHOTS_KEPT = 3;
/** Older ones stay this far apart. */
const SNAPSHOTS_SPARSE = 10_000;
/** How often a write that failed is tried again. */
const RETRY_MS = 1_000;
/** Events kept in memory at most while they can't be written; the oldest of these go first. */
const WAITING_MAX = 50_000;
/** Small enough to be read again and again without asking SQLite. */
const RECENT = 200;
/** Larger files are not checked page by page at start: it would take longer than everything else. */
const CHECKED_BYTES = 32 * 1024 * 1024;

export class Journal {
  readonly path: string;
  readonly #events: JournalEvents;
  #store: JournalStore;
  #recent: JournalEntry[] = [];
  #waiting: JournalEntry[] = [];
  #lost = 0;
  #retry: NodeJS.Timeout | null = null;
  #lastSnapshot = 0;

  private constructor(path: string, store: JournalStore, events: JournalEvents) {
    this.path = path;
    this.#store = store;
    this.#events = events;
    this.#begin();
  }

  /**
   * Opens the file or makes it. A damaged one is set aside; where none can be written at all (a full disk), events are
   * kept in memory: both are told through `events` before this returns.
   * @throws NewerJournalError
   */
  static open(path: string, events: JournalEvents): Journal {
    try {
      return new Journal(path, openSound(path, events), events);
    } catch (error) {
      if (error instanceof NewerJournalError) throw error;
      events.onTrouble(`${reasonOf(error)}; events are kept in memory alone until the session is started again`);
      return new Journal(path, new JournalStore(':memory:'), events);
    }
  }

  /** Where folding starts. */
  snapshotBefore(seq = Number.MAX_SAFE_INTEGER): SavedSnapshot | null {
    return this.#store.snapshotBefore(seq);
  }

  /**
   * In order, both ends included; those that wait for room on the disk too.
   * @throws Error naming the event that can't be read
   */
  *read(from: number, to = Number.MAX_SAFE_INTEGER): Generator<JournalEntry> {
    const first = this.#waiting[0]?.seq ?? Number.MAX_SAFE_INTEGER;
    yield* this.#store.read(from, Math.min(to, first - 1));
    for (const entry of this.#waiting) if (entry.seq >= from && entry.seq <= to) yield entry;
  }

  bounds(): { readonly first: number; readonly last: number } | null {
    const [first, last] = [this.#store.firstSeq() || this.#waiting[0]?.seq, this.#waiting.at(-1)?.seq];
    return first === undefined ? null : { first, last: last ?? this.#store.lastSeq() };
  }

  /** As `read`, at once: a part that is small. What can't be read is left out, and what lacks one of these texts may be. */
  slice(from: number, to: number, hints: readonly string[]): readonly JournalEntry[] {
    const waiting = this.#waiting.filter(({ seq }) => seq >= from && seq <= to);
    const last = Math.min(to, (this.#waiting[0]?.seq ?? Number.MAX_SAFE_INTEGER) - 1);
    return [...this.#store.slice(from, last, hints), ...waiting];
  }

  /** The last events, oldest first, at most 200. */
  recent(): readonly JournalEntry[] {
    return this.#recent;
  }

  /** The last `limit` events that are about `agent` (null: all) and not older than `since` (epoch ms), oldest first. */
  select(limit: number, since: number | null, agent: string | null): JournalEntry[] {
    const fits = ({ at, event }: JournalEntry) =>
      (since === null || at >= since) && (agent === null || eventAgent(event) === agent);
    const waiting = this.#waiting.filter(fits).slice(-limit);
    const rest = limit - waiting.length;
    return rest > 0 ? [...this.#store.last(rest, since, agent), ...waiting] : waiting;
  }

  /** Never throws: what can't be written now is kept and tried again. */
  append(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    this.#recent = [...this.#recent, ...entries].slice(-RECENT);
    this.#waiting.push(...entries);
    // Others wait before these: the retry writes them all, in order.
    if (this.#retry === null) this.#flush(false);
  }

  /** Called after events were folded; writes a snapshot when one is due. */
  offer(state: State): void {
    if (state.seq - this.#lastSnapshot < SNAPSHOT_EVERY || this.#waiting.length > 0) return;
    try {
      this.#store.saveSnapshot({ seq: state.seq, state }, SNAPSHOTS_KEPT, SNAPSHOTS_SPARSE);
      this.#lastSnapshot = state.seq;
    } catch {
      // Only a shortcut: the next one will do.
    }
  }

  close(): void {
    if (this.#retry) clearTimeout(this.#retry);
    try {
      if (this.#waiting.length > 0) this.#write(this.#waiting);
    } catch {
      // Said before; nobody is left to hear it.
    }
    this.#store.close();
  }

  #begin(): void {
    this.#recent = this.#store.last(RECENT, null, null);
    this.#lastSnapshot = this.#store.snapshotBefore(Number.MAX_SAFE_INTEGER)?.seq ?? 0;
  }

  #write(entries: readonly JournalEntry[]): void {
    this.#store.append(entries.map((entry) => ({ entry, agent: eventAgent(entry.event) })));
  }

  #flush(again: boolean): void {
    try {
      this.#write(this.#waiting);
      this.#waiting = [];
      if (again) this.#recovered();
    } catch (error) {
      if (isDamage(error) && !again) this.#startOver(error as Error);
      else if (!again) this.#events.onTrouble(reasonOf(error));
      this.#drop();
      if (this.#waiting.length > 0) this.#later();
    }
  }

  #recovered(): void {
    this.#events.onTrouble(this.#lost > 0 ? `${this.#lost} events were lost while they could not be written` : null);
    // Events are missing before the next one: only a snapshot can be folded on.
    if (this.#lost > 0) this.#lastSnapshot = Number.NEGATIVE_INFINITY;
    this.#lost = 0;
  }

  /** Damage that shows only now. */
  #startOver(error: Error): void {
    try {
      this.#store.close();
      this.#store = replaceDamaged(this.path, error.message, this.#events);
      this.#write(this.#waiting.filter(({ seq }) => seq > this.#store.lastSeq()));
      this.#waiting = [];
      this.#lastSnapshot = Number.NEGATIVE_INFINITY;
    } catch (next) {
      this.#events.onTrouble(reasonOf(next));
    }
  }

  #drop(): void {
    const excess = this.#waiting.length - WAITING_MAX;
    if (excess <= 0) return;
    this.#lost += excess;
    this.#waiting = this.#waiting.slice(excess);
  }

  #later(): void {
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#flush(true);
    }, RETRY_MS).unref();
  }
}

function openSound(path: string, events: JournalEvents): JournalStore {
  let why: string;
  try {
    const store = new JournalStore(path);
    const damage = damageOf(store, path);
    if (damage === null) return store;
    store.close();
    why = damage;
  } catch (error) {
    if (!isDamage(error)) throw error;
    why = (error as Error).message;
  }
  return replaceDamaged(path, why, events);
}

function replaceDamaged(path: string, why: string, events: JournalEvents): JournalStore {
  const aside = setAside(path, new Date().toISOString().replace(/[:.]/g, '-'));
  const { snapshot, entries } = salvage(aside);
  const store = new JournalStore(path);
  if (snapshot) store.saveSnapshot(snapshot, SNAPSHOTS_KEPT, SNAPSHOTS_SPARSE);
  store.append(entries.map((entry) => ({ entry, agent: eventAgent(entry.event) })));
  const reached = entries.at(-1)?.seq ?? snapshot?.seq ?? 0;
  events.onReplaced(`the journal was damaged (${why}): read up to event ${reached}; the old file is kept as ${aside}`);
  return store;
}

/** Broken pages, or after the last snapshot rows that are missing or aren't what was written. */
function damageOf(store: JournalStore, path: string): string | null {
  const small = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= CHECKED_BYTES;
  const broken = small ? store.damage() : null;
  if (broken !== null) return broken;
  let expected = (store.snapshotBefore(Number.MAX_SAFE_INTEGER)?.seq ?? 0) + 1;
  try {
    for (const { seq } of store.read(expected, Number.MAX_SAFE_INTEGER)) {
      if (seq !== expected) return `event ${expected} is missing`;
      expected++;
    }
  } catch (error) {
    return (error as Error).message;
  }
  return null;
}

/** Primary result codes ERROR (a schema that makes no sense), CORRUPT, FORMAT, NOTADB: sqlite.org/rescode.html. */
const DAMAGE_CODES: readonly number[] = [1, 11, 24, 26];

function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && DAMAGE_CODES.includes(code & 0xff);
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /full/i.test(text) ? 'the disk is full' : text;
}
