/**
 * Turns a screen into frames: what changed since the last one, as a rows payload. Rows are compared as words, only
 * where the parser was; a scroll is recognised by the emulator's line objects, which move without being copied.
 */
import { COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import { writeRowsHeader } from '../../protocol/rows-codec.ts';
import { MAX_ROW_BYTES, encodeRowInto } from '../../protocol/rows-encode.ts';
import { PANE_FLAG, ROWS_HEADER_BYTES } from '../../protocol/rows.ts';
import type { Emulator, EmulatorLine, ScreenState } from './emulator.ts';

const ROW_HEAD_BYTES = 4;
const NULL_CONTENT = 1 << WIDTH_SHIFT;

export class RowTracker {
  readonly #pane: number;
  readonly #emulator: Emulator;
  readonly #writer = writer;
  #frame: number;
  #full = true;
  #cols = 0;
  #rows = 0;
  /** The rows of the last frame, as words. */
  #words = new Uint32Array(0);
  /** The line objects they came from. */
  #lines: (EmulatorLine | undefined)[] = [];
  /** Encoded bytes of rows with clusters: their text isn't in the words. */
  #clustered: (Uint8Array | undefined)[] = [];
  #state: ScreenState | null = null;

  /** @param frame number of the last frame that was published of this pane; 0 for none */
  constructor(pane: number, emulator: Emulator, frame: number) {
    this.#pane = pane;
    this.#emulator = emulator;
    this.#frame = frame;
  }

  get frame(): number {
    return this.#frame;
  }

  /** The next frame names every row. */
  requestFull(): void {
    this.#full = true;
  }

  /** @returns a payload with a buffer of its own, or null where the screen is as it was */
  next(): Uint8Array | null {
    const emulator = this.#emulator;
    const state = emulator.state();
    const dirty = emulator.takeDirty();
    if (this.#mustRepaint(state)) return this.#repaint(state);
    const scroll = this.#scrolledBy();
    if (scroll > 0) this.#shift(scroll);
    this.#writer.begin();
    // Rows outside a scroll region stood still while all of the last frame moved.
    const first = scroll > 0 ? 0 : (dirty?.first ?? this.#rows);
    const last = scroll > 0 ? this.#rows - 1 : (dirty?.last ?? -1);
    for (let y = first; y <= last; y++) this.#compare(y);
    if (this.#writer.count === 0 && scroll === 0 && sameState(state, this.#state)) return null;
    return this.#finish(state, scroll, 0);
  }

  #mustRepaint(state: ScreenState): boolean {
    const last = this.#state;
    const { cols, rows } = this.#emulator;
    const alternate = PANE_FLAG.alternateScreen;
    return (
      this.#full ||
      last === null ||
      cols !== this.#cols ||
      rows !== this.#rows ||
      (state.flags & alternate) !== (last.flags & alternate)
    );
  }

  #repaint(state: ScreenState): Uint8Array {
    const { cols, rows } = this.#emulator;
    this.#full = false;
    this.#cols = cols;
    this.#rows = rows;
    this.#words = new Uint32Array(cols * rows * WORDS_PER_CELL);
    this.#lines = Array.from({ length: rows });
    this.#clustered = Array.from({ length: rows });
    this.#blank(0, rows);
    this.#writer.begin();
    for (let y = 0; y < rows; y++) this.#compare(y);
    return this.#finish(state, 0, PANE_FLAG.full);
  }

  #finish(state: ScreenState, scroll: number, extraFlags: number): Uint8Array {
    this.#frame++;
    this.#state = state;
    return this.#writer.end({
      ...state,
      pane: this.#pane,
      frame: this.#frame,
      cols: this.#cols,
      rows: this.#rows,
      scroll,
      flags: state.flags | extraFlags,
    });
  }

  /** How far most rows moved up: the row that is now at the top was that many rows down. */
  #scrolledBy(): number {
    const rows = this.#rows;
    const by = this.#lines.indexOf(this.#emulator.row(0));
    if (by <= 0) return 0;
    let moved = 0;
    for (let y = 0; y + by < rows; y++) if (this.#emulator.row(y) === this.#lines[y + by]) moved++;
    return moved * 2 > rows - by ? by : 0;
  }

  #shift(by: number): void {
    const rowWords = this.#cols * WORDS_PER_CELL;
    this.#words.copyWithin(0, by * rowWords);
    this.#lines.copyWithin(0, by);
    this.#clustered.copyWithin(0, by);
    this.#lines.fill(undefined, this.#rows - by);
    this.#clustered.fill(undefined, this.#rows - by);
    this.#blank(this.#rows - by, this.#rows);
  }

  /** What a client has in a row that it was told nothing about. */
  #blank(from: number, to: number): void {
    const words = this.#words;
    const end = to * this.#cols * WORDS_PER_CELL;
    for (let i = from * this.#cols * WORDS_PER_CELL; i < end; i += WORDS_PER_CELL) {
      words[i] = NULL_CONTENT;
      words[i + 1] = 0;
      words[i + 2] = 0;
    }
  }

  #compare(y: number): void {
    const line = this.#emulator.row(y);
    this.#lines[y] = line;
    const now = line._data;
    const known = this.#words;
    const rowWords = this.#cols * WORDS_PER_CELL;
    const at = y * rowWords;
    let i = 0;
    while (i < rowWords && now[i] === known[at + i]) i++;
    if (i === rowWords) {
      if (this.#clustered[y] !== undefined) this.#compareClusters(y, line);
      return;
    }
    known.set(rowWords === now.length ? now : now.subarray(0, rowWords), at);
    const bytes = this.#writer.row(y, line, this.#cols);
    this.#clustered[y] = hasClusters(now, rowWords) ? bytes.slice() : undefined;
  }

  /** Words that are equal may stand for other clusters than before. */
  #compareClusters(y: number, line: EmulatorLine): void {
    const bytes = this.#writer.row(y, line, this.#cols);
    if (equalBytes(bytes, this.#clustered[y]!)) this.#writer.takeBack();
    else this.#clustered[y] = bytes.slice();
  }
}

function hasClusters(words: Uint32Array, length: number): boolean {
  for (let i = 0; i < length; i += WORDS_PER_CELL) if (words[i]! & COMBINED) return true;
  return false;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function sameState(a: ScreenState, b: ScreenState | null): boolean {
  return (
    b !== null &&
    a.cursorX === b.cursorX &&
    a.cursorY === b.cursorY &&
    a.flags === b.flags &&
    a.base === b.base &&
    a.oldest === b.oldest &&
    a.cursorStyle === b.cursorStyle &&
    a.kittyFlags === b.kittyFlags
  );
}

/** Builds payloads in one buffer that is kept; what it hands out is a copy of the right size. */
export class PayloadWriter {
  #bytes = new Uint8Array(ROWS_HEADER_BYTES + 4 * MAX_ROW_BYTES);
  #length = ROWS_HEADER_BYTES;
  #rowAt = ROWS_HEADER_BYTES;
  #count = 0;
  #line: EmulatorLine | null = null;
  readonly #clusterText = (x: number): string => this.#line?._combined[x] ?? '';

  get count(): number {
    return this.#count;
  }

  get length(): number {
    return this.#length;
  }

  begin(): void {
    this.#length = ROWS_HEADER_BYTES;
    this.#count = 0;
  }

  /** @returns the row's cells: a view that is valid until the next call */
  row(y: number, line: EmulatorLine, cols: number): Uint8Array {
    const start = this.#length + ROW_HEAD_BYTES;
    if (start + MAX_ROW_BYTES > this.#bytes.length) this.#grow();
    this.#line = line;
    const end = encodeRowInto(
      this.#bytes,
      start,
      line._data,
      0,
      Math.min(cols, line._data.length / 3),
      this.#clusterText,
    );
    const bytes = this.#bytes;
    const length = end - start;
    this.#rowAt = this.#length;
    bytes[start - 4] = y & 0xff;
    bytes[start - 3] = y >>> 8;
    bytes[start - 2] = length & 0xff;
    bytes[start - 1] = length >>> 8;
    this.#length = end;
    this.#count++;
    return bytes.subarray(start, end);
  }

  /** Forgets the last row. */
  takeBack(): void {
    this.#length = this.#rowAt;
    this.#count--;
  }

  end(header: Parameters<typeof writeRowsHeader>[1]): Uint8Array {
    writeRowsHeader(this.#bytes, header, this.#count);
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Frames are made one at a time: all panes share the buffer. */
const writer = new PayloadWriter();
