/** Rows payloads: bytes back to cells, headers, rows one by one. What no encoder could have made is refused. */
import { BLANK_CONTENT, COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../core/cells.ts';
import type { ClusterTable } from '../core/clusters.ts';
import { put16, put32 } from './rows-bytes.ts';
import { ROWS_HEADER_BYTES, RUN, RowsError } from './rows.ts';
import type { EncodedRow, RowsHeader } from './rows.ts';

export { encodeRow } from './rows-encode.ts';
export { RowsError } from './rows.ts';

const DOUBLE_WIDTH = 2;

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
