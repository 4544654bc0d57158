import type { RoomClient } from '../../client/api.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { type JournalFilter, fitsFilter } from '../../core/records/journal-filter.ts';

/** The part of the journal that the log page is drawn from: all that fits the filter between two events. */
export interface JournalView {
  readonly filter: JournalFilter;
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Where the part before it begins, going back; null: there is nothing before it. */
  readonly back: number | null;
  /** Where the part behind it begins. */
  readonly on: number;
  /** More is asked for just now. */
  readonly looking: boolean;
  /** Why there is no more; null while all is well. */
  readonly trouble: string | null;
}

/** What of the page counts here. `mark`: number of the event that is marked; null: the newest, also when there is a newer one. */
export interface JournalWish {
  readonly filter: JournalFilter;
  readonly mark: number | null;
}

/** Entries asked for at once, and kept on either side of the marked one. */
const PAGE = 200;
const MARGIN = 100;
/** Entries held: beyond that those furthest from the marked one are let go. */
const KEPT = 2_000;

/**
 * Holds a window on the journal while somebody looks at it, and moves it along: a journal of a hundred thousand events costs what
 * one of a hundred does.
 */
export class JournalFeed {
  readonly #client: RoomClient;
  readonly #onNews: () => void;
  #view: JournalView | null = null;
  #wish: JournalWish | null = null;
  /** Counts the windows: an answer to a question about an earlier one is nobody's. */
  #window = 0;
  #asking = false;

  constructor(client: RoomClient, onNews: () => void) {
    this.#client = client;
    this.#onNews = onNews;
  }

  /** null while nobody looks. */
  view(): JournalView | null {
    return this.#view;
  }

  /** To be called whenever the page, or the session, may have changed. @param wish - null: nobody looks */
  want(wish: JournalWish | null): void {
    this.#wish = wish;
    if (wish === null) {
      this.#view = null;
      this.#window++;
      return;
    }
    const last = this.#client.state().seq;
    if (this.#view === null || this.#view.filter !== wish.filter || isElsewhere(this.#view, wish.mark, last)) {
      this.#window++;
      this.#view = windowAt(wish, last);
    }
    this.#takeNews();
    void this.#fill();
  }

  /** What the client was told anyway needs no question. */
  #takeNews(): void {
    const view = this.#view!;
    const recent = this.#client.recent();
    const first = recent[0]?.seq ?? Number.MAX_SAFE_INTEGER;
    if (first > view.on) return;
    const fresh = recent.filter(({ seq }) => seq >= view.on);
    if (fresh.length === 0) return;
    const fitting = fresh.filter(({ event }) => fitsFilter(event, view.filter));
    this.#view = forward(view, fitting, fresh.at(-1)!.seq + 1);
  }

  async #fill(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    while (this.#view && this.#wish) {
      const step = wanting(this.#view, this.#wish.mark, this.#client.state().seq);
      if (step === null) break;
      if (!(await this.#ask(this.#view, step))) break;
    }
    this.#asking = false;
    if (!this.#view?.looking) return;
    this.#view = { ...this.#view, looking: false };
    this.#onNews();
  }

  /** @returns whether it came to anything */
  async #ask(view: JournalView, step: 1 | -1): Promise<boolean> {
    const window = this.#window;
    const from = step === 1 ? view.on : view.back!;
    this.#view = { ...view, looking: true };
    try {
      const { entries, next } = await this.#client.journal({ filter: view.filter, from, step, limit: PAGE });
      if (this.#window !== window || !this.#view) return true;
      const known: JournalView = { ...this.#view, trouble: null };
      // While it was asked for, news may have brought some of it.
      const fresh = step === 1 ? entries.filter(({ seq }) => seq >= known.on) : entries.toReversed();
      const last = Math.max(known.on, next ?? this.#client.state().seq + 1);
      this.#view = step === 1 ? forward(known, fresh, last) : backward(known, fresh, next);
      this.#onNews();
      return true;
    } catch (error) {
      if (this.#window !== window || !this.#view) return true;
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      this.#view = { ...this.#view, trouble: line };
      return false;
    }
  }
}

function windowAt({ filter, mark }: JournalWish, last: number): JournalView {
  const at = mark ?? last + 1;
  return { filter, entries: [], back: at > 1 ? at - 1 : null, on: at, looking: false, trouble: null };
}

/** Too far to go there step by step. */
function isElsewhere({ back, on }: JournalView, mark: number | null, last: number): boolean {
  if (mark === null) return on < last - PAGE;
  return mark > on || (back !== null && mark < back);
}

/** Which way more is needed; null: enough is there. */
function wanting(view: JournalView, mark: number | null, last: number): 1 | -1 | null {
  const index = markedIndex(view, mark);
  if (view.on <= last && (mark === null || view.entries.length - 1 - index < MARGIN)) return 1;
  return view.back !== null && index < MARGIN ? -1 : null;
}

/** Place of the marked entry: the first from `mark` on, else the last one. */
export function markedIndex({ entries }: Pick<JournalView, 'entries'>, mark: number | null): number {
  const at = mark === null ? -1 : entries.findIndex(({ seq }) => seq >= mark);
  return at < 0 ? entries.length - 1 : at;
}

function forward(view: JournalView, fresh: readonly JournalEntry[], on: number): JournalView {
  const entries = [...view.entries, ...fresh];
  const kept = entries.slice(-KEPT);
  return { ...view, entries: kept, on, back: kept.length < entries.length ? kept[0]!.seq - 1 : view.back };
}

function backward(view: JournalView, fresh: readonly JournalEntry[], back: number | null): JournalView {
  const entries = [...fresh, ...view.entries];
  const kept = entries.slice(0, KEPT);
  return { ...view, entries: kept, back, on: kept.length < entries.length ? kept.at(-1)!.seq + 1 : view.on };
}
