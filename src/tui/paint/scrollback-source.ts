/** A pane scrolled back: lines of its past, then of its screen, with what is selected and what was searched for. */
import type { PaneScreen, RoomClient } from '../../client/api.ts';
import { WORDS_PER_CELL } from '../../core/cells.ts';
import type { PaneSource, Rect } from './api.ts';
import type { Mark } from './blit.ts';
import { LineCache } from './line-cache.ts';
import { rowText } from './row-text.ts';
import type { Selection } from './selection.ts';
import { selectedLines, selectedSpan } from './selection.ts';

export interface SearchMatch {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export class ScrollbackSource implements PaneSource {
  readonly detached = true;
  readonly pane: number;
  selection: Selection | null = null;
  #client: RoomClient;
  #changed: () => void;
  #cache: LineCache;
  #top: number;
  #height: number;
  #matches = new Map<number, SearchMatch[]>();
  #current: SearchMatch | null = null;

  /**
   * Starts at the live screen's bottom.
   * @param height - rows of the rectangle that shows it; follows the rectangle afterwards
   * @param changed - lines came in: the pane is to be painted again (Stage.touch)
   */
  constructor(client: RoomClient, pane: number, height: number, changed: () => void) {
    this.#client = client;
    this.pane = pane;
    this.#changed = changed;
    this.#height = Math.max(1, height);
    this.#cache = new LineCache(client, pane, () => this.#changed());
    this.#top = this.bottom;
  }

  get cols(): number {
    return this.#screen?.cols ?? 0;
  }

  get rows(): number {
    return this.#height;
  }

  /** Absolute number of the first line shown. */
  get top(): number {
    return this.#top;
  }

  /** `top` at which the live screen's last line is the last shown. */
  get bottom(): number {
    const screen = this.#screen;
    return screen ? Math.max(screen.oldest, screen.base + screen.rows - this.#height) : 0;
  }

  get oldest(): number {
    return this.#screen?.oldest ?? 0;
  }

  get atEnd(): boolean {
    return this.#top >= this.bottom;
  }

  /** Shows `line` first, as far as there are lines. */
  scrollTo(line: number): void {
    this.#top = Math.min(this.bottom, Math.max(this.oldest, Math.floor(line)));
    this.#changed();
  }

  scrollBy(lines: number): void {
    this.scrollTo(this.#top + lines);
  }

  /** Scrolls as little as needed for `line` to be seen. */
  reveal(line: number): void {
    if (line < this.#top) this.scrollTo(line);
    else if (line >= this.#top + this.#height) this.scrollTo(line - this.#height + 1);
  }

  select(selection: Selection | null): void {
    this.selection = selection;
    this.#changed();
  }

  /** @param current - the match that the person is at, shown apart */
  setMatches(matches: readonly SearchMatch[], current: SearchMatch | null): void {
    this.#matches = Map.groupBy(matches, ({ line }) => line);
    this.#current = current;
    this.#changed();
  }

  row(y: number): { readonly cells: Uint32Array; readonly offset: number } | null {
    return this.#line(this.#top + y);
  }

  origin(rect: Rect): { readonly x: number; readonly y: number } {
    if (rect.height !== this.#height && rect.height > 0) {
      const wasAtEnd = this.atEnd;
      this.#height = rect.height;
      this.#top = wasAtEnd ? this.bottom : Math.min(this.#top, this.bottom);
    }
    if (this.#top < this.oldest) this.#top = Math.min(this.oldest, this.bottom);
    return { x: 0, y: 0 };
  }

  marks(y: number): readonly Mark[] {
    const line = this.#top + y;
    const marks: Mark[] = (this.#matches.get(line) ?? []).map((match) => ({
      from: match.column,
      to: match.column + match.length,
      kind: isSame(match, this.#current) ? 'current' : 'match',
    }));
    const span = this.selection && selectedSpan(this.selection, line, this.cols);
    if (span) marks.push({ ...span, kind: 'selection' });
    return marks;
  }

  /** Text of the selection, lines parted by \n; lines that are gone are left out. */
  async selectedText(): Promise<string> {
    const selection = this.selection;
    if (!selection) return '';
    const { first, last } = selectedLines(selection);
    const texts: string[] = [];
    for (let line = Math.max(first, this.oldest); line <= last; line++) {
      const span = selectedSpan(selection, line, this.cols);
      if (line < (this.#screen?.base ?? 0) && !this.#line(line)) await this.#cache.ensure(line, this.#screen!.base);
      const row = this.#line(line);
      if (span && row) texts.push(rowText(row.cells, row.offset, span.from, span.to, this.#client.clusters));
    }
    return texts.join('\n');
  }

  get #screen(): PaneScreen | undefined {
    return this.#client.screen(this.pane);
  }

  #line(line: number): { readonly cells: Uint32Array; readonly offset: number } | null {
    const screen = this.#screen;
    if (!screen || line < screen.oldest) return null;
    if (line < screen.base) return this.#cache.row(line, screen.cols, screen.base);
    const y = line - screen.base;
    return y < screen.rows ? { cells: screen.cells, offset: y * screen.cols * WORDS_PER_CELL } : null;
  }
}

function isSame(a: SearchMatch, b: SearchMatch | null): boolean {
  return b !== null && a.line === b.line && a.column === b.column;
}
