/** Which part of each row belongs to which pane, and what is Ink's: covers cut holes into panes. */
import type { PanePlacement, Rect } from './api.ts';

/** Columns x..end (exclusive) of one row; `pane` is an index into the layout's panes, or -1 for Ink's frame. */
export interface Segment {
  readonly x: number;
  readonly end: number;
  readonly pane: number;
}

const INK = -1;

/** @returns for each row its segments from left to right, without gaps */
export function layoutMap(
  cols: number,
  rows: number,
  panes: readonly PanePlacement[],
  covers: readonly Rect[],
): readonly (readonly Segment[])[] {
  const owner = new Int16Array(cols);
  const map: (readonly Segment[])[] = [];
  let previous: readonly Segment[] | undefined;
  for (let y = 0; y < rows; y++) {
    if (previous && sameOwners(y, panes, covers)) {
      map.push(previous);
      continue;
    }
    owner.fill(INK);
    panes.forEach(({ rect }, index) => fill(owner, rect, y, index));
    for (const rect of covers) fill(owner, rect, y, INK);
    previous = segmentsOf(owner);
    map.push(previous);
  }
  return map;
}

function covers(rect: Rect, y: number): boolean {
  return y >= rect.y && y < rect.y + rect.height;
}

/** No rectangle starts or ends between row y - 1 and row y. */
function sameOwners(y: number, panes: readonly PanePlacement[], popups: readonly Rect[]): boolean {
  const same = (rect: Rect): boolean => covers(rect, y) === covers(rect, y - 1);
  return panes.every(({ rect }) => same(rect)) && popups.every(same);
}

function fill(owner: Int16Array, rect: Rect, y: number, value: number): void {
  if (covers(rect, y)) owner.fill(value, Math.max(0, rect.x), Math.max(0, rect.x + rect.width));
}

function segmentsOf(owner: Int16Array): readonly Segment[] {
  const segments: Segment[] = [];
  for (let x = 0; x < owner.length;) {
    let end = x + 1;
    while (end < owner.length && owner[end] === owner[x]) end++;
    segments.push({ x, end, pane: owner[x]! });
    x = end;
  }
  return segments;
}
