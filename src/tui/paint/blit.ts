/** Copies cells of a source's row into the back buffer: cropped, faint, marked. */
import {
  BG_DIM,
  BLANK_CONTENT,
  COLOR_MODE_MASK,
  COLOR_P16,
  FG_BOLD,
  FG_INVERSE,
  FG_UNDERLINE,
  RGB_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../../core/cells.ts';
import { fillBlank } from './cell-buffer.ts';

const STEP = WORDS_PER_CELL;
const COLOR_BITS = COLOR_MODE_MASK | RGB_MASK;
const BLACK = COLOR_P16;
const YELLOW = COLOR_P16 | 3;

export interface RowCells {
  readonly cells: Uint32Array;
  readonly offset: number;
}

export type Mark = { readonly from: number; readonly to: number; readonly kind: 'selection' | 'match' | 'current' };

/**
 * Fills `count` cells from word `to` on with `row` from its column `x` on; spaces follow where the row ends.
 * @param cols - length of the source's row in cells
 */
export function copyCells(
  row: RowCells | null,
  cols: number,
  x: number,
  back: Uint32Array,
  to: number,
  count: number,
): void {
  const have = row ? Math.max(0, Math.min(count, cols - x)) : 0;
  if (row && have > 0) {
    const from = row.offset + x * STEP;
    back.set(row.cells.subarray(from, from + have * STEP), to);
  }
  fillBlank(back, to + have * STEP, count - have);
  mendEdges(back, to, count);
}

/** A wide glyph that an edge cuts in two becomes a space. */
export function mendEdges(back: Uint32Array, at: number, count: number): void {
  if (count <= 0) return;
  const last = at + (count - 1) * STEP;
  if (back[at]! >>> WIDTH_SHIFT === 0) back[at] = BLANK_CONTENT;
  if (back[last]! >>> WIDTH_SHIFT === 2) back[last] = BLANK_CONTENT;
}

export function dimCells(back: Uint32Array, at: number, count: number): void {
  for (let i = at, end = at + count * STEP; i < end; i += STEP) {
    back[i + 1] = back[i + 1]! & ~FG_BOLD;
    back[i + 2] = back[i + 2]! | BG_DIM;
  }
}

/** @param x - source column of the cell at word `at` */
export function markCells(back: Uint32Array, at: number, count: number, x: number, marks: readonly Mark[]): void {
  for (const { from, to, kind } of marks) {
    for (let column = Math.max(from, x); column < Math.min(to, x + count); column++) {
      markCell(back, at + (column - x) * STEP, kind);
    }
  }
}

/** Each differs in more than colour: inverse, underlined, inverse and underlined. */
function markCell(back: Uint32Array, at: number, kind: Mark['kind']): void {
  const fg = back[at + 1]!;
  const bg = back[at + 2]!;
  switch (kind) {
    case 'selection':
      back[at + 1] = fg ^ FG_INVERSE;
      return;
    case 'match':
      back[at + 1] = (fg & ~COLOR_BITS & ~FG_INVERSE) | BLACK | FG_UNDERLINE;
      back[at + 2] = (bg & ~COLOR_BITS & ~BG_DIM) | YELLOW;
      return;
    case 'current':
      back[at + 1] = (fg & ~COLOR_BITS) | YELLOW | FG_INVERSE | FG_UNDERLINE | FG_BOLD;
      back[at + 2] = (bg & ~COLOR_BITS & ~BG_DIM) | BLACK;
  }
}
