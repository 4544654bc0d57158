/**
 * What a program printed since the last checkpoint, numbered by byte offset from its start, with the resizes where
 * they came. Readers follow with a cursor; bytes once written are never changed, so slices may be sent without a copy.
 */

/** A screen to begin from: what was kept at `offset`, or an empty one of the first size. */
export interface Checkpoint {
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

export type RingItem =
  | { readonly kind: 'data'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'resized'; readonly offset: number; readonly cols: number; readonly rows: number };

/** A reader's place: everything before `offset` and every resize up to number `resize` is behind it. */
export interface Cursor {
  offset: number;
  resize: number;
}

interface Resize {
  readonly number: number;
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
}

interface Block {
  readonly start: number;
  readonly bytes: Buffer;
  used: number;
}

const SMALL_BLOCK = 8 * 1024;
const LARGE_BLOCK = 64 * 1024;
/** After a gap a reader begins at the next line, if one ends so soon: better than in the midst of an escape sequence. */
const LINE_SEARCH_BYTES = 4096;

export class OutputRing {
  readonly #limit: number;
  #blocks: Block[] = [];
  #resizes: Resize[] = [];
  #lastResize = 0;
  #checkpoint: Checkpoint;
  #start = 0;
  #end = 0;

  /** @param limit bytes kept at least, unless a checkpoint makes them needless; dropped by the block beyond */
  constructor(limit: number, cols: number, rows: number) {
    this.#limit = limit;
    this.#checkpoint = { offset: 0, cols, rows, bytes: new Uint8Array(0) };
  }

  /** Offset of the oldest byte kept. */
  get start(): number {
    return this.#start;
  }

  /** Bytes printed so far. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /** Copies `bytes` to the end. */
  append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const block = this.#room();
      const count = bytes.copy(block.bytes, block.used, at);
      block.used += count;
      this.#end += count;
      at += count;
    }
    while (this.size > this.#limit && this.#blocks.length > 1) this.#dropOldestBlock();
  }

  /** Marks that the terminal has another size from here on. Of several at one place only the last counts. */
  resize(cols: number, rows: number): void {
    if (this.#resizes.at(-1)?.offset === this.#end) this.#resizes.pop();
    this.#resizes.push({ number: ++this.#lastResize, offset: this.#end, cols, rows });
  }

  /**
   * Keeps a screen and drops what led to it.
   * @returns false where the screen is older than the one kept, or of a time still to come
   */
  keep(checkpoint: Checkpoint): boolean {
    const { offset, cols, rows } = checkpoint;
    if (!(offset >= this.#checkpoint.offset && offset <= this.#end)) return false;
    this.#checkpoint = checkpoint;
    this.#resizes = this.#resizes.filter(
      (resize) =>
        resize.offset > offset || (resize.offset === offset && (resize.cols !== cols || resize.rows !== rows)),
    );
    while (this.#blocks.length > 0 && this.#blocks[0]!.start + this.#blocks[0]!.used <= offset) this.#blocks.shift();
    this.#start = Math.max(this.#start, offset);
    return true;
  }

  /** Where a newcomer begins who was given the checkpoint. */
  cursor(): Cursor {
    return { offset: this.#begin(), resize: 0 };
  }

  /** @returns what comes next for the reader, at most `limit` bytes of it, and moves it on; null where it has all */
  next(cursor: Cursor, limit: number): RingItem | null {
    if (cursor.offset < this.#start) cursor.offset = this.#begin();
    const resize = this.#resizes.find((candidate) => candidate.number > cursor.resize);
    if (resize && resize.offset <= cursor.offset) {
      cursor.resize = resize.number;
      return { kind: 'resized', offset: cursor.offset, cols: resize.cols, rows: resize.rows };
    }
    const until = Math.min(resize?.offset ?? this.#end, cursor.offset + limit);
    const bytes = this.#slice(cursor.offset, until);
    if (!bytes) return null;
    const offset = cursor.offset;
    cursor.offset += bytes.length;
    return { kind: 'data', offset, bytes };
  }

  #begin(): number {
    const first = this.#blocks[0];
    if (!first || this.#start <= this.#checkpoint.offset) return this.#start;
    const from = this.#start - first.start;
    const newline = first.bytes.subarray(from, Math.min(first.used, from + LINE_SEARCH_BYTES)).indexOf(0x0a);
    return newline < 0 ? this.#start : this.#start + newline + 1;
  }

  /** As much of from..until as lies in one block. */
  #slice(from: number, until: number): Buffer | null {
    if (from >= until) return null;
    // Readers are near the end, but for the newcomer.
    for (let index = this.#blocks.length - 1; index >= 0; index--) {
      const block = this.#blocks[index]!;
      if (block.start > from) continue;
      return block.bytes.subarray(from - block.start, Math.min(block.used, until - block.start));
    }
    return null;
  }

  #room(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.used < last.bytes.length) return last;
    const bytes = Buffer.allocUnsafeSlow(last || this.#end > 0 ? LARGE_BLOCK : SMALL_BLOCK);
    const block: Block = { start: this.#end, bytes, used: 0 };
    this.#blocks.push(block);
    return block;
  }

  #dropOldestBlock(): void {
    const dropped = this.#blocks.shift()!;
    this.#start = dropped.start + dropped.used;
    const passed = this.#resizes.filter((resize) => resize.offset < this.#start).at(-1);
    this.#resizes = this.#resizes.filter((resize) => resize.offset >= this.#start);
    // The size that holds where the ring now begins.
    if (passed) this.#resizes.unshift({ ...passed, offset: this.#start });
  }
}
