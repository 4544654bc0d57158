import type { Rect } from '../paint/api.ts';
import { columnsOf, inset, rowsOf } from './geometry.ts';

/** Where one agent is drawn. `hole` is the part that shows cells of its screen. */
export interface PaneBox {
  /** Position of the agent in the session's order. */
  readonly index: number;
  /** `full`: a frame with the live screen in it. `bar`: a title row, and below it the last lines where there is room. */
  readonly kind: 'full' | 'bar';
  readonly box: Rect;
  readonly hole: Rect;
}

/** A screen smaller than this (about) is no good to work in: the pane becomes a bar. */
export const USEFUL_COLS = 40;
export const USEFUL_ROWS = 6;
/** What a coding agent's screen is made for: more columns are worth nothing once it has these. */
const GOOD_COLS = 80;
const GOOD_ROWS = 24;
/** A bar narrower than this can't say name, state and task. */
const BAR_COLS = 58;

export function fullBox(index: number, box: Rect): PaneBox {
  return { index, kind: 'full', box, hole: inset(box) };
}

/** Title row, then the last lines, indented by two columns. */
export function barBox(index: number, box: Rect, lines = box.height - 1): PaneBox {
  const hole = { x: box.x + 2, y: box.y + 1, width: Math.max(0, box.width - 2), height: Math.max(0, lines) };
  return { index, kind: 'bar', box, hole };
}

/**
 * The number of columns in which `count` frames show the most of their screens; null where no number leaves each
 * a useful size.
 */
export function bestColumns(width: number, height: number, count: number): number | null {
  let best: { columns: number; score: number } | null = null;
  for (let columns = 1; columns <= count; columns++) {
    const cols = Math.floor(width / columns) - 2;
    const rows = Math.floor(height / Math.ceil(count / columns)) - 2;
    if (cols < USEFUL_COLS || rows < USEFUL_ROWS) continue;
    const score = Math.min(1, cols / GOOD_COLS) * Math.min(1, rows / GOOD_ROWS);
    // Equal: the more columns the taller the screens, and agents scroll downwards.
    if (!best || score >= best.score) best = { columns, score };
  }
  return best?.columns ?? null;
}

/** Frames in rows of `columns`; the last row shares the whole width among fewer. */
export function gridBoxes(area: Rect, indices: readonly number[], columns: number): PaneBox[] {
  const rows = rowsOf(area, Math.ceil(indices.length / columns));
  return rows.flatMap((row, r) => {
    const here = indices.slice(r * columns, (r + 1) * columns);
    return columnsOf(row, here.length).map((box, c) => fullBox(here[c]!, box));
  });
}

export function barColumns(width: number): number {
  return Math.max(1, Math.floor(width / BAR_COLS));
}

/** Bars of `height` rows, packed in as many columns as stay readable. */
export function barBoxes(area: Rect, indices: readonly number[]): PaneBox[] {
  if (indices.length === 0) return [];
  const columns = barColumns(area.width);
  const rows = rowsOf(area, Math.ceil(indices.length / columns));
  return rows.flatMap((row, r) => {
    const here = indices.slice(r * columns, (r + 1) * columns);
    return columnsOf(row, here.length).map((box, c) => barBox(here[c]!, box));
  });
}
