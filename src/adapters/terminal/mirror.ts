/**
 * The daemon's copy of one pane's screen: encoded rows with the number of the frame that changed them. It answers
 * "what does a client at frame F lack?" without decoding anything.
 */
import { decodeRowsHeader, eachRow, encodeRowsPayload } from '../../protocol/rows-codec.ts';
import { PANE_FLAG } from '../../protocol/rows.ts';
import type { EncodedRow, RowsHeader } from '../../protocol/rows.ts';

const EMPTY = new Uint8Array(0);
/** Frames back to which shifts are remembered; a client further behind gets the whole screen. */
const HISTORY = 256;

export class PaneMirror {
  readonly pane: number;
  #header: RowsHeader | null = null;
  #last: Uint8Array | null = null;
  /** Per row: its cells and the frame that last changed them. */
  #rows: Uint8Array[] = [];
  #changed: number[] = [];
  /** Frame of the last full repaint: nothing before it can be built on. */
  #fullFrame = 0;
  /** Lines scrolled away up to and including frame F, at F modulo HISTORY. */
  readonly #scrolled = new Float64Array(HISTORY);
  #scrolledTotal = 0;

  constructor(pane: number) {
    this.pane = pane;
  }

  /** Number of the newest frame; 0 before the first. */
  get frame(): number {
    return this.#header?.frame ?? 0;
  }

  get header(): RowsHeader | null {
    return this.#header;
  }

  /**
   * Takes the next frame from the pane's emulator.
   * @returns false where it doesn't follow the last one: ask the pool to `refresh` the pane
   * @throws RowsError when it is no rows payload
   */
  apply(payload: Uint8Array): boolean {
    const header = decodeRowsHeader(payload);
    const full = (header.flags & PANE_FLAG.full) !== 0;
    const known = this.#header;
    if (!full && (!known || header.frame !== known.frame + 1)) return false;
    if (full) this.#restart(header, known);
    else this.#shift(header);
    eachRow(payload, (y, bytes) => {
      if (y >= header.rows) return;
      this.#rows[y] = bytes;
      this.#changed[y] = header.frame;
    });
    this.#header = header;
    this.#last = payload;
    this.#scrolled[header.frame % HISTORY] = this.#scrolledTotal;
    return true;
  }

  /**
   * What brings a client from frame `since` to the newest one.
   * @param since last frame the client was given; 0 for a client that has none
   * @returns null when it has the newest; else a payload that is shared: never write to it
   */
  compose(since: number): Uint8Array | null {
    const header = this.#header;
    const last = this.#last;
    if (!header || !last || since === header.frame) return null;
    if (since === header.frame - 1 && since >= this.#fullFrame) return last;
    if (since < this.#fullFrame || since > header.frame || header.frame - since >= HISTORY) return this.#whole(header);
    const scroll = this.#scrolledTotal - this.#scrolled[since % HISTORY]!;
    if (scroll >= header.rows) return this.#whole(header);
    return encodeRowsPayload({ ...header, scroll, flags: header.flags & ~PANE_FLAG.full }, this.#rowsSince(since));
  }

  #restart(header: RowsHeader, known: RowsHeader | null): void {
    this.#rows = Array.from({ length: header.rows }, () => EMPTY);
    this.#changed = Array.from({ length: header.rows }, () => header.frame);
    this.#fullFrame = header.frame;
    if (known && header.frame <= known.frame) this.#scrolledTotal = 0;
  }

  #shift(header: RowsHeader): void {
    const by = Math.min(header.scroll, header.rows);
    if (by === 0) return;
    this.#scrolledTotal += by;
    this.#rows.splice(0, by);
    this.#changed.splice(0, by);
    for (let n = 0; n < by; n++) {
      this.#rows.push(EMPTY);
      this.#changed.push(header.frame);
    }
  }

  #rowsSince(since: number): EncodedRow[] {
    const rows: EncodedRow[] = [];
    for (let y = 0; y < this.#rows.length; y++) {
      if (this.#changed[y]! > since) rows.push({ y, bytes: this.#rows[y]! });
    }
    return rows;
  }

  #whole(header: RowsHeader): Uint8Array {
    const rows: EncodedRow[] = [];
    for (let y = 0; y < this.#rows.length; y++) {
      const bytes = this.#rows[y]!;
      if (bytes.length > 0) rows.push({ y, bytes });
    }
    return encodeRowsPayload({ ...header, scroll: 0, flags: header.flags | PANE_FLAG.full }, rows);
  }
}
