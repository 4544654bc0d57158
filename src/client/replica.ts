/** The client's copy of the session's state: one snapshot, then the same events folded with the same `evolve`. */
import { evolve } from '../core/evolve.ts';
import type { JournalEntry } from '../core/model/events.ts';
import type { State } from '../core/model/state.ts';
import type { Snapshot } from '../protocol/messages.ts';

/** As many as the line of recent events and the log screen ever show. */
const RECENT_LIMIT = 200;

export class Replica {
  #state: State;
  #recent: readonly JournalEntry[];
  clients: number;

  constructor(snapshot: Snapshot) {
    this.#state = snapshot.state;
    this.#recent = snapshot.recent.slice(-RECENT_LIMIT);
    this.clients = snapshot.clients;
  }

  get state(): State {
    return this.#state;
  }

  get recent(): readonly JournalEntry[] {
    return this.#recent;
  }

  /**
   * Folds the entries that are new; those already known are skipped.
   * @returns false where one is missing in between: only a new snapshot helps then
   */
  apply(entries: readonly JournalEntry[]): boolean {
    const fresh = entries.filter((entry) => entry.seq > this.#state.seq);
    let state = this.#state;
    for (const entry of fresh) {
      if (entry.seq !== state.seq + 1) return false;
      state = evolve(state, entry);
    }
    this.#state = state;
    if (fresh.length > 0) this.#recent = [...this.#recent, ...fresh].slice(-RECENT_LIMIT);
    return true;
  }
}
