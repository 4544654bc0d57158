/** Puts the back buffer together: Ink's frame, the panes in their holes, popups over them, live fields on top. */
import { WORDS_PER_CELL } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import type { Damage } from '../../client/api.ts';
import type { LiveField, PanePlacement, Rect, StageLayout } from './api.ts';
import { mendEdges } from './blit.ts';
import type { CellBuffer } from './cell-buffer.ts';
import { FrameMerger } from './frame-merger.ts';
import type { Segment } from './layout-map.ts';
import { layoutMap } from './layout-map.ts';
import type { LiveFields } from './live-fields.ts';
import { PanePainter } from './pane-painter.ts';
import type { PaintScope } from './scheduler.ts';

const EMPTY: StageLayout = { panes: [], covers: [], fields: [], focus: null, cursor: null };

export class Compositor {
  #buffer: CellBuffer;
  #merger: FrameMerger;
  #fields: LiveFields;
  #layout = EMPTY;
  #map: readonly (readonly Segment[])[] = [];
  #painters: PanePainter[] = [];
  #staleRows = new Set<number>();
  #staleMap = true;
  #staleFields = true;

  constructor(buffer: CellBuffer, clusters: ClusterTable, fields: LiveFields) {
    this.#buffer = buffer;
    this.#fields = fields;
    this.#merger = new FrameMerger(clusters);
    this.#merger.resize(buffer.cols, buffer.rows);
  }

  get layout(): StageLayout {
    return this.#layout;
  }

  /** After the buffer was resized: Ink's next frame is taken whole. */
  resize(): void {
    this.#merger.resize(this.#buffer.cols, this.#buffer.rows);
    this.#staleMap = true;
  }

  mergeFrame(frame: string): void {
    for (const y of this.#merger.merge(frame)) this.#staleRows.add(y);
  }

  setLayout(layout: StageLayout): void {
    const old = this.#layout;
    this.#layout = layout;
    this.#staleMap ||= !sameRects(old, layout);
    this.#painters = layout.panes.map((placement, index) => this.#painterFor(placement, index));
    this.#fields.setFields(layout.fields, (field) => isVisible(field, layout.covers));
    this.#staleFields = true;
    if (layout.fields.length > 0 || old.fields.length > 0) this.#restoreUnder(old.fields);
  }

  damage(damage: Damage): { readonly focus: boolean; readonly other: boolean } {
    let isShown = false;
    for (const painter of this.#painters) {
      if (painter.placement.pane !== damage.pane) continue;
      painter.damage(damage);
      isShown = true;
    }
    const isFocus = damage.pane === this.#layout.focus;
    return { focus: isShown && isFocus, other: isShown && !isFocus };
  }

  touch(pane: number): void {
    for (const painter of this.#painters) if (painter.placement.pane === pane) painter.touch();
  }

  /** A live field looks different. */
  fieldsChanged(): void {
    this.#staleFields = true;
  }

  /** Brings the back buffer up to date; scope 'focus' looks at the focused pane alone. */
  compose(scope: PaintScope): void {
    if (scope === 'all') this.#composeInk();
    for (const painter of this.#painters) {
      if (scope === 'all' || painter.placement.pane === this.#layout.focus) painter.paint(this.#buffer, this.#map);
    }
    if (scope === 'focus' || !this.#staleFields) return;
    this.#staleFields = false;
    this.#fields.paint(this.#buffer, this.#map);
  }

  #composeInk(): void {
    const { rows } = this.#buffer;
    if (this.#staleMap) {
      this.#staleMap = false;
      this.#map = layoutMap(this.#buffer.cols, rows, this.#layout.panes, this.#layout.covers);
      for (let y = 0; y < rows; y++) this.#staleRows.add(y);
      for (const painter of this.#painters) painter.touch();
    }
    if (this.#staleRows.size > 0) this.#staleFields = true;
    for (const y of this.#staleRows) if (y < rows) this.#inkRow(y);
    this.#staleRows.clear();
  }

  #inkRow(y: number): void {
    for (const { x, end, pane } of this.#map[y] ?? []) {
      if (pane >= 0) continue;
      const at = this.#buffer.at(x, y);
      this.#buffer.back.set(this.#merger.cells.subarray(at, at + (end - x) * WORDS_PER_CELL), at);
      mendEdges(this.#buffer.back, at, end - x);
      this.#buffer.mark(y, x, end);
    }
  }

  /** A field that moved or went leaves Ink's cells behind. */
  #restoreUnder(fields: readonly LiveField[]): void {
    for (const { y } of fields) if (y >= 0 && y < this.#buffer.rows) this.#staleRows.add(y);
  }

  #painterFor(placement: PanePlacement, index: number): PanePainter {
    const old = this.#painters[index];
    if (!old || old.placement.pane !== placement.pane) return new PanePainter(placement, index);
    const { source, dim, rect } = old.placement;
    old.placement = placement;
    if (source !== placement.source || dim !== placement.dim || !sameRect(rect, placement.rect)) old.touch();
    return old;
  }
}

function isVisible(field: LiveField, covers: readonly Rect[]): boolean {
  if (field.inCover) return true;
  return !covers.some(
    ({ x, y, width, height }) =>
      field.y >= y && field.y < y + height && field.x < x + width && field.x + field.width > x,
  );
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function sameRects(a: StageLayout, b: StageLayout): boolean {
  return (
    a.panes.length === b.panes.length &&
    a.covers.length === b.covers.length &&
    a.panes.every((placement, i) => sameRect(placement.rect, b.panes[i]!.rect)) &&
    a.covers.every((cover, i) => sameRect(cover, b.covers[i]!))
  );
}
