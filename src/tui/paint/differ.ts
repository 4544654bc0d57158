/** Finds the cells in which back and front differ and writes the fewest bytes that make the terminal show them. */
import { BG_OVERLINE, BLANK_CONTENT, CODEPOINT_MASK, COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import type { ByteSink } from './byte-sink.ts';
import { digits, utf8Length } from './byte-sink.ts';
import { canonicalize, harmless, isDisputed, STALE } from './canonical.ts';
import type { CellBuffer } from './cell-buffer.ts';
import { FG_VISIBLE_ON_BLANK } from './pen.ts';
import type { Pen } from './pen.ts';
import type { TermCursor } from './term-cursor.ts';

const STEP = WORDS_PER_CELL;
/** Unchanged cells are written again where that is no longer than the move over them. */
const GAP = 4;
/** ECH leaves the cursor, so what follows needs a move: shorter runs are spaces. */
const ERASE_CHARS = 9;
const ERASE_LINE = 4;

export interface DifferFeatures {
  /** Erasing fills with the current background (most terminals; not GNU screen). */
  readonly bce: boolean;
  /** REP, `CSI n b`, repeats the last glyph. */
  readonly repeat: boolean;
}

/** Paints the dirty spans of a buffer; cursor and pen live longer than one frame. */
export class Differ {
  features: DifferFeatures;
  #buffer: CellBuffer;
  #clusters: ClusterTable;
  #pen: Pen;
  #cursor: TermCursor;
  #texts = new Map<number, string>();

  constructor(buffer: CellBuffer, clusters: ClusterTable, pen: Pen, cursor: TermCursor, features: DifferFeatures) {
    this.#buffer = buffer;
    this.#clusters = clusters;
    this.#pen = pen;
    this.#cursor = cursor;
    this.features = features;
  }

  paint(sink: ByteSink): void {
    const { rows, from, to } = this.#buffer;
    for (let y = 0; y < rows; y++) {
      if (from[y]! >= to[y]!) continue;
      sink.reserve((to[y]! - from[y]!) * 96 + 256);
      this.#paintRow(sink, y, from[y]!, to[y]!);
      this.#buffer.unmark(y);
    }
  }

  #paintRow(sink: ByteSink, y: number, start: number, stop: number): void {
    const { back, front, cols } = this.#buffer;
    const first = y * cols * STEP;
    const rowEnd = first + cols * STEP;
    let end = first + stop * STEP;
    let at = first + start * STEP;
    while (at < end) {
      if (same(back, front, at)) {
        at += STEP;
        continue;
      }
      canonicalize(back, at, first, rowEnd);
      const content = back[at]!;
      if (same(back, front, at)) {
        at += STEP;
        continue;
      }
      // Half of a wide glyph alone differs: go back and paint the glyph, or what took its left half's place.
      if (at > first && (content >>> WIDTH_SHIFT === 0 || isRightHalf(front, at))) {
        at -= STEP;
        front[at] = STALE;
        continue;
      }
      const next = this.#paintFrom(sink, y, at, first, rowEnd, end);
      // What a wide glyph covered before must be painted even where the row's marked part ends here.
      if (next >= end && next < rowEnd && front[next] === STALE) end = next + STEP;
      at = next;
    }
  }

  /** Paints a run of blanks, or one glyph and its repetitions. @returns the word after what was painted */
  #paintFrom(sink: ByteSink, y: number, at: number, first: number, rowEnd: number, end: number): number {
    const { back } = this.#buffer;
    this.#closeGap(sink, y, at, first);
    this.#cursor.moveTo(sink, (at - first) / STEP, y);
    const blank = back[at] === BLANK_CONTENT && (back[at + 1]! & FG_VISIBLE_ON_BLANK) === 0;
    // Erasing leaves out the overline.
    if (blank && (back[at + 2] === 0 || (this.features.bce && (back[at + 2]! & BG_OVERLINE) === 0))) {
      const next = this.#eraseRun(sink, at, first, rowEnd);
      if (next > at) return next;
    }
    if (!blank || !this.#pen.fitsBlank(back[at + 2]!)) this.#pen.set(sink, back[at + 1]!, back[at + 2]!);
    return this.#glyph(sink, at, first, rowEnd, end);
  }

  /** Steps over a few unchanged cells by writing them again, where the pen is right for them. */
  #closeGap(sink: ByteSink, y: number, at: number, first: number): void {
    const cursor = this.#cursor;
    const x = (at - first) / STEP;
    const gap = x - cursor.x;
    if (y !== cursor.y || cursor.x < 0 || gap <= 0 || gap > GAP) return;
    const { front } = this.#buffer;
    for (let i = at - gap * STEP; i < at; i += STEP) if (!this.#cheap(front, i)) return;
    for (let i = at - gap * STEP; i < at; i += STEP) sink.byte(front[i]! & CODEPOINT_MASK);
    cursor.x = x;
  }

  #cheap(cells: Uint32Array, at: number): boolean {
    const content = cells[at]!;
    if (content >>> WIDTH_SHIFT !== 1 || (content & (CODEPOINT_MASK | COMBINED)) > 126) return false;
    if (this.#pen.fits(cells[at + 1]!, cells[at + 2]!)) return true;
    return content === BLANK_CONTENT && cells[at + 1] === 0 && this.#pen.fitsBlank(cells[at + 2]!);
  }

  /** Erases blanks of one background from `at` on, where that is shorter than spaces. @returns `at` where it isn't */
  #eraseRun(sink: ByteSink, at: number, first: number, rowEnd: number): number {
    const { back, front } = this.#buffer;
    const bg = back[at + 2]!;
    let last = at;
    let i = at;
    for (; i < rowEnd; i += STEP) {
      if (!same(back, front, i)) canonicalize(back, i, first, rowEnd);
      if (back[i] !== BLANK_CONTENT || back[i + 1] !== 0 || back[i + 2] !== bg) break;
      if (!same(back, front, i)) last = i + STEP;
    }
    const toRowEnd = i === rowEnd;
    const changed = (last - at) / STEP;
    if (changed < (toRowEnd ? ERASE_LINE : ERASE_CHARS)) return at;
    if (!this.#pen.fitsBlank(bg)) this.#pen.set(sink, 0, bg);
    if (toRowEnd) sink.ascii('\x1b[K');
    else sink.csi(changed, 88);
    const end = toRowEnd ? rowEnd : last;
    this.#distrustCut(end, first, rowEnd);
    front.set(back.subarray(at, end), at);
    return end;
  }

  #glyph(sink: ByteSink, at: number, first: number, rowEnd: number, end: number): number {
    const { back, front, cols } = this.#buffer;
    const cursor = this.#cursor;
    const content = back[at]!;
    const width = content >>> WIDTH_SHIFT;
    const disputed = isDisputed(content);
    const old = front[at]!;
    const next = at + width * STEP;
    // A terminal that takes it for narrow would leave what stood in its right half.
    if (width === 2 && disputed && front[at + STEP] !== 0 && front[at + STEP] !== BLANK_CONTENT) sink.csi(2, 88);
    this.#put(sink, content);
    this.#distrustCut(next, first, rowEnd);
    front[at] = content;
    front[at + 1] = back[at + 1]!;
    front[at + 2] = back[at + 2]!;
    if (width === 2) {
      back[at + STEP] = back[at + STEP + 1] = back[at + STEP + 2] = 0;
      front[at + STEP] = front[at + STEP + 1] = front[at + STEP + 2] = 0;
    }
    cursor.x += width;
    if (disputed || cursor.x >= cols) cursor.x = -1;
    // A terminal that took the old cluster for wider than we did has blanked its neighbour just now.
    if (old !== STALE && (old & COMBINED) !== 0 && next < rowEnd) front[next] = STALE;
    if (disputed || width !== 1 || !this.features.repeat) return next;
    return this.#repeat(sink, at, next, first, rowEnd, end);
  }

  /** Writes equal glyphs that follow as one REP, where that is shorter. */
  #repeat(sink: ByteSink, at: number, next: number, first: number, rowEnd: number, end: number): number {
    const { back, front, cols } = this.#buffer;
    if (next >= end || back[next] !== back[at]) return next;
    let last = next;
    for (let i = next; i < end; i += STEP) {
      if (!same(back, front, i)) canonicalize(back, i, first, rowEnd);
      if (!same2(back, i, at)) break;
      if (!same(back, front, i)) last = i + STEP;
    }
    const count = (last - next) / STEP;
    if (count === 0 || count * utf8Length(back[at]! & CODEPOINT_MASK) <= 3 + digits(count)) return next;
    sink.csi(count, 98);
    this.#distrustCut(last, first, rowEnd);
    front.set(back.subarray(next, last), next);
    this.#cursor.x += count;
    if (this.#cursor.x >= cols) this.#cursor.x = -1;
    return last;
  }

  /** A wide glyph that stood across the end of what is being painted lost its left half: its right half is gone too. */
  #distrustCut(at: number, first: number, rowEnd: number): void {
    const { front } = this.#buffer;
    if (at < rowEnd && at > first && front[at]! >>> WIDTH_SHIFT === 0) front[at] = STALE;
  }

  #put(sink: ByteSink, content: number): void {
    if ((content & COMBINED) === 0) {
      sink.codePoint(content & CODEPOINT_MASK);
      return;
    }
    const index = content & CODEPOINT_MASK;
    let text = this.#texts.get(index);
    if (text === undefined) this.#texts.set(index, (text = harmless(this.#clusters.at(index))));
    sink.text(text);
  }
}

/** The terminal shows a wide glyph in the cell before and this one, whatever `cells` says of this one. */
function isRightHalf(cells: Uint32Array, at: number): boolean {
  return cells[at - STEP]! >>> WIDTH_SHIFT === 2;
}

function same(a: Uint32Array, b: Uint32Array, at: number): boolean {
  return a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2];
}

function same2(cells: Uint32Array, a: number, b: number): boolean {
  return cells[a] === cells[b] && cells[a + 1] === cells[b + 1] && cells[a + 2] === cells[b + 2];
}
