import type { Rect } from '../paint/api.ts';
import { type Arrangement, arrangeGrid, arrangeList, arrangeMain } from './arrange.ts';
import { type PaneBox, fullBox } from './boxes.ts';
import { clamp } from './geometry.ts';

export const LAYOUT_MODES = ['grid', 'main-stack', 'list-one'] as const;
export type LayoutMode = (typeof LAYOUT_MODES)[number];

/** Below this nothing of use can be shown. */
export const LEAST_COLS = 40;
export const LEAST_ROWS = 10;
/** From here on the coordinator has a column of its own on the right. */
const WIDE_COLS = 120;

export interface RoomRequest {
  readonly cols: number;
  readonly rows: number;
  /** How many agents there are; boxes name them by their position, from 0. */
  readonly agents: number;
  readonly mode: LayoutMode;
  readonly focus: number;
  /** The large one of "main + stack". */
  readonly main: number;
  readonly zoom: boolean;
  readonly panelOpen: boolean;
}

export interface PanelBox {
  readonly kind: 'column' | 'strip';
  readonly rect: Rect;
}

export interface RoomLayout {
  readonly tooSmall: boolean;
  readonly panes: readonly PaneBox[];
  /** Where panes would be while there is no agent. */
  readonly empty: Rect | null;
  /** A row that says how many agents are out of sight, before and after those shown. */
  readonly more: Rect | null;
  readonly before: number;
  readonly after: number;
  readonly panel: PanelBox | null;
  readonly status: Rect;
}

/** Where everything goes, in cells from the top left. Pure, and total over any size and number of agents. */
export function layoutRoom(request: RoomRequest): RoomLayout {
  const { cols, rows, agents } = request;
  const status = { x: 0, y: Math.max(0, rows - 1), width: cols, height: Math.min(1, rows) };
  const nothing = { panes: [], empty: null, more: null, before: 0, after: 0, panel: null, status };
  if (cols < LEAST_COLS || rows < LEAST_ROWS) return { ...nothing, tooSmall: true };
  const body = { x: 0, y: 0, width: cols, height: rows - 1 };
  const zoomed = request.zoom && agents > 0;
  const panel = request.panelOpen && !zoomed ? panelBox(body) : null;
  const area = without(body, panel);
  const base = { ...nothing, tooSmall: false, panel };
  if (agents === 0) return { ...base, empty: area };
  const focus = clamp(request.focus, 0, agents - 1);
  if (zoomed) return { ...base, panes: [fullBox(focus, area)], before: focus, after: agents - focus - 1 };
  const arranged = arrange(area, request, focus);
  return { ...base, panes: arranged.boxes, more: arranged.more, before: arranged.before, after: arranged.after };
}

function arrange(area: Rect, request: RoomRequest, focus: number): Arrangement {
  const all = Array.from({ length: request.agents }, (_, i) => i);
  switch (request.mode) {
    case 'grid':
      return arrangeGrid(area, all, focus);
    case 'list-one':
      return arrangeList(area, all, focus);
    case 'main-stack': {
      const main = clamp(request.main, 0, request.agents - 1);
      const rest = all.filter((index) => index !== main);
      return arrangeMain(area, main, rest, focus);
    }
  }
}

function panelBox(body: Rect): PanelBox {
  if (body.width >= WIDE_COLS) {
    // 36 leaves two screens of 40 columns at 120, two of 80 at 200; 54 leaves three of 80 at 300.
    const width = clamp(36 + Math.floor((body.width - 200) / 5), 36, 54);
    return { kind: 'column', rect: { ...body, x: body.width - width, width } };
  }
  const height = stripRows(body.height);
  return { kind: 'strip', rect: { ...body, y: body.height - height, height } };
}

function stripRows(rows: number): number {
  if (rows < 15) return 2;
  if (rows < 29) return 4;
  return rows < 39 ? 7 : 10;
}

function without(body: Rect, panel: PanelBox | null): Rect {
  if (!panel) return body;
  return panel.kind === 'column'
    ? { ...body, width: body.width - panel.rect.width }
    : { ...body, height: body.height - panel.rect.height };
}
