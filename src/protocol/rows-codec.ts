/**
 * Rows of cells to bytes and back, in the format of rows.ts. This is the hottest code of the product: a full frame of
 * 200×60 is 12,000 cells, thirty times a second and pane. Nothing is allocated per cell.
 */
import {
  BG_HAS_EXTENDED,
  BG_PROTECTED,
  BLANK_CONTENT,
  CODEPOINT_MASK,
  COMBINED,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
  normalizeColor,
} from '../core/cells.ts';
import type { ClusterTable } from '../core/clusters.ts';
import { MAX_COLS, ROWS_HEADER_BYTES, RUN } from './rows.ts';
import type { EncodedRow, RowsHeader } from './rows.ts';
import { cleanCluster, isStripped } from './rows-clusters.ts';

/** A payload that can't be what an encoder made. Nothing of it should be shown. */
export class RowsError extends Error {
  override readonly name = 'RowsError';
}

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

function put16(out: Uint8Array, at: number, value: number): number {
  out[at] = value & 0xff;
  out[at + 1] = value >>> 8;
  return at + 2;
}

function put32(out: Uint8Array, at: number, value: number): number {
  out[at] = value & 0xff;
  out[at + 1] = (value >>> 8) & 0xff;
  out[at + 2] = (value >>> 16) & 0xff;
  out[at + 3] = value >>> 24;
  return at + 4;
}

const decoder = new TextDecoder('utf-8', { fatal: false });

/**
 * Cells of one encoded row into `target`, all `cols` of them.
 * @param offset index of the row's first word in `target`
 * @throws RowsError when the bytes don't decode to at most `cols` cells; `target` then holds part of the row
 */
export function decodeRow(
  bytes: Uint8Array,
  target: Uint32Array,
  offset: number,
  cols: number,
  clusters: ClusterTable,
): void {
  const last = offset + cols * WORDS_PER_CELL;
  if (offset < 0 || last > target.length) throw new RowsError('row lies outside its target');
  let fg = 0;
  let bg = 0;
  let p = 0;
  let i = offset;
  while (p < bytes.length) {
    const kind = bytes[p]!;
    const colours = (kind & RUN.fg ? 4 : 0) + (kind & RUN.bg ? 4 : 0);
    need(bytes, p, 3 + colours);
    p++;
    if (kind & RUN.fg) {
      fg = get32(bytes, p);
      p += 4;
    }
    if (kind & RUN.bg) {
      bg = get32(bytes, p);
      p += 4;
    }
    const count = bytes[p]! | (bytes[p + 1]! << 8);
    p += 2;
    const width = kind & RUN.double ? DOUBLE_WIDTH : 1;
    if (i + count * width * WORDS_PER_CELL > last) throw new RowsError('row holds more cells than columns');
    switch (kind & RUN.kindMask) {
      case RUN.ascii:
        need(bytes, p, count);
        for (let n = 0; n < count; n++, i += WORDS_PER_CELL) put(target, i, shown(bytes[p++]!), 1, fg, bg);
        break;
      case RUN.repeat: {
        need(bytes, p, 2);
        const code = shown(bytes[p]! | (bytes[p + 1]! << 8));
        p += 2;
        for (let n = 0; n < count; n++, i += WORDS_PER_CELL) put(target, i, code, 1, fg, bg);
        break;
      }
      case RUN.wide16:
        need(bytes, p, count * 2);
        for (let n = 0; n < count; n++, p += 2) {
          put(target, i, shown(bytes[p]! | (bytes[p + 1]! << 8)), width, fg, bg);
          i += WORDS_PER_CELL;
          if (width === DOUBLE_WIDTH) i = putRightHalf(target, i, fg, bg);
        }
        break;
      default:
        for (let n = 0; n < count; n++) {
          need(bytes, p, 2);
          const glyphWidth = bytes[p]!;
          const length = bytes[p + 1]!;
          p += 2;
          need(bytes, p, length);
          if (glyphWidth < 1 || glyphWidth > DOUBLE_WIDTH || i + glyphWidth * WORDS_PER_CELL > last) {
            throw new RowsError('glyph does not fit its row');
          }
          put(target, i, glyphOf(bytes, p, length, clusters), glyphWidth, fg, bg);
          p += length;
          i += WORDS_PER_CELL;
          if (glyphWidth === DOUBLE_WIDTH) i = putRightHalf(target, i, fg, bg);
        }
    }
  }
  for (; i < last; i += WORDS_PER_CELL) {
    target[i] = BLANK_CONTENT;
    target[i + 1] = 0;
    target[i + 2] = 0;
  }
}

function put(target: Uint32Array, i: number, code: number, width: number, fg: number, bg: number): void {
  target[i] = code | (width << WIDTH_SHIFT);
  target[i + 1] = fg;
  target[i + 2] = bg;
}

function putRightHalf(target: Uint32Array, i: number, fg: number, bg: number): number {
  target[i] = 0;
  target[i + 1] = fg;
  target[i + 2] = bg;
  return i + WORDS_PER_CELL;
}

/** Controls never reach a cell, whoever encoded the row: a painter writes code points as they are. */
function shown(code: number): number {
  return code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code <= 0xdfff) ? 32 : code;
}

/** Low bits of a content word: a code point, or COMBINED and the cluster's index. */
function glyphOf(bytes: Uint8Array, at: number, length: number, clusters: ClusterTable): number {
  const text = decoder.decode(bytes.subarray(at, at + length));
  const code = text.codePointAt(0);
  if (code === undefined) return 32;
  if (text.length === (code > 0xffff ? 2 : 1)) return shown(code);
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    if (unit < 32 || (unit >= 127 && unit < 160)) return 32;
  }
  return COMBINED | clusters.intern(text);
}

function get32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function need(bytes: Uint8Array, at: number, length: number): void {
  if (at + length > bytes.length) throw new RowsError('row ends in the middle of a run');
}

/** A header and its rows as one payload with a buffer of its own, fit to be transferred. */
export function encodeRowsPayload(header: RowsHeader, rows: readonly EncodedRow[]): Uint8Array {
  let size = ROWS_HEADER_BYTES;
  for (const row of rows) size += 4 + row.bytes.length;
  const out = new Uint8Array(size);
  writeRowsHeader(out, header, rows.length);
  let p = ROWS_HEADER_BYTES;
  for (const row of rows) {
    p = put16(out, p, row.y);
    p = put16(out, p, row.bytes.length);
    out.set(row.bytes, p);
    p += row.bytes.length;
  }
  return out;
}

/** The header alone, into the first ROWS_HEADER_BYTES of `out`. */
export function writeRowsHeader(out: Uint8Array, header: RowsHeader, rowCount: number): void {
  let p = put32(out, 0, header.pane);
  p = put32(out, p, header.frame);
  p = put32(out, p, header.base);
  p = put32(out, p, header.oldest);
  p = put16(out, p, header.cols);
  p = put16(out, p, header.rows);
  p = put16(out, p, header.cursorX);
  p = put16(out, p, header.cursorY);
  p = put16(out, p, header.scroll);
  p = put16(out, p, header.flags);
  out[p++] = header.cursorStyle;
  out[p++] = header.kittyFlags;
  p = put16(out, p, rowCount);
  put32(out, p, 0);
}

/** @throws RowsError when the payload is shorter than a header */
export function decodeRowsHeader(payload: Uint8Array): RowsHeader & { readonly rowCount: number } {
  if (payload.length < ROWS_HEADER_BYTES) throw new RowsError('payload is shorter than its header');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    pane: view.getUint32(0, true),
    frame: view.getUint32(4, true),
    base: view.getUint32(8, true),
    oldest: view.getUint32(12, true),
    cols: view.getUint16(16, true),
    rows: view.getUint16(18, true),
    cursorX: view.getUint16(20, true),
    cursorY: view.getUint16(22, true),
    scroll: view.getUint16(24, true),
    flags: view.getUint16(26, true),
    cursorStyle: payload[28]!,
    kittyFlags: payload[29]!,
    rowCount: view.getUint16(30, true),
  };
}

/**
 * Calls back for each row of a payload, with a view of its bytes.
 * @throws RowsError when a row reaches past the payload; the rows before it have been given by then
 */
export function eachRow(payload: Uint8Array, onRow: (y: number, bytes: Uint8Array) => void): void {
  if (payload.length < ROWS_HEADER_BYTES) throw new RowsError('payload is shorter than its header');
  const count = payload[30]! | (payload[31]! << 8);
  let p = ROWS_HEADER_BYTES;
  for (let n = 0; n < count; n++) {
    if (p + 4 > payload.length) throw new RowsError('payload ends before its last row');
    const y = payload[p]! | (payload[p + 1]! << 8);
    const length = payload[p + 2]! | (payload[p + 3]! << 8);
    p += 4;
    if (p + length > payload.length) throw new RowsError('row reaches past its payload');
    onRow(y, payload.subarray(p, p + length));
    p += length;
  }
}
