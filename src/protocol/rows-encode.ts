/**
 * Rows of cells to bytes, in the format of rows.ts. This is the hottest code of the product: a full frame of 200×60 is
 * 12,000 cells, thirty times a second and pane. Nothing is allocated per cell.
 */
import {
  BG_HAS_EXTENDED,
  BG_PROTECTED,
  CODEPOINT_MASK,
  COMBINED,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
  normalizeColor,
} from '../core/cells.ts';
import { put16, put32 } from './rows-bytes.ts';
import { cleanCluster, isStripped } from './rows-clusters.ts';
import { MAX_COLS, RUN, RowsError } from './rows.ts';

/** No row is longer: kind, colours and count, width, length and 48 bytes of text for each of MAX_COLS cells. */
export const MAX_ROW_BYTES = MAX_COLS * 61;

/** Equal cells in a line from which one REPEAT run is shorter than going on. */
const REPEAT_FROM = 8;
/** Content words of narrow, single code point cells have just this above the code point. */
const NARROW = 1 << (WIDTH_SHIFT - 21);
const DOUBLE_WIDTH = 2;
const BG_DROPPED = ~(BG_HAS_EXTENDED | BG_PROTECTED);

const scratch = new Uint8Array(MAX_ROW_BYTES);

/**
 * One row as bytes.
 * @param cells words in xterm's layout
 * @param offset index of the row's first word
 * @param cols cells in the row, at most MAX_COLS
 * @param clusterText text of the combined cell at a column; asked only for cells marked COMBINED
 * @throws RowsError when the row is wider than MAX_COLS
 */
export function encodeRow(
  cells: Uint32Array,
  offset: number,
  cols: number,
  clusterText: (x: number) => string,
): Uint8Array {
  return scratch.slice(0, encodeRowInto(scratch, 0, cells, offset, cols, clusterText));
}

/**
 * As encodeRow, into `out` from `at` on, which must have room for MAX_ROW_BYTES.
 * @returns the index after the last byte written
 */
export function encodeRowInto(
  out: Uint8Array,
  at: number,
  cells: Uint32Array,
  offset: number,
  cols: number,
  clusterText: (x: number) => string,
): number {
  if (cols > MAX_COLS) throw new RowsError(`row of ${cols} cells exceeds ${MAX_COLS}`);
  const end = visibleEnd(cells, offset, cols);
  let sentFg = 0;
  let sentBg = 0;
  let p = at;
  let x = 0;
  while (x < end) {
    const i = offset + x * WORDS_PER_CELL;
    const rawFg = cells[i + 1]!;
    const rawBg = cells[i + 2]!;
    const fg = normalizeColor(rawFg);
    const bg = normalizeColor(rawBg & BG_DROPPED);
    const head = p;
    p++;
    let kind = 0;
    if (fg !== sentFg) {
      kind |= RUN.fg;
      p = put32(out, p, fg);
      sentFg = fg;
    }
    if (bg !== sentBg) {
      kind |= RUN.bg;
      p = put32(out, p, bg);
      sentBg = bg;
    }
    const countAt = p;
    p += 2;
    const run = runKind(cells, i, x, end);
    let count = 0;
    let width = 1;
    const same = run !== RUN.text && cells[i]! >>> 21 === NARROW ? countSame(cells, i, end - x) : 0;
    if (same >= REPEAT_FROM) {
      p = put16(out, p, codeOf(cells[i]!));
      kind |= RUN.repeat;
      count = same;
    } else if (run === RUN.ascii) {
      const first = p;
      p = putAscii(out, p, cells, i, end - x, rawFg, rawBg);
      count = p - first;
      kind |= RUN.ascii;
    } else if (run === RUN.text) {
      width = cells[i]! >>> WIDTH_SHIFT;
      p = putText(out, p, cells[i]!, x, clusterText);
      count = 1;
      kind |= RUN.text;
    } else {
      width = run & RUN.double ? DOUBLE_WIDTH : 1;
      const first = p;
      p = putWide(out, p, cells, i, x, end, run, rawFg, rawBg);
      count = (p - first) >> 1;
      kind |= run;
    }
    out[head] = kind;
    out[countAt] = count & 0xff;
    out[countAt + 1] = count >>> 8;
    x += count * width;
  }
  return p;
}

/** Cells up to the last one that doesn't look like nothing at all. */
function visibleEnd(cells: Uint32Array, offset: number, cols: number): number {
  let end = cols;
  while (end > 0) {
    const i = offset + (end - 1) * WORDS_PER_CELL;
    const content = cells[i]!;
    if (content >>> 21 !== NARROW) break;
    const code = content & CODEPOINT_MASK;
    if ((code !== 0 && code !== 32) || normalizeColor(cells[i + 1]!) !== 0) break;
    if (normalizeColor(cells[i + 2]! & BG_DROPPED) !== 0) break;
    end--;
  }
  return end;
}

/** Which kind of run the cell at word `i` belongs to. What can't be shown (a stray half, a control) is an ASCII blank. */
function runKind(cells: Uint32Array, i: number, x: number, end: number): number {
  const content = cells[i]!;
  const width = content >>> WIDTH_SHIFT;
  if (width === 0 || width > DOUBLE_WIDTH) return RUN.ascii;
  if (width === DOUBLE_WIDTH && (x + 1 >= end || cells[i + WORDS_PER_CELL]! >>> WIDTH_SHIFT !== 0)) return RUN.ascii;
  if (content & COMBINED) return RUN.text;
  const code = content & CODEPOINT_MASK;
  if (code > 0xffff) return code > 0x10ffff ? RUN.ascii : RUN.text;
  if (width === DOUBLE_WIDTH) return isPlainBmp(code) ? RUN.wide16 | RUN.double : RUN.text;
  return isPlainBmp(code) ? RUN.wide16 : RUN.ascii;
}

/** Beyond ASCII, and a code point of its own that may be shown. */
function isPlainBmp(code: number): boolean {
  return code >= 0xa0 && code <= 0xffff && (code < 0xd800 || code > 0xdfff) && !isStripped(code);
}

/** The code unit to send for a narrow cell; anything unfit is a space. */
function codeOf(content: number): number {
  const code = content & CODEPOINT_MASK;
  if (content >>> 21 !== NARROW) return 32;
  return (code >= 32 && code < 127) || isPlainBmp(code) ? code : 32;
}

function countSame(cells: Uint32Array, i: number, most: number): number {
  const content = cells[i]!;
  const fg = cells[i + 1]!;
  const bg = cells[i + 2]!;
  let n = 1;
  for (let j = i + WORDS_PER_CELL; n < most; n++, j += WORDS_PER_CELL) {
    if (cells[j] !== content || cells[j + 1] !== fg || cells[j + 2] !== bg) break;
  }
  return n;
}

/** Cells of one look that are ASCII, until REPEAT_FROM equal ones begin. The first is taken whatever it is. */
function putAscii(
  out: Uint8Array,
  at: number,
  cells: Uint32Array,
  start: number,
  most: number,
  fg: number,
  bg: number,
): number {
  let p = at;
  out[p++] = codeOf(cells[start]!);
  let last = cells[start]!;
  let same = 1;
  const stop = start + most * WORDS_PER_CELL;
  for (let i = start + WORDS_PER_CELL; i < stop; i += WORDS_PER_CELL) {
    const content = cells[i]!;
    if (content >>> 21 !== NARROW || cells[i + 1] !== fg || cells[i + 2] !== bg) break;
    const code = content & CODEPOINT_MASK || 32;
    if (code < 32 || code > 126) break;
    if (content !== last) {
      last = content;
      same = 1;
    } else if (++same === REPEAT_FROM) return p - (REPEAT_FROM - 1);
    out[p++] = code;
  }
  return p;
}

/** As putAscii, for glyphs of the BMP that are all narrow or all wide. */
function putWide(
  out: Uint8Array,
  at: number,
  cells: Uint32Array,
  start: number,
  x: number,
  end: number,
  run: number,
  fg: number,
  bg: number,
): number {
  const step = run & RUN.double ? DOUBLE_WIDTH : 1;
  let p = put16(out, at, cells[start]! & CODEPOINT_MASK);
  let last = cells[start]!;
  let same = 1;
  let i = start + step * WORDS_PER_CELL;
  for (let column = x + step; column < end; column += step, i += step * WORDS_PER_CELL) {
    const content = cells[i]!;
    if (cells[i + 1] !== fg || cells[i + 2] !== bg || runKind(cells, i, column, end) !== run) break;
    if (content !== last) {
      last = content;
      same = 1;
    } else if (++same === REPEAT_FROM && step === 1) return p - (REPEAT_FROM - 1) * 2;
    p = put16(out, p, content & CODEPOINT_MASK);
  }
  return p;
}

function putText(out: Uint8Array, at: number, content: number, x: number, clusterText: (x: number) => string): number {
  const text = content & COMBINED ? clusterText(x) : String.fromCodePoint(content & CODEPOINT_MASK);
  const bytes = cleanCluster(text);
  out[at] = content >>> WIDTH_SHIFT;
  out[at + 1] = bytes.length;
  out.set(bytes, at + 2);
  return at + 2 + bytes.length;
}
