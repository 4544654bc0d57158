import { assert, boolean, constantFrom, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../paint/api.ts';
import { USEFUL_COLS, USEFUL_ROWS } from './boxes.ts';
import { overlaps } from './geometry.ts';
import { LAYOUT_MODES, type RoomLayout, type RoomRequest, layoutRoom } from './room.ts';

const request = (over: Partial<RoomRequest>): RoomRequest => ({
  cols: 120,
  rows: 40,
  agents: 4,
  mode: 'grid',
  focus: 0,
  main: 0,
  zoom: false,
  panelOpen: true,
  ...over,
});

function rectsOf(layout: RoomLayout): Rect[] {
  const rects = layout.panes.map((pane) => pane.box);
  for (const rect of [layout.empty, layout.more, layout.panel?.rect, layout.status]) if (rect) rects.push(rect);
  return rects;
}

const SIZES: readonly (readonly [number, number])[] = [
  [40, 10],
  [52, 14],
  [80, 24],
  [81, 25],
  [100, 30],
  [119, 33],
  [120, 40],
  [132, 43],
  [160, 45],
  [200, 60],
  [237, 63],
  [300, 80],
];
const cases = SIZES.flatMap(([cols, rows]) =>
  LAYOUT_MODES.flatMap((mode) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 30].map((agents) => ({ cols, rows, mode, agents })),
  ),
);

/** The promises that a layout breaks, in words; none for a good one. */
function broken(req: RoomRequest): string[] {
  const layout = layoutRoom(req);
  const rects = rectsOf(layout);
  const said: string[] = [];
  const used = rects.reduce((sum, rect) => sum + rect.width * rect.height, 0);
  if (used !== req.cols * req.rows) said.push(`${used} cells of ${req.cols * req.rows} belong to something`);
  for (const [i, a] of rects.entries()) {
    const fits = a.width > 0 && a.height > 0 && a.x + a.width <= req.cols && a.y + a.height <= req.rows;
    if (!fits) said.push(`${JSON.stringify(a)} leaves the window`);
    const over = rects.slice(i + 1).find((b) => overlaps(a, b));
    if (over) said.push(`${JSON.stringify(a)} over ${JSON.stringify(over)}`);
  }
  return req.agents === 0 ? said : [...said, ...brokenPanes(req, layout)];
}

function brokenPanes(req: RoomRequest, layout: RoomLayout): string[] {
  const said: string[] = [];
  const shown = new Set(layout.panes.map((pane) => pane.index));
  if (shown.size + layout.before + layout.after !== req.agents) said.push('an agent is not counted');
  if (!shown.has(req.focus)) said.push('the focus is out of sight');
  for (const { box, hole } of layout.panes) {
    const inside = hole.x + hole.width <= box.x + box.width && hole.y + hole.height <= box.y + box.height;
    if (!inside) said.push(`a hole leaves its box: ${JSON.stringify({ box, hole })}`);
  }
  return said;
}

describe('layoutRoom', () => {
  it.each(cases)('$mode, $agents agents at $cols×$rows: no overlap, no gap, every agent counted', (one) => {
    const said: string[] = [];
    for (let focus = 0; focus < Math.max(1, one.agents); focus += Math.max(1, Math.floor(one.agents / 5))) {
      for (const zoom of [false, true]) {
        for (const panelOpen of [false, true]) {
          said.push(...broken(request({ ...one, focus, zoom, panelOpen, main: one.agents - 1 })));
        }
      }
    }
    expect(said).toEqual([]);
  });

  it('holds for any size and number', () => {
    const sizes = record({
      cols: integer({ min: 40, max: 320 }),
      rows: integer({ min: 10, max: 100 }),
      agents: integer({ min: 0, max: 70 }),
      mode: constantFrom(...LAYOUT_MODES),
      zoom: boolean(),
      panelOpen: boolean(),
    });
    const holds = property(sizes, nat(), nat(), (size, focus, main) => {
      const many = Math.max(1, size.agents);
      expect(broken({ ...size, focus: focus % many, main: main % many })).toEqual([]);
    });
    expect(() => assert(holds, { numRuns: 400 })).not.toThrow();
  });

  it('from 80×24 to 300×80 every one of up to 12 agents is on screen at once', () => {
    for (const { cols, rows, agents, mode } of cases) {
      if (cols < 80 || rows < 24 || agents > 12) continue;
      const layout = layoutRoom(request({ cols, rows, agents, mode, focus: agents - 1 }));
      expect(layout.before + layout.after, `${mode} ${agents} at ${cols}×${rows}`).toBe(0);
    }
  });

  it('opens no frame in the grid that is too small to work in', () => {
    for (const { cols, rows, agents, mode } of cases) {
      if (mode !== 'grid' || cols < 80 || rows < 24) continue;
      for (const pane of layoutRoom(request({ cols, rows, agents })).panes) {
        if (pane.kind !== 'full') continue;
        expect(pane.hole.width).toBeGreaterThanOrEqual(USEFUL_COLS);
        expect(pane.hole.height).toBeGreaterThanOrEqual(USEFUL_ROWS);
      }
    }
  });

  it('gives four agents at 200×60 screens of 80 columns', () => {
    const layout = layoutRoom(request({ cols: 200, rows: 60 }));
    expect(layout.panel?.kind).toBe('column');
    expect(layout.panes.map((pane) => [pane.kind, pane.hole.width, pane.hole.height])).toEqual([
      ['full', 80, 28],
      ['full', 80, 28],
      ['full', 80, 27],
      ['full', 80, 27],
    ]);
  });

  it('at 80×24 opens the one with the focus and folds the others, in their order', () => {
    const layout = layoutRoom(request({ cols: 80, rows: 24, focus: 2 }));
    expect(layout.panel).toEqual({ kind: 'strip', rect: { x: 0, y: 19, width: 80, height: 4 } });
    expect(layout.panes.map((pane) => [pane.index, pane.kind, pane.box.height])).toEqual([
      [0, 'bar', 2],
      [1, 'bar', 2],
      [2, 'full', 13],
      [3, 'bar', 2],
    ]);
  });

  it('moves nothing while the focus moves among open frames', () => {
    const at = (focus: number) => layoutRoom(request({ cols: 200, rows: 60, agents: 6, focus }));
    expect(at(3)).toEqual(at(0));
  });

  it('keeps the main pane where it is while the focus walks the stack', () => {
    const at = (focus: number) =>
      layoutRoom(request({ cols: 160, rows: 50, agents: 4, mode: 'main-stack', main: 1, focus }));
    expect(at(3).panes[0]).toEqual(at(1).panes[0]);
    expect(at(3).panes[0]!.index).toBe(1);
  });

  it('zooms to everything but the status line', () => {
    const layout = layoutRoom(request({ zoom: true, focus: 2 }));
    expect(layout.panes).toEqual([
      {
        index: 2,
        kind: 'full',
        box: { x: 0, y: 0, width: 120, height: 39 },
        hole: { x: 1, y: 1, width: 118, height: 37 },
      },
    ]);
  });

  it.each([
    [39, 30],
    [80, 9],
    [1, 1],
    [0, 0],
  ])('is too small at %i×%i', (cols, rows) => {
    expect(layoutRoom(request({ cols, rows })).tooSmall).toBe(true);
  });
});
