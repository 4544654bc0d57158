/**
 * Keeps the line to the terminal short: no more than a window of bytes that the terminal itself hasn't confirmed.
 * A frame ends with DSR (`CSI 5 n`, ECMA-48 8.3.35) when enough was written since the last; `CSI 0 n` comes back once
 * the terminal has read that far, also over ssh, where buffers take megabytes without a word.
 */
import type { Clock } from './clock.ts';
import type { TerminalOutput } from './output.ts';

export const DSR = '\x1b[5n';
/** Unconfirmed bytes at which painting waits: a 50 KB/s line takes 80 ms for the least. */
const LEAST_WINDOW = 4096;
const MOST_WINDOW = 32_768;
/** Answers that take no longer come from a terminal near by: its window needn't grow. */
const NEAR_MS = 20;
/** Small echoes don't each ask. */
const ASK_EVERY = 1024;
const RETRY_MS = 1000;
/** A terminal that sends keys but no answer for so long has lost the answer. */
const GIVE_UP_MS = 5000;

export class Pacer {
  #output: TerminalOutput;
  #clock: Clock;
  #onOpen: () => void;
  /** Whether the terminal answers DSR at all; until it did once, only the stream's drain counts. */
  #answers = false;
  #total = 0;
  #confirmed = 0;
  /** Bytes written up to the DSR under way; -1 for none. */
  #asked = -1;
  #askedAt = 0;
  #window = LEAST_WINDOW;
  /** The shortest time an answer took, in ms: what is above it is queueing. */
  #shortest = Infinity;
  #keyAt = -Infinity;
  #cancelRetry: (() => void) | null = null;

  constructor(output: TerminalOutput, clock: Clock, onOpen: () => void) {
    this.#output = output;
    this.#clock = clock;
    this.#onOpen = onOpen;
    output.onDrain(() => this.#maybeOpen());
  }

  /** Whether a frame may be written now. */
  get open(): boolean {
    return !this.#output.needsDrain && !this.#full;
  }

  /** A DSR is on its way that the terminal hasn't answered. */
  get waiting(): boolean {
    return this.#asked >= 0;
  }

  get #full(): boolean {
    return this.#answers && this.#total - this.#confirmed >= this.#window;
  }

  /** What to end a frame of `length` bytes with. */
  suffix(length: number): string {
    const due = this.#answers && this.#asked < 0 && this.#total + length - this.#confirmed >= ASK_EVERY;
    return due ? DSR : '';
  }

  /** Writes bytes, which end with a DSR where `suffix` said so. */
  write(bytes: Uint8Array, asks: boolean): void {
    this.#total += bytes.length;
    this.#output.write(bytes);
    if (asks) this.#ask();
    this.#watch();
  }

  /** The queries at start end with a DSR too. */
  expectAnswer(): void {
    this.#ask();
  }

  /** The terminal answered a DSR. */
  answered(): void {
    this.#answers = true;
    if (this.#asked < 0) return;
    this.#adapt(this.#clock.now() - this.#askedAt);
    this.#confirmed = Math.max(this.#confirmed, this.#asked);
    this.#asked = -1;
    this.#stopWatch();
    if (this.#full) this.#probe();
    else this.#maybeOpen();
  }

  /** A key came: the terminal lives. */
  keyPressed(): void {
    this.#keyAt = this.#clock.now();
  }

  close(): void {
    this.#stopWatch();
  }

  /** A long line may hold more while its answers don't get later: else every RTT would be one window long. */
  #adapt(took: number): void {
    this.#shortest = Math.min(this.#shortest, took);
    const isQueueing = took > 2 * this.#shortest + 3 * NEAR_MS;
    const hasRoom = took > NEAR_MS && took <= 1.1 * this.#shortest + NEAR_MS;
    if (isQueueing) this.#window = Math.max(LEAST_WINDOW, this.#window / 2);
    else if (hasRoom && this.#full) this.#window = Math.min(MOST_WINDOW, this.#window * 2);
  }

  #ask(): void {
    this.#asked = this.#total;
    this.#askedAt = this.#clock.now();
  }

  #maybeOpen(): void {
    if (this.open) this.#onOpen();
    else this.#watch();
  }

  /** While the window is full an answer is awaited; one that got lost is asked for again. */
  #watch(): void {
    if (!this.#full || this.#cancelRetry) return;
    this.#cancelRetry = this.#clock.after(RETRY_MS, () => {
      this.#cancelRetry = null;
      if (!this.#full) return;
      if (!this.#output.needsDrain) this.#retry();
      this.#watch();
    });
  }

  #retry(): void {
    const silent = this.#clock.now() - this.#askedAt;
    if (this.#asked >= 0 && silent >= GIVE_UP_MS && this.#keyAt > this.#askedAt) {
      this.#answers = false;
      this.#asked = -1;
      this.#confirmed = this.#total;
      this.#onOpen();
      return;
    }
    if (this.#asked < 0) this.#probe();
    else this.#output.write(Buffer.from(DSR, 'latin1'));
  }

  #probe(): void {
    this.#output.write(Buffer.from(DSR, 'latin1'));
    this.#total += DSR.length;
    this.#ask();
    this.#watch();
  }

  #stopWatch(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }
}
