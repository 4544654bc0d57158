import type { JournalEntry } from '../../core/model/events.ts';
import { EVENT_LEVELS } from '../../core/records/levels.ts';
import type { JournalFilter } from '../../core/records/journal-filter.ts';
import { showControls } from '../../core/text.ts';
import type { JournalKeys, Stride } from '../keys/commands.ts';
import { EMPTY_FIELD } from '../widgets/text-field.ts';
import { markedIndex } from './journal-feed.ts';
import { EVERYTHING, type Popup } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

type LogPopup = Extract<Popup, { kind: 'log' }>;

/** What comes before the dot of an event's type, in the order in which the filter goes through them. */
const KINDS = [
  'agent',
  'task',
  'gate',
  'milestone',
  'handover',
  'plan',
  'schedule',
  'health',
  'permission',
  'overlap',
  'round',
  'landing',
  'rollback',
  'lock',
  'todo',
  'alert',
  'git',
  'emergency',
  'sync',
  'session',
] as const;

/** What the keys do on the log page, on an event, and in the past. */
export class JournalCommands implements JournalKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  /** Counts what is searched for: another text ends the search for the one before. */
  #search = 0;
  /** Steps follow one another: each begins where the one before has led. */
  #steps: Promise<void> = Promise.resolve();

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  move(stride: Stride, sign: -1 | 1, page: number): void {
    const popup = this.#log();
    const view = this.#store.room().journal;
    if (!popup || !view) return;
    if (stride === 'end') {
      this.#mark(popup, sign === 1 ? null : 1);
      return;
    }
    const steps = { line: 1, half: Math.max(1, page >> 1), page: Math.max(1, page - 1) }[stride];
    const index = markedIndex(view, popup.mark) + sign * steps;
    const isNewest = index >= view.entries.length - 1 && view.on > this.#store.client.state().seq;
    const entry = view.entries[Math.max(0, Math.min(view.entries.length - 1, index))];
    if (entry) this.#mark(popup, isNewest ? null : entry.seq);
  }

  /** @param index of an event among those that are shown */
  markAt(index: number): void {
    const popup = this.#log();
    const entry = this.#store.room().journal?.entries[index];
    if (popup && entry) this.#mark(popup, entry.seq);
  }

  nextAgent(): void {
    this.#filter((filter) => ({
      ...filter,
      agent: after([null, ...this.#store.client.state().order], filter.agent),
    }));
  }

  nextKind(step: -1 | 1): void {
    const seen = this.#store.room().journal?.entries.map(({ event }) => event.type.split('.')[0]!) ?? [];
    const kinds = [null, ...new Set<string>([...KINDS, ...seen])];
    this.#filter((filter) => ({ ...filter, type: after(step === 1 ? kinds : kinds.toReversed(), filter.type) }));
  }

  nextLevel(): void {
    this.#filter((filter) => ({ ...filter, level: after(EVENT_LEVELS, filter.level) }));
  }

  clearFilter(): void {
    this.#filter(() => EVERYTHING);
  }

  openSearch(): void {
    const popup = this.#log();
    if (popup) this.#store.dispatch({ type: 'popup', popup: { ...popup, field: EMPTY_FIELD } });
  }

  /** What was typed is looked for, from the marked event back: what is wanted is mostly the last time that it happened. */
  searchFor(popup: LogPopup): void {
    const query = popup.field?.text.trim() ?? '';
    this.#store.dispatch({ type: 'popup', popup: { ...popup, field: null, query } });
    this.#search++;
    if (query !== '') this.#seekNext(-1, true);
  }

  searchStep(step: -1 | 1): void {
    this.#seekNext(step, false);
  }

  openEvent(): void {
    const popup = this.#log();
    const entry = this.#marked();
    if (popup && entry) this.#store.dispatch({ type: 'popup', popup: { kind: 'event', entry, top: 0, back: popup } });
  }

  keepReport(): void {
    void this.#keep('report');
  }

  keepMetrics(): void {
    void this.#keep('metrics');
  }

  otherMetrics(): void {
    const { popup } = this.#store.room().ui;
    if (popup?.kind !== 'metrics') return;
    const view = popup.view === 'now' ? 'session' : 'now';
    this.#store.dispatch({ type: 'popup', popup: { ...popup, view, top: 0 } });
  }

  async #keep(what: 'report' | 'metrics'): Promise<void> {
    try {
      const files = await this.#store.client.keep(what);
      this.#toaster.show('info', `written: ${files.map((file) => showControls(file)).join(', ')}`);
    } catch (error) {
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
    }
  }

  /** The event before or behind the one that is shown, as the filter has them. */
  stepEvent(step: -1 | 1): void {
    const { ui, journal } = this.#store.room();
    if (ui.popup?.kind !== 'event' || !journal) return;
    const { entry, back } = ui.popup;
    const next = journal.entries[markedIndex(journal, entry.seq) + step];
    if (!next) return;
    const list = back?.kind === 'log' ? { ...back, mark: next.seq } : back;
    this.#store.dispatch({ type: 'popup', popup: { kind: 'event', entry: next, top: 0, back: list } });
  }

  openPast(): void {
    const { popup } = this.#store.room().ui;
    const entry = popup?.kind === 'event' ? popup.entry : this.#marked();
    if (entry) this.#store.dispatch({ type: 'popup', popup: null }, { type: 'past', seq: entry.seq });
  }

  stepPast(by: number): void {
    const { past } = this.#store.room().ui;
    const last = this.#store.client.state().seq;
    if (past !== null) this.#store.dispatch({ type: 'past', seq: Math.max(1, Math.min(last, past + by)) });
  }

  leavePast(): void {
    this.#store.dispatch({ type: 'past', seq: null });
  }

  #log(): LogPopup | null {
    const { popup } = this.#store.room().ui;
    return popup?.kind === 'log' ? popup : null;
  }

  #marked(): JournalEntry | undefined {
    const view = this.#store.room().journal;
    const popup = this.#log();
    return view && popup ? view.entries[markedIndex(view, popup.mark)] : undefined;
  }

  #mark(popup: LogPopup, mark: number | null): void {
    this.#store.dispatch({ type: 'popup', popup: { ...popup, mark } });
  }

  /** The marked event stays where it is in time. */
  #filter(change: (filter: JournalFilter) => JournalFilter): void {
    const popup = this.#log();
    if (popup) this.#store.dispatch({ type: 'popup', popup: { ...popup, filter: change(popup.filter) } });
  }

  /** @param here - the marked event itself counts, too */
  #seekNext(step: -1 | 1, here: boolean): void {
    const search = this.#search;
    this.#steps = this.#steps.then(() => this.#seek(step, here, search));
  }

  /** Never rejects. */
  async #seek(step: -1 | 1, here: boolean, search: number): Promise<void> {
    const popup = this.#log();
    if (!popup || search !== this.#search) return;
    // The list may still be on its way.
    const at = this.#marked()?.seq ?? popup.mark ?? this.#store.client.state().seq;
    if (popup.query === '') {
      this.#toaster.show('warn', 'nothing was searched for yet: / searches');
      return;
    }
    const filter = { ...popup.filter, text: popup.query };
    this.#toaster.show('info', `looking for ${popup.query} …`);
    let from: number | null = here ? at : at + step;
    try {
      while (from !== null) {
        const { entries, next } = await this.#store.client.journal({ filter, from, step, limit: 1 });
        const now = this.#log();
        if (search !== this.#search || !now) return;
        if (entries[0]) {
          this.#toaster.clear();
          this.#mark(now, entries[0].seq);
          return;
        }
        from = next;
      }
      this.#toaster.show('warn', `nothing ${step === -1 ? 'before' : 'behind'} this says ${popup.query}`);
    } catch (error) {
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
    }
  }
}

/** The next of the list, round and round. */
function after<T>(list: readonly T[], one: T): T {
  return list[(list.indexOf(one) + 1) % list.length]!;
}
