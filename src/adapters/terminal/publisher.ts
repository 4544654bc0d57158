/**
 * When a pane's screen is sent: the first change at once, then at a steady rate; not in the middle of what a program
 * draws as one; without delay after a key. Panes in the background share one beat, over all workers: what six of them
 * print is one message, one frame and one paint. Only arithmetic of times in milliseconds: the room has the timer.
 */
import type { WatchMode } from './api.ts';

const FOCUS_MS = 16;
const BACKGROUND_MS = 33;
/** A room that was quiet for so long shows its next change at once, between two beats. */
const QUIET_ROOM_MS = 2 * BACKGROUND_MS;
/** After a key, what the program prints goes out as it comes. */
const BOOST_MS = 100;
/** A program that forgets to end its synchronized update (mode 2026) is shown after this. */
const HOLD_MS = 150;
/** A piece as large as the kernel's PTY buffer has more behind it: wait for it, but not long. */
const FULL_PIECE = 4000;
const SETTLE_MS = 3;
const SETTLE_LIMIT_MS = 9;

/** The beat of all panes in the background. */
export class Beat {
  readonly #epoch: number;
  #publishedAt = Number.NEGATIVE_INFINITY;

  /** @param epoch a moment that all workers mean the same by, on this thread's clock */
  constructor(epoch = 0) {
    this.#epoch = epoch;
  }

  published(now: number): void {
    this.#publishedAt = now;
  }

  /** @returns when a pane is due whose screen changed at `now` */
  dueAt(now: number): number {
    if (now - this.#publishedAt > QUIET_ROOM_MS) return now;
    return this.#epoch + Math.ceil((now - this.#epoch) / BACKGROUND_MS) * BACKGROUND_MS;
  }
}

export class Publisher {
  mode: WatchMode = 'none';
  readonly #beat: Beat;
  #dirtySince = -1;
  #beatAt = 0;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #boostUntil = Number.NEGATIVE_INFINITY;
  #heldSince = -1;
  #lastPieceAt = 0;
  #lastPieceFull = false;

  constructor(beat: Beat) {
    this.#beat = beat;
  }

  boost(now: number): void {
    this.#boostUntil = now + BOOST_MS;
  }

  /** A piece came in from the program. */
  received(now: number, length: number): void {
    this.#lastPieceAt = now;
    this.#lastPieceFull = length >= FULL_PIECE;
  }

  /** The screen may have changed; `held` while the program says that it isn't done drawing. */
  changed(now: number, held: boolean): void {
    if (this.#dirtySince < 0) {
      this.#dirtySince = now;
      this.#beatAt = this.#beat.dueAt(now);
    }
    if (!held) this.#heldSince = -1;
    else if (this.#heldSince < 0) this.#heldSince = now;
  }

  published(now: number): void {
    this.#publishedAt = now;
    this.#dirtySince = -1;
    if (this.mode === 'background') this.#beat.published(now);
  }

  /** Nothing had changed after all. */
  unchanged(): void {
    this.#dirtySince = -1;
  }

  /** @returns when the next frame is due; null where there is none to come */
  dueAt(): number | null {
    if (this.#dirtySince < 0 || this.mode === 'none') return null;
    let due = this.mode === 'focus' ? this.#publishedAt + FOCUS_MS : this.#beatAt;
    if (this.#dirtySince <= this.#boostUntil) due = this.#dirtySince;
    if (this.#lastPieceFull) {
      due = Math.max(due, Math.min(this.#lastPieceAt + SETTLE_MS, this.#dirtySince + SETTLE_LIMIT_MS));
    }
    if (this.#heldSince >= 0) due = Math.max(due, this.#heldSince + HOLD_MS);
    return due;
  }
}
