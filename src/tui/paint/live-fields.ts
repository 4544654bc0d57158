/** Small fields that change by themselves: each wakes the painter only when it may look different. */
import type { ClusterTable } from '../../core/clusters.ts';
import { AnsiCells } from './ansi-cells.ts';
import type { LiveField } from './api.ts';
import { mendEdges } from './blit.ts';
import type { CellBuffer } from './cell-buffer.ts';
import type { Clock } from './clock.ts';
import type { Segment } from './layout-map.ts';

interface Shown {
  readonly field: LiveField;
  dueAt: number;
  look: { readonly text: string; readonly fg: number; readonly bg: number };
}

/** Fields of many lengths of beat wake together: on whole beats of the clock. */
export class LiveFields {
  #clock: Clock;
  #cells: AnsiCells;
  #onDue: () => void;
  #shown: Shown[] = [];
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, clusters: ClusterTable, onDue: () => void) {
    this.#clock = clock;
    this.#cells = new AnsiCells(clusters);
    this.#onDue = onDue;
  }

  /** Takes over the fields that the layout shows; those under a cover are left out until they come out again. */
  setFields(fields: readonly LiveField[], isVisible: (field: LiveField) => boolean): void {
    const now = this.#clock.now();
    const wall = this.#clock.wall();
    this.#shown = fields
      .filter((field) => field.width > 0 && isVisible(field))
      .map((field) => ({ field, dueAt: nextBeat(now, field.everyMs), look: field.render(wall) }));
    this.#arm();
  }

  /** Renders what is due. @returns whether something looks different */
  update(): boolean {
    const now = this.#clock.now();
    const wall = this.#clock.wall();
    let changed = false;
    for (const shown of this.#shown) {
      if (shown.dueAt > now) continue;
      shown.dueAt = nextBeat(now, shown.field.everyMs);
      const look = shown.field.render(wall);
      if (look.text === shown.look.text && look.fg === shown.look.fg && look.bg === shown.look.bg) continue;
      shown.look = look;
      changed = true;
    }
    return changed;
  }

  /** Writes every field to the back buffer; cells that show it already cost nothing. */
  paint(buffer: CellBuffer, map: readonly (readonly Segment[])[]): void {
    for (const { field, look } of this.#shown) {
      if (field.y < 0 || field.y >= buffer.rows || field.x < 0 || field.x >= buffer.cols || !map[field.y]) continue;
      const width = Math.min(field.width, buffer.cols - field.x);
      const at = buffer.at(field.x, field.y);
      this.#cells.plain(look.text, look.fg, look.bg, buffer.back, at, width);
      mendEdges(buffer.back, at, width);
      buffer.mark(field.y, field.x, field.x + width);
    }
  }

  /** Sets the timer for the next field; to be called after each paint, and only while the terminal takes frames. */
  arm(): void {
    if (!this.#cancel) this.#arm();
  }

  close(): void {
    this.#shown = [];
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = null;
    let due = Infinity;
    for (const { dueAt } of this.#shown) due = Math.min(due, dueAt);
    if (due === Infinity) return;
    this.#cancel = this.#clock.after(Math.max(1, due - this.#clock.now()), () => {
      this.#cancel = null;
      this.#onDue();
    });
  }
}

function nextBeat(now: number, everyMs: number): number {
  return everyMs > 0 && Number.isFinite(everyMs) ? (Math.floor(now / everyMs) + 1) * everyMs : Infinity;
}
