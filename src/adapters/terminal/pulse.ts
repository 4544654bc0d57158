/**
 * A worker's heartbeat in memory it shares with the pool: what it has in hand, and how far each pane is. The pool looks
 * at it only while there is work, and can still read it when the worker hangs or is gone.
 */

/** Panes of one worker. */
export const PULSE_SLOTS = 128;
const HEADER_BYTES = 16;
const SLOT_VALUES = 4;
/** Index into a slot: keys that went to the pane, counted by the pool. A message each would wake the worker twice. */
const KEYS = 3;
/** Indexes into the header. */
const ARMED = 0;
const BEATS = 1;
const SLOT = 2;
/** Slot number while the work is nobody's. */
const NO_SLOT = -1;

export function createPulse(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + PULSE_SLOTS * SLOT_VALUES * 8);
}

/** The worker's end. */
export class PulseWriter {
  readonly #header: Int32Array;
  readonly #slots: Float64Array;
  readonly #onBusy: () => void;

  /** @param onBusy called when work begins that nobody watches yet */
  constructor(memory: SharedArrayBuffer, onBusy: () => void) {
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.#slots = new Float64Array(memory, HEADER_BYTES);
    this.#onBusy = onBusy;
  }

  /**
   * Work begins; `end` must follow.
   * @param slot place of the pane it is for, undefined for none
   * @param from offset of the first byte that is going to be parsed; `to` that after the last
   */
  begin(slot = NO_SLOT, from = 0, to = from): void {
    if (slot !== NO_SLOT) {
      this.#slots[slot * SLOT_VALUES + 1] = from;
      this.#slots[slot * SLOT_VALUES + 2] = to;
    }
    Atomics.store(this.#header, SLOT, slot);
    Atomics.add(this.#header, BEATS, 1);
    if (Atomics.compareExchange(this.#header, ARMED, 0, 1) === 0) this.#onBusy();
  }

  end(): void {
    Atomics.add(this.#header, BEATS, 1);
  }

  /** @returns number of keys that went to the pane so far */
  keys(slot: number): number {
    return this.#slots[slot * SLOT_VALUES + KEYS]!;
  }

  /** All of the pane's output before `offset` is parsed, its questions answered. */
  parsed(slot: number, offset: number): void {
    this.#slots[slot * SLOT_VALUES] = offset;
  }
}

/** What a worker had in hand when it was last seen. */
export interface WorkInHand {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** The pool's end. */
export class PulseReader {
  readonly #header: Int32Array;
  readonly #slots: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.#slots = new Float64Array(memory, HEADER_BYTES);
  }

  /** Odd while work is going on; a new number for each piece of it. */
  get beat(): number {
    return Atomics.load(this.#header, BEATS);
  }

  /** @returns false where work began meanwhile: keep watching */
  disarm(): boolean {
    const beat = this.beat;
    Atomics.store(this.#header, ARMED, 0);
    if (this.beat === beat && beat % 2 === 0) return true;
    Atomics.store(this.#header, ARMED, 1);
    return false;
  }

  /** For a new worker: the old one may have died at work. */
  restart(): void {
    Atomics.store(this.#header, ARMED, 0);
    Atomics.store(this.#header, BEATS, 0);
  }

  parsed(slot: number): number {
    return this.#slots[slot * SLOT_VALUES]!;
  }

  /** A key goes to the pane. */
  key(slot: number): void {
    this.#slots[slot * SLOT_VALUES + KEYS]!++;
  }

  reset(slot: number): void {
    this.#slots.fill(0, slot * SLOT_VALUES, (slot + 1) * SLOT_VALUES);
  }

  /** @returns null where it was idle */
  get inHand(): WorkInHand | null {
    if (this.beat % 2 === 0) return null;
    const slot = Atomics.load(this.#header, SLOT);
    if (slot === NO_SLOT) return { slot, from: 0, to: 0 };
    return { slot, from: this.#slots[slot * SLOT_VALUES + 1]!, to: this.#slots[slot * SLOT_VALUES + 2]! };
  }
}
