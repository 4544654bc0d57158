import type { RoomClient } from '../../client/api.ts';
import { CODEPOINT_MASK, COMBINED, WORDS_PER_CELL } from '../../core/cells.ts';
import type { PaneSource } from '../paint/api.ts';

/** The last lines of a pane that say anything: what a folded pane shows. Frames and blank rows say nothing. */
export class TailSource implements PaneSource {
  readonly detached = true;
  readonly #client: RoomClient;
  readonly #pane: number;
  readonly #height: number;

  /** @param height rows that there is room for */
  constructor(client: RoomClient, pane: number, height: number) {
    this.#client = client;
    this.#pane = pane;
    this.#height = height;
  }

  get cols(): number {
    return this.#client.screen(this.#pane)?.cols ?? 0;
  }

  get rows(): number {
    return this.#height;
  }

  row(y: number): { readonly cells: Uint32Array; readonly offset: number } | null {
    const screen = this.#client.screen(this.#pane);
    if (!screen) return null;
    const words = screen.cols * WORDS_PER_CELL;
    let missing = this.#height - y;
    for (let row = screen.rows - 1; row >= 0; row--) {
      if (!saysSomething(screen.cells, row * words, words)) continue;
      if (--missing === 0) return { cells: screen.cells, offset: row * words };
    }
    return null;
  }

  origin(): { readonly x: number; readonly y: number } {
    return { x: 0, y: 0 };
  }
}

/** Whether a row of cells has a letter or a digit in it. */
export function saysSomething(cells: Uint32Array, offset: number, words: number): boolean {
  for (let at = offset; at < offset + words; at += WORDS_PER_CELL) {
    const content = cells[at]!;
    if ((content & COMBINED) !== 0 || isLetterLike(content & CODEPOINT_MASK)) return true;
  }
  return false;
}

function isLetterLike(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && /[0-9A-Za-z]/.test(String.fromCharCode(code));
  // Arrows, box drawing, blocks, shapes and the like lie between.
  return code < 0x2000 || code > 0x2bff;
}
