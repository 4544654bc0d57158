/**
 * When a pane's screen is sent: the first change at once, then at a steady rate; not in the middle of what a program
 * draws as one; without delay after a key. Only arithmetic of times in milliseconds: the room has the timer.
 */
import type { WatchMode } from './api.ts';

const FOCUS_MS = 16;
const BACKGROUND_MS = 33;
/** After a key, what the program prints goes out as it comes. */
const BOOST_MS = 100;
/** A program that forgets to end its synchronized update (mode 2026) is shown after this. */
const HOLD_MS = 150;
/** A piece as large as the kernel's PTY buffer has more behind it: wait for it, but not long. */
const FULL_PIECE = 4000;
const SETTLE_MS = 3;
const SETTLE_LIMIT_MS = 9;

export class Publisher {
  mode: WatchMode = 'none';
  #dirtySince = -1;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #boostUntil = Number.NEGATIVE_INFINITY;
  #heldSince = -1;
  #lastPieceAt = 0;
  #lastPieceFull = false;

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
    if (this.#dirtySince < 0) this.#dirtySince = now;
    if (!held) this.#heldSince = -1;
    else if (this.#heldSince < 0) this.#heldSince = now;
  }

  published(now: number): void {
    this.#publishedAt = now;
    this.#dirtySince = -1;
  }

  /** Nothing had changed after all. */
  unchanged(): void {
    this.#dirtySince = -1;
  }

  /** @returns when the next frame is due; null where there is none to come */
  dueAt(): number | null {
    if (this.#dirtySince < 0 || this.mode === 'none') return null;
    const interval = this.mode === 'focus' ? FOCUS_MS : BACKGROUND_MS;
    let due = this.#dirtySince <= this.#boostUntil ? this.#dirtySince : this.#publishedAt + interval;
    if (this.#lastPieceFull) {
      due = Math.max(due, Math.min(this.#lastPieceAt + SETTLE_MS, this.#dirtySince + SETTLE_LIMIT_MS));
    }
    if (this.#heldSince >= 0) due = Math.max(due, this.#heldSince + HOLD_MS);
    return due;
  }
}
