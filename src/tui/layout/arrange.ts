import type { Rect } from '../paint/api.ts';
import {
  USEFUL_COLS,
  USEFUL_ROWS,
  type PaneBox,
  barBox,
  barBoxes,
  barColumns,
  bestColumns,
  fullBox,
  gridBoxes,
} from './boxes.ts';
import { clamp, split } from './geometry.ts';

/** Boxes for some of the agents, and how many didn't fit before and after them. */
export interface Arrangement {
  readonly boxes: readonly PaneBox[];
  /** One row that says how many agents are out of sight. */
  readonly more: Rect | null;
  readonly before: number;
  readonly after: number;
}

const FRAME_ROWS = USEFUL_ROWS + 2;
const FRAME_COLS = USEFUL_COLS + 2;

/**
 * A grid of frames. Where not all of them can be of a useful size, as many as can stay open (the one with the focus among
 * them), the others fold into bars above and below in their order; where even bars don't fit, the nearest ones are shown.
 * @param focus position in `indices`
 */
export function arrangeGrid(area: Rect, indices: readonly number[], focus: number): Arrangement {
  const columns = bestColumns(area.width, area.height, indices.length);
  if (columns !== null) return whole(gridBoxes(area, indices, columns));
  return foldedLargest(area, indices, focus, indices.length - 1) ?? paged(area, indices, focus);
}

/** One frame, all others bars: the narrow form of "list + one". */
export function arrangeOne(area: Rect, indices: readonly number[], focus: number): Arrangement {
  return foldedLargest(area, indices, focus, 1) ?? paged(area, indices, focus);
}

/** The one with the focus open on the right, all of them as a list on the left. */
export function arrangeList(area: Rect, indices: readonly number[], focus: number): Arrangement {
  const width = clamp(Math.floor(area.width * 0.28), 28, 48);
  if (area.width < width + FRAME_COLS) return arrangeOne(area, indices, focus);
  const open = fullBox(indices[focus]!, { ...area, x: area.x + width, width: area.width - width });
  const list = listBars({ ...area, width }, indices, focus);
  return { ...list, boxes: [...list.boxes, open] };
}

/** One large frame, the rest beside it, or below where it is narrow. Both name agents by their index. */
export function arrangeMain(area: Rect, main: number, rest: readonly number[], focus: number): Arrangement {
  if (rest.length === 0) return whole([fullBox(main, area)]);
  const wide = area.width >= FRAME_COLS * 2;
  // Too low for a frame and bars below it: only the one with the focus can be open.
  if (!wide && area.height < FRAME_ROWS + 2) {
    const all = [...rest, main].sort((a, b) => a - b);
    return arrangeOne(area, all, all.indexOf(focus));
  }
  const mainBox = fullBox(main, wide ? mainColumn(area) : mainRow(area, rest.length));
  const others = arrangeRest(beside(area, mainBox.box, wide), rest, Math.max(0, rest.indexOf(focus)));
  return { ...others, boxes: [mainBox, ...others.boxes] };
}

function mainColumn(area: Rect): Rect {
  return { ...area, width: clamp(Math.floor(area.width * 0.6), FRAME_COLS, area.width - FRAME_COLS) };
}

function mainRow(area: Rect, others: number): Rect {
  const bars = Math.ceil(others / barColumns(area.width));
  const most = Math.max(FRAME_ROWS, area.height - bars);
  return { ...area, height: Math.min(area.height - 2, clamp(Math.floor(area.height * 0.55), FRAME_ROWS, most)) };
}

function beside(area: Rect, main: Rect, wide: boolean): Rect {
  return wide
    ? { ...area, x: area.x + main.width, width: area.width - main.width }
    : { ...area, y: area.y + main.height, height: area.height - main.height };
}

/** Beside a main frame the others may all be bars. */
function arrangeRest(area: Rect, rest: readonly number[], focus: number): Arrangement {
  const columns = bestColumns(area.width, area.height, rest.length);
  if (columns !== null) return whole(gridBoxes(area, rest, columns));
  const folded = area.height >= FRAME_ROWS ? foldedLargest(area, rest, focus, rest.length - 1) : null;
  return folded ?? barWindow(area, rest, focus);
}

function whole(boxes: readonly PaneBox[]): Arrangement {
  return { boxes, more: null, before: 0, after: 0 };
}

/** The most open frames, with bars of two rows if that can be, else of one. */
function foldedLargest(area: Rect, indices: readonly number[], focus: number, most: number): Arrangement | null {
  for (const barRows of [2, 1]) {
    for (let open = most; open >= 1; open--) {
      const folded = foldedBoxes(area, indices, focus, open, barRows);
      if (folded) return whole(folded);
    }
  }
  return null;
}

function foldedBoxes(
  area: Rect,
  indices: readonly number[],
  focus: number,
  open: number,
  barRows: number,
): PaneBox[] | null {
  // Whole pages of open frames: moving the focus within a page moves nothing on screen.
  const first = Math.min(Math.floor(focus / open) * open, indices.length - open);
  const above = indices.slice(0, first);
  const below = indices.slice(first + open);
  const columns = barColumns(area.width);
  const rowsAbove = Math.ceil(above.length / columns) * barRows;
  const rowsBelow = Math.ceil(below.length / columns) * barRows;
  const height = area.height - rowsAbove - rowsBelow;
  const gridColumns = bestColumns(area.width, height, open);
  if (gridColumns === null) return null;
  const middle = { ...area, y: area.y + rowsAbove, height };
  return [
    ...barBoxes({ ...area, height: rowsAbove }, above),
    ...gridBoxes(middle, indices.slice(first, first + open), gridColumns),
    ...barBoxes({ ...area, y: middle.y + height, height: rowsBelow }, below),
  ];
}

/** More agents than rows: the open one, then the bars nearest to it, then a row that counts the others. */
function paged(area: Rect, indices: readonly number[], focus: number): Arrangement {
  const inner = { ...area, height: area.height - 1 };
  const columns = barColumns(area.width);
  const room = Math.max(0, inner.height - FRAME_ROWS);
  const shown = Math.min(indices.length, 1 + room * columns);
  const first = clamp(focus - Math.floor(shown / 2), 0, indices.length - shown);
  const window = indices.slice(first, first + shown);
  const at = focus - first;
  const rowsAbove = Math.ceil(at / columns);
  const rowsBelow = Math.min(room - rowsAbove, Math.ceil((window.length - at - 1) / columns));
  const below = window.slice(at + 1, at + 1 + rowsBelow * columns);
  const height = inner.height - rowsAbove - rowsBelow;
  const boxes = [
    ...barBoxes({ ...inner, height: rowsAbove }, window.slice(0, at)),
    fullBox(window[at]!, { ...inner, y: inner.y + rowsAbove, height }),
    ...barBoxes({ ...inner, y: inner.y + rowsAbove + height, height: rowsBelow }, below),
  ];
  const more = { ...area, y: area.y + inner.height, height: 1 };
  return { boxes, more, before: first, after: indices.length - first - at - 1 - below.length };
}

/** As many bars as there are rows, around the focus. */
function barWindow(area: Rect, indices: readonly number[], focus: number): Arrangement {
  const columns = barColumns(area.width);
  if (indices.length <= area.height * columns) return whole(barBoxes(area, indices));
  const rows = Math.max(0, area.height - 1);
  const first = clamp(focus - Math.floor((rows * columns) / 2), 0, indices.length - rows * columns);
  const window = indices.slice(first, first + rows * columns);
  return {
    boxes: barBoxes({ ...area, height: rows }, window),
    more: { ...area, y: area.y + rows, height: 1 },
    before: first,
    after: indices.length - first - window.length,
  };
}

/** One column of bars that fills the area; the one that is open beside them keeps its title only. */
function listBars(area: Rect, indices: readonly number[], focus: number): Arrangement {
  const count = indices.length;
  const fits = count <= area.height;
  const rows = fits ? area.height : area.height - 1;
  const shown = Math.min(count, rows);
  const first = fits ? 0 : clamp(focus - Math.floor(shown / 2), 0, count - shown);
  const heights = listHeights(rows, shown, focus - first);
  let y = area.y;
  const boxes = heights.map((height, i) => {
    const box = { ...area, y, height };
    y += height;
    return barBox(indices[first + i]!, box, i === focus - first ? 0 : height - 1);
  });
  const more = fits ? null : { ...area, y: area.y + rows, height: 1 };
  return { boxes, more, before: first, after: count - first - shown };
}

function listHeights(rows: number, shown: number, focus: number): number[] {
  if (shown === 1) return [rows];
  const others = split(rows - 1, shown - 1);
  return Array.from({ length: shown }, (_, i) => (i === focus ? 1 : others[i < focus ? i : i - 1]!));
}
