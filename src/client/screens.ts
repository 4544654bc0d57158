/** Panes' screens as this client sees them: rows payloads decoded into cells that are changed in place. */
import { BLANK_CONTENT, WORDS_PER_CELL } from '../core/cells.ts';
import type { ClusterTable } from '../core/clusters.ts';
import { decodeRow, decodeRowsHeader, eachRow, RowsError } from '../protocol/rows-codec.ts';
import { MAX_COLS, MAX_ROWS, PANE_FLAG, type RowsHeader } from '../protocol/rows.ts';
import type { Damage, LineBlock, PaneScreen } from './api.ts';

export class Screens {
  readonly #clusters: ClusterTable;
  readonly #screens = new Map<number, PaneScreen>();

  constructor(clusters: ClusterTable) {
    this.#clusters = clusters;
  }

  get(pane: number): PaneScreen | undefined {
    return this.#screens.get(pane);
  }

  /** Forgets the screens of panes that are gone. */
  keep(panes: ReadonlySet<number>): void {
    for (const pane of this.#screens.keys()) if (!panes.has(pane)) this.#screens.delete(pane);
  }

  /**
   * @param payload as protocol/rows.ts describes it
   * @throws RowsError where no encoder made it; the screen may hold part of it then
   */
  apply(payload: Uint8Array): Damage {
    const header = decodeRowsHeader(payload);
    const { screen, fresh } = this.#screenFor(header);
    const full = fresh || (header.flags & PANE_FLAG.full) !== 0;
    if (full) fillBlank(screen.cells, 0, screen.cells.length);
    else shiftUp(screen, header.scroll);

    // Rows that scrolled in are blank until they are named: changed either way.
    let first = full ? 0 : header.rows - Math.min(header.scroll, header.rows);
    let last = full || header.scroll > 0 ? header.rows - 1 : -1;
    eachRow(payload, (y, bytes) => {
      if (y >= header.rows) throw new RowsError(`row ${y} of a screen of ${header.rows}`);
      decodeRow(bytes, screen.cells, y * header.cols * WORDS_PER_CELL, header.cols, this.#clusters);
      if (y < first) first = y;
      if (y > last) last = y;
    });
    takeOver(screen, header);
    return { pane: header.pane, first, last, scroll: full ? 0 : header.scroll, full };
  }

  /**
   * The answer to a request for the lines from number `asked` on: the block begins there, or with the oldest line kept.
   * @throws RowsError where no encoder made it
   */
  decodeLines(payload: Uint8Array, asked: number): LineBlock {
    const header = decodeRowsHeader(payload);
    const { cols } = header;
    if (cols > MAX_COLS) throw new RowsError(`lines of ${cols} columns`);
    const from = Math.max(asked, header.oldest);
    const skip = from - asked;
    let count = 0;
    eachRow(payload, (y) => (count = Math.max(count, y + 1 - skip)));
    const cells = new Uint32Array(count * cols * WORDS_PER_CELL);
    fillBlank(cells, 0, cells.length);
    eachRow(payload, (y, bytes) => {
      if (y >= skip) decodeRow(bytes, cells, (y - skip) * cols * WORDS_PER_CELL, cols, this.#clusters);
    });
    return { from, count, cols, cells };
  }

  #screenFor({ pane, cols, rows }: RowsHeader): { screen: PaneScreen; fresh: boolean } {
    if (cols < 1 || rows < 1 || cols > MAX_COLS || rows > MAX_ROWS) throw new RowsError(`screen of ${cols}×${rows}`);
    const known = this.#screens.get(pane);
    if (known?.cols === cols && known.rows === rows) return { screen: known, fresh: false };
    const cells = new Uint32Array(cols * rows * WORDS_PER_CELL);
    if (known) {
      known.cells = cells;
      return { screen: known, fresh: true };
    }
    const screen: PaneScreen = {
      pane,
      cols,
      rows,
      cells,
      cursorX: 0,
      cursorY: 0,
      flags: 0,
      cursorStyle: 0,
      kittyFlags: 0,
      base: 0,
      oldest: 0,
    };
    this.#screens.set(pane, screen);
    return { screen, fresh: true };
  }
}

function takeOver(screen: PaneScreen, header: RowsHeader): void {
  screen.cols = header.cols;
  screen.rows = header.rows;
  screen.cursorX = header.cursorX;
  screen.cursorY = header.cursorY;
  // "full" is about this payload, not about the pane.
  screen.flags = header.flags & ~PANE_FLAG.full;
  screen.cursorStyle = header.cursorStyle;
  screen.kittyFlags = header.kittyFlags;
  screen.base = header.base;
  screen.oldest = header.oldest;
}

function shiftUp({ cells, cols }: PaneScreen, rows: number): void {
  if (rows === 0) return;
  const words = Math.min(cells.length, rows * cols * WORDS_PER_CELL);
  cells.copyWithin(0, words);
  fillBlank(cells, cells.length - words, cells.length);
}

function fillBlank(cells: Uint32Array, from: number, to: number): void {
  cells.fill(0, from, to);
  for (let i = from; i < to; i += WORDS_PER_CELL) cells[i] = BLANK_CONTENT;
}
