/**
 * Reads the journal by pieces, whatever its size: each piece is a few milliseconds of work, and others have their turn in between.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { fitsFilter, type JournalFilter } from '../../core/records/journal-filter.ts';
import type { JournalEntry } from '../../core/model/events.ts';

export interface Sought {
  readonly filter: JournalFilter;
  /** The first event looked at. */
  readonly from: number;
  /** 1: it and what came after it, oldest first. -1: it and what came before it, newest first. */
  readonly step: 1 | -1;
  /** As many at most. */
  readonly limit: number;
}

export interface Found {
  /** In the order in which they were met. */
  readonly entries: readonly JournalEntry[];
  /** Where to go on; null: the end was reached. */
  readonly next: number | null;
}

/** What is read of the journal for it. */
export interface Seekable {
  /** Numbers of the first and the last event; null where there is none. */
  bounds(): { readonly first: number; readonly last: number } | null;
  /** Both ends included, oldest first. What can't be read is left out. @param hints texts of which each is somewhere in the event's JSON */
  slice(from: number, to: number, hints: readonly string[]): readonly JournalEntry[];
}

/** Events read in one go: some 5 ms where all of them are looked at. */
const PIECE = 500;
/** Looked at for one answer; who wants more asks again, and may have changed its mind by then. */
const LOOKED_AT = 20_000;
/** An answer has to fit a frame. */
const ANSWER_CHARS = 3 * 1024 * 1024;

export async function seekJournal(journal: Seekable, { filter, from, step, limit }: Sought): Promise<Found> {
  const entries: JournalEntry[] = [];
  const hints = hintsOf(filter);
  let chars = 0;
  let looked = 0;
  for (let at = from; ;) {
    const bounds = journal.bounds();
    if (bounds === null) return { entries, next: null };
    at = step === 1 ? Math.max(at, bounds.first) : Math.min(at, bounds.last);
    if (at < bounds.first || at > bounds.last) return { entries, next: null };
    const [low, high] = step === 1 ? [at, at + PIECE - 1] : [Math.max(bounds.first, at - PIECE + 1), at];
    const piece = journal.slice(low, high, hints);
    for (const entry of step === 1 ? piece : piece.toReversed()) {
      if (!fitsFilter(entry.event, filter)) continue;
      const size = sizeOf(entry);
      if (entries.length > 0 && chars + size > ANSWER_CHARS) return { entries, next: entry.seq };
      entries.push(entry);
      chars += size;
      if (entries.length === limit) return { entries, next: within(entry.seq + step, bounds) };
    }
    at = step === 1 ? high + 1 : low - 1;
    looked += PIECE;
    if (looked >= LOOKED_AT) return { entries, next: within(at, bounds) };
    await turn();
  }
}

function within(seq: number, { first, last }: { readonly first: number; readonly last: number }): number | null {
  return seq < first || seq > last ? null : seq;
}

/** Only plans and briefs are large; the rest isn't worth being written out for its size. */
function sizeOf({ event }: JournalEntry): number {
  return event.type === 'plan.taken' || event.type === 'task.briefing' ? JSON.stringify(event).length : 500;
}

/** What SQLite can tell cheaply: events without these texts are not even parsed. */
function hintsOf({ agent, type }: JournalFilter): readonly string[] {
  return [
    ...(agent === null ? [] : [JSON.stringify(agent)]),
    ...(type === null ? [] : [`"type":"${JSON.stringify(type).slice(1, -1)}`]),
  ];
}
