/** States of before: the journal folded up to an event, from the nearest state that is kept. */
import { setImmediate as turn } from 'node:timers/promises';
import { evolve } from '../../core/evolve.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { emptyState, type State } from '../../core/model/state.ts';
import type { Room } from '../room.ts';
import { RequestError } from './failure.ts';

/** Events folded in one go: some milliseconds. */
const PIECE = 250;
/** Who steps back and forth in time asks for neighbours: one in every so many states of the last fold stays. */
const MARKS_KEPT = 64;
const RECENT = 20;

interface Mark {
  readonly seq: number;
  readonly state: State;
}

export interface Past {
  readonly state: State;
  readonly seq: number;
  /** Its events: the last one, and those before it. */
  readonly recent: readonly JournalEntry[];
}

export class Pasts {
  readonly #room: Pick<Room, 'journal' | 'state'>;
  #marks: Mark[] = [];

  constructor(room: Pick<Room, 'journal' | 'state'>) {
    this.#room = room;
  }

  /** @throws RequestError where the journal does not reach back that far, or can't be read there */
  async at(seq: number): Promise<Past> {
    const { journal, state: now } = this.#room;
    const last = Math.min(seq, now.seq);
    const from = this.#nearest(last);
    let { state } = from;
    try {
      for (let at = from.seq + 1; at <= last; at += PIECE) {
        for (const entry of journal.read(at, Math.min(last, at + PIECE - 1))) state = evolve(state, entry);
        this.#remember({ seq: state.seq, state });
        await turn();
      }
      return { state, seq: last, recent: [...journal.read(Math.max(1, last - RECENT + 1), last)] };
    } catch (error) {
      throw new RequestError('failed', (error as Error).message);
    }
  }

  #nearest(seq: number): Mark {
    const { journal, state: now } = this.#room;
    const mark = this.#marks.findLast((one) => one.seq <= seq);
    const saved = journal.snapshotBefore(seq);
    // A snapshot of an older llmctl lacks what came later.
    const kept = saved && { seq: saved.seq, state: { ...emptyState(now.session), ...saved.state } };
    if (mark && mark.seq >= (kept?.seq ?? 0)) return mark;
    if (kept) return kept;
    const first = journal.bounds()?.first ?? 1;
    if (first > 1) throw new RequestError('not-found', `the journal begins at event ${first}: what was before is lost`);
    return { seq: 0, state: emptyState(now.session) };
  }

  #remember(mark: Mark): void {
    if (this.#marks.some(({ seq }) => seq === mark.seq)) return;
    this.#marks = [...this.#marks, mark].sort((a, b) => a.seq - b.seq);
    // The neighbours of what was asked for last are asked for next: those furthest from it go.
    while (this.#marks.length > MARKS_KEPT) {
      if (mark.seq - this.#marks[0]!.seq > this.#marks.at(-1)!.seq - mark.seq) this.#marks.shift();
      else this.#marks.pop();
    }
  }
}
