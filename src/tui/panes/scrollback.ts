import type { LineBlock, RoomClient } from '../../client/api.ts';
import { WORDS_PER_CELL } from '../../core/cells.ts';
import type { PaneSource, Rect } from '../paint/api.ts';
import { type ScrollView, selectionOf } from '../app/scroll.ts';

type Row = { readonly cells: Uint32Array; readonly offset: number };

/** Lines asked for at once: a few screens, so that paging on finds them there. */
const BLOCK_LINES = 256;
/** Lines kept: some 20 MB at 100 columns; then the farthest are dropped. */
const KEEP_LINES = 16_384;

/**
 * Lines of one pane by their absolute numbers: fetched in blocks when first looked at. Lines still on the live screen
 * are read from it and remembered, so that the view stands still while the program prints on.
 */
export class Scrollback {
  readonly pane: number;
  readonly #client: RoomClient;
  readonly #arrived: () => void;
  /** null: asked for, and not there (any more). */
  #rows = new Map<number, Row | null>();
  #asked = new Set<number>();
  #cols = 0;

  /** @param arrived called when lines that were missing came in */
  constructor(client: RoomClient, pane: number, arrived: () => void) {
    this.#client = client;
    this.pane = pane;
    this.#arrived = arrived;
  }

  get cols(): number {
    return this.#client.screen(this.pane)?.cols ?? 0;
  }

  /** Cells of a line; null while it is on its way, or where there is none. */
  line(number: number): Row | null {
    const screen = this.#client.screen(this.pane);
    if (!screen) return null;
    this.#forgetOtherWidth(screen.cols);
    const y = number - screen.base;
    if (y >= 0 && y < screen.rows) {
      const from = y * screen.cols * WORDS_PER_CELL;
      const cells = screen.cells.slice(from, from + screen.cols * WORDS_PER_CELL);
      const row = { cells, offset: 0 };
      this.#rows.set(number, row);
      return row;
    }
    const known = this.#rows.get(number);
    if (known === undefined && y < 0 && number >= screen.oldest) void this.load(number);
    return known ?? null;
  }

  /** Fetches the block that `number` lies in, unless that is under way. */
  async load(number: number): Promise<void> {
    const block = Math.floor(number / BLOCK_LINES);
    if (this.#asked.has(block)) return;
    this.#asked.add(block);
    try {
      const from = block * BLOCK_LINES;
      const lines = await this.#client.lines(this.pane, from, BLOCK_LINES);
      this.#take(from, lines);
      this.#trim(number);
      this.#arrived();
    } catch {
      // The line is down, or the pane is gone: what is missing stays blank, and is asked for when looked at again.
    } finally {
      // Part of a block may not have been printed yet when it was asked for.
      this.#asked.delete(block);
    }
  }

  /** Waits until every line from `first` to `last` is known, as far as it exists. */
  async loadRange(first: number, last: number): Promise<void> {
    for (let number = first; number <= last; number += BLOCK_LINES) await this.load(number);
    await this.load(last);
  }

  /** What came of a block; lines of the past that didn't are noted, so that nobody asks for them again and again. */
  #take(asked: number, { from, cells, cols, count }: LineBlock): void {
    const base = this.#client.screen(this.pane)?.base ?? 0;
    for (let number = asked; number < asked + BLOCK_LINES; number++) {
      const i = number - from;
      if (i >= 0 && i < count) this.#rows.set(number, { cells, offset: i * cols * WORDS_PER_CELL });
      else if (number < base) this.#rows.set(number, null);
    }
  }

  #forgetOtherWidth(cols: number): void {
    if (this.#cols === cols) return;
    this.#cols = cols;
    this.#rows.clear();
  }

  #trim(near: number): void {
    if (this.#rows.size <= KEEP_LINES) return;
    for (const number of this.#rows.keys()) {
      if (Math.abs(number - near) > KEEP_LINES / 2) this.#rows.delete(number);
    }
  }
}

/** What the pane shows while one looks back: lines from `view().top` on, with selection and matches marked. */
export class ScrollSource implements PaneSource {
  readonly detached = true;
  readonly #lines: Scrollback;
  readonly #view: () => ScrollView | null;

  constructor(lines: Scrollback, view: () => ScrollView | null) {
    this.#lines = lines;
    this.#view = view;
  }

  get cols(): number {
    return this.#lines.cols;
  }

  /** As many as anybody may ask for: lines that aren't there are null. */
  get rows(): number {
    return 0xffff;
  }

  row(y: number): Row | null {
    const view = this.#view();
    return view ? this.#lines.line(view.top + y) : null;
  }

  origin(rect: Rect): { readonly x: number; readonly y: number } {
    const caret = this.#view()?.caret;
    const x = caret && caret.column >= rect.width ? caret.column - rect.width + 1 : 0;
    return { x, y: 0 };
  }

  marks(y: number) {
    const view = this.#view();
    return view ? marksOf(view, view.top + y, this.cols) : [];
  }
}

type Mark = { readonly from: number; readonly to: number; readonly kind: 'selection' | 'match' | 'current' };

/** Columns `from` to `to` (exclusive) of a line that are marked, later ones above earlier ones. */
export function marksOf(view: ScrollView, line: number, cols: number): Mark[] {
  const marks: Mark[] = [];
  view.matches.forEach((match, i) => {
    if (match.line !== line) return;
    marks.push({ from: match.column, to: match.column + match.length, kind: i === view.current ? 'current' : 'match' });
  });
  const selection = selectionOf(view);
  if (selection && line >= selection.from.line && line <= selection.to.line) {
    const from = line === selection.from.line ? selection.from.column : 0;
    const to = line === selection.to.line ? Math.min(cols, selection.to.column + 1) : cols;
    marks.push({ from, to, kind: 'selection' });
  }
  const { caret } = view;
  if (caret && !view.anchor && caret.line === line)
    marks.push({ from: caret.column, to: caret.column + 1, kind: 'current' });
  return marks;
}
