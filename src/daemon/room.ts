/** The loop of the session: command → decide → journal → evolve → publish → react → effects. */
import type { Journal } from '../adapters/journal/journal.ts';
import { decide } from '../core/decide.ts';
import { isRefusal } from '../core/decide/refuse.ts';
import { evolve } from '../core/evolve.ts';
import type { Command, Refusal } from '../core/model/commands.ts';
import type { Effect } from '../core/model/effects.ts';
import type { Event, JournalEntry } from '../core/model/events.ts';
import type { State } from '../core/model/state.ts';
import { react } from '../core/react.ts';

export interface RoomParts {
  readonly journal: Journal;
  /** The journal, folded. */
  readonly state: State;
  readonly now: () => number;
  readonly newId: () => string;
}

export type Outcome = { readonly ok: true; readonly seq: number; readonly events: readonly Event[] } | RefusedOutcome;
export type RefusedOutcome = { readonly ok: false; readonly refusal: Refusal };

/** For tests of what a crash leaves: the daemon kills itself once, right after the first event of this type is in the journal. */
const FAULT_AT = process.env.LLMCTL_FAULT_AT ?? '';

function dieAt(type: Event['type']): void {
  if (type === FAULT_AT) process.kill(process.pid, 'SIGKILL');
}

export class Room {
  readonly journal: Journal;
  readonly #parts: RoomParts;
  #state: State;
  #inside = false;
  readonly #waiting = new Set<() => void>();

  /** Called with every batch of events once they are in the journal and in the state. Must not dispatch. */
  publish: (entries: readonly JournalEntry[]) => void = () => {};
  /** Called in a turn of its own, in order; what comes of an effect comes back through dispatch. */
  perform: (effect: Effect) => void = () => {};

  constructor(parts: RoomParts) {
    this.#parts = parts;
    this.journal = parts.journal;
    this.#state = parts.state;
  }

  get state(): State {
    return this.#state;
  }

  dispatch(command: Command): Outcome {
    if (this.#inside) throw new Error(`${command.type} was dispatched from within another command`);
    this.#inside = true;
    try {
      const { now, newId } = this.#parts;
      const at = Math.round(now());
      const decision = decide(this.#state, command, { now: at, newId });
      if (isRefusal(decision)) return { ok: false, refusal: decision };
      this.#record(decision, at);
      return { ok: true, seq: this.#state.seq, events: decision };
    } finally {
      this.#inside = false;
    }
  }

  /** Resolves once the state is so: now, or after some event. */
  until(holds: (state: State) => boolean): Promise<void> {
    if (holds(this.#state)) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this.#state)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  /**
   * Events that no command stands for: the begin of a session, a program that runs and that nobody remembers. They are
   * of what is so already: no effects follow.
   */
  record(events: readonly Event[]): void {
    this.#record(events, Math.round(this.#parts.now()), false);
  }

  #record(events: readonly Event[], at: number, withEffects = true): void {
    if (events.length === 0) return;
    const entries: JournalEntry[] = [];
    const effects: Effect[] = [];
    for (const event of events) {
      const entry = { seq: this.#state.seq + 1, at, event };
      this.#state = evolve(this.#state, entry);
      entries.push(entry);
      if (withEffects) effects.push(...react(this.#state, event));
    }
    this.journal.append(entries);
    this.journal.offer(this.#state);
    this.publish(entries);
    for (const look of this.#waiting) look();
    for (const { event } of entries) dieAt(event.type);
    for (const effect of effects) queueMicrotask(() => this.perform(effect));
  }
}
