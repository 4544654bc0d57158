/**
 * Pane rows on the wire. A payload is a header, then rows; rows not named are as they were, after shifting the old
 * screen up by `scroll` rows (what comes in at the bottom is blank until named). A row is encoded once, by the
 * emulator's worker, and forwarded to every client as it is.
 *
 * Header (little-endian, ROWS_HEADER_BYTES long):
 *   u32 pane · u32 frame · u32 base (absolute number of the screen's first line since the pane began; grows as it scrolls)
 *   u32 oldest (absolute number of the oldest line still kept) · u16 cols · u16 rows · u16 cursorX · u16 cursorY
 *   u16 scroll · u16 flags (PANE_FLAG) · u8 cursorStyle (0–6, DECSCUSR) · u8 kittyFlags · u16 rowCount · u32 zero
 * Row: u16 y (or, in answer to `lines`, the offset from the requested line) · u16 byte length · cells.
 *
 * Cells of a row are a sequence of runs; what follows the last run is blank (default colours) up to the row's end:
 *   u8 kind · [kind & FG: u32 fg] · [kind & BG: u32 bg] · u16 count · then
 *     ASCII:   one byte a cell, width 1
 *     WIDE16:  one u16 code unit (BMP) a glyph; width 1, or 2 each where kind & DOUBLE (`count` counts glyphs)
 *     TEXT:    per glyph u8 width | u8 utf8 length | utf8 bytes (combined clusters and astral code points)
 *     REPEAT:  u16 code unit, repeated `count` times, width 1
 * Colours persist from run to run; a row starts with 0, 0. The words are those of core/cells.ts, normalised.
 */

export const ROWS_HEADER_BYTES = 36;

/** Columns a pane may have: a row of that many clusters in as many colours still fits its u16 length. */
export const MAX_COLS = 1000;
export const MAX_ROWS = 1000;

export const RUN = {
  ascii: 0,
  wide16: 1,
  text: 2,
  repeat: 3,
  kindMask: 3,
  double: 4,
  fg: 8,
  bg: 16,
} as const;

export { PANE_FLAG } from '../core/pane-flags.ts';

export interface RowsHeader {
  readonly pane: number;
  readonly frame: number;
  readonly base: number;
  readonly oldest: number;
  readonly cols: number;
  readonly rows: number;
  readonly cursorX: number;
  readonly cursorY: number;
  readonly scroll: number;
  readonly flags: number;
  readonly cursorStyle: number;
  readonly kittyFlags: number;
}

/** One encoded row; `bytes` are its cells as described above. */
export interface EncodedRow {
  readonly y: number;
  readonly bytes: Uint8Array;
}

/** A payload that can't be what an encoder made. Nothing of it should be shown. */
export class RowsError extends Error {
  override readonly name = 'RowsError';
}
