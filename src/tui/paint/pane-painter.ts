/** One pane on the screen: collects what changed in its source and copies just that into the back buffer. */
import type { Damage } from '../../client/api.ts';
import type { PanePlacement } from './api.ts';
import { copyCells, dimCells, markCells } from './blit.ts';
import type { CellBuffer } from './cell-buffer.ts';
import type { Segment } from './layout-map.ts';

export class PanePainter {
  placement: PanePlacement;
  readonly index: number;
  #all = true;
  /** Source rows that changed, after `scroll` lines went off the top. */
  #first = Infinity;
  #last = -1;
  #scroll = 0;
  #originX = 0;
  #originY = 0;
  #cols = -1;

  constructor(placement: PanePlacement, index: number) {
    this.placement = placement;
    this.index = index;
  }

  get dirty(): boolean {
    return this.#all || this.#last >= this.#first || this.#scroll > 0;
  }

  touch(): void {
    this.#all = true;
  }

  damage({ first, last, scroll, full }: Damage): void {
    if (full || this.placement.source.detached) this.#all = true;
    if (this.#last >= this.#first && scroll > 0) {
      this.#first = Math.max(0, this.#first - scroll);
      this.#last -= scroll;
    }
    this.#scroll += scroll;
    if (last < first) return;
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
  }

  /** Copies what changed to `buffer`, and hints at the scroll. Does nothing while nothing changed. */
  paint(buffer: CellBuffer, map: readonly (readonly Segment[])[]): void {
    if (!this.dirty) return;
    const { rect, source } = this.placement;
    const origin = source.origin(rect);
    const moved = origin.x !== this.#originX || origin.y !== this.#originY || source.cols !== this.#cols;
    this.#originX = origin.x;
    this.#originY = origin.y;
    this.#cols = source.cols;
    const scrolled = this.#scroll > 0 && !this.#all && !moved;
    if (scrolled) buffer.hints.push({ ...rect, lines: this.#scroll });
    // Rows that only moved are compared by the differ: copying them is cheap.
    const whole = this.#all || moved || this.#scroll > 0;
    const top = whole ? 0 : Math.max(0, this.#first - origin.y);
    const bottom = whole ? rect.height - 1 : Math.min(rect.height - 1, this.#last - origin.y);
    for (let row = top; row <= bottom; row++) this.#row(buffer, map, row);
    this.#clean();
  }

  #clean(): void {
    this.#all = false;
    this.#scroll = 0;
    this.#first = Infinity;
    this.#last = -1;
  }

  #row(buffer: CellBuffer, map: readonly (readonly Segment[])[], row: number): void {
    const { rect, source, dim } = this.placement;
    const y = rect.y + row;
    const segments = map[y];
    if (!segments) return;
    const sourceY = row + this.#originY;
    const cells = sourceY < source.rows ? source.row(sourceY) : null;
    const marks = cells ? source.marks?.(sourceY) : undefined;
    for (const { x, end, pane } of segments) {
      if (pane !== this.index) continue;
      const at = buffer.at(x, y);
      const sourceX = x - rect.x + this.#originX;
      copyCells(cells, source.cols, sourceX, buffer.back, at, end - x);
      if (dim) dimCells(buffer.back, at, end - x);
      if (marks && marks.length > 0) markCells(buffer.back, at, end - x, sourceX, marks);
      buffer.mark(y, x, end);
    }
  }
}
