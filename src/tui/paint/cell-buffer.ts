/** The screen twice: `back` as it should be, `front` as the terminal shows it, and where they may differ. */
import { BLANK_CONTENT, WORDS_PER_CELL } from '../../core/cells.ts';
import { STALE } from './canonical.ts';

/** A rectangle whose content moved up by `lines`; the differ decides whether the terminal should move it too. */
export interface ScrollHint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: number;
}

export class CellBuffer {
  cols = 0;
  rows = 0;
  back = new Uint32Array(0);
  front = new Uint32Array(0);
  /** Columns of each row that may differ: from..to (exclusive); nothing where from >= to. */
  from = new Int32Array(0);
  to = new Int32Array(0);
  hints: ScrollHint[] = [];
  /** Nothing is known of what the terminal shows: clear it, then paint all. */
  unknown = true;

  constructor(cols: number, rows: number) {
    this.resize(cols, rows);
  }

  resize(cols: number, rows: number): void {
    this.cols = cols;
    this.rows = rows;
    this.back = new Uint32Array(cols * rows * WORDS_PER_CELL);
    this.front = new Uint32Array(cols * rows * WORDS_PER_CELL);
    fillBlank(this.back, 0, cols * rows);
    this.from = new Int32Array(rows);
    this.to = new Int32Array(rows);
    this.forget();
  }

  /** The terminal may show anything: everything is painted anew. */
  forget(): void {
    this.unknown = true;
    this.hints.length = 0;
    this.markAll();
  }

  markAll(): void {
    this.from.fill(0);
    this.to.fill(this.cols);
  }

  /** Columns x..end (exclusive) of row y were written to. */
  mark(y: number, x: number, end: number): void {
    if (this.from[y]! >= this.to[y]!) {
      this.from[y] = x;
      this.to[y] = end;
      return;
    }
    if (x < this.from[y]!) this.from[y] = x;
    if (end > this.to[y]!) this.to[y] = end;
  }

  unmark(y: number): void {
    this.from[y] = this.cols;
    this.to[y] = 0;
  }

  /** Word of the cell in `back` and `front`. */
  at(x: number, y: number): number {
    return (y * this.cols + x) * WORDS_PER_CELL;
  }

  /** `front` after the terminal was cleared. */
  clearFront(): void {
    fillBlank(this.front, 0, this.cols * this.rows);
  }

  /** Cell `at` of the terminal may show anything. */
  distrust(at: number): void {
    this.front[at] = STALE;
  }
}

/** Makes `count` cells from word `at` on plain spaces. */
export function fillBlank(cells: Uint32Array, at: number, count: number): void {
  for (let i = at, end = at + count * WORDS_PER_CELL; i < end; i += WORDS_PER_CELL) {
    cells[i] = BLANK_CONTENT;
    cells[i + 1] = 0;
    cells[i + 2] = 0;
  }
}
