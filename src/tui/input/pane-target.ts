import type { Rect } from '../paint/api.ts';
import type { MouseReport } from './encode-mouse.ts';

/** The pane that has the keys, as it is on screen and as its program has set its terminal. */
export interface PaneTarget {
  readonly rect: Rect;
  /** Column and row of the pane's screen at the rectangle's top left. */
  readonly originX: number;
  readonly originY: number;
  readonly cols: number;
  readonly rows: number;
  /** PANE_FLAG bits. */
  readonly flags: number;
}

export function isInside({ rect }: PaneTarget, { x, y }: MouseReport): boolean {
  return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

/** The report in the pane's own cells, kept within its screen. */
export function toPaneCells(target: PaneTarget, report: MouseReport): MouseReport {
  const { rect, originX, originY, cols, rows } = target;
  return {
    ...report,
    x: Math.max(0, Math.min(cols - 1, report.x - rect.x + originX)),
    y: Math.max(0, Math.min(rows - 1, report.y - rect.y + originY)),
  };
}
