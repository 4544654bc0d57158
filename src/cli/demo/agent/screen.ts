/**
 * A transcript that scrolls away above, and a live part below (spinner, dialog, input box) that is drawn anew in place:
 * the inline style of most agent CLIs, on the main screen.
 */
import stringWidth from 'string-width';
import { wrap, type Line } from './wrap.ts';

export interface Live {
  readonly lines: readonly Line[];
  /** Where typing goes on: index into `lines` and column; null hides the cursor. */
  readonly cursor: { readonly line: number; readonly column: number } | null;
}

export interface Terminal {
  write(text: string): void;
  size(): { readonly cols: number; readonly rows: number };
}

/** Lines that are printed again after a resize. */
const HISTORY_LIMIT = 300;
/** Synchronized output (DEC private mode 2026). */
const BEGIN = '\u001B[?2026h\u001B[?25l';
const END = '\u001B[?2026l';

export class Screen {
  readonly #terminal: Terminal;
  #history: Line[] = [];
  #live: Live = { lines: [], cursor: null };
  /** Rows from the live part's first row down to the cursor, as last drawn. */
  #cursorRow = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Adds to the transcript, above the live part. */
  print(lines: readonly Line[]): void {
    this.#history = [...this.#history, ...lines].slice(-HISTORY_LIMIT);
    this.#draw(lines);
  }

  live(live: Live): void {
    this.#live = live;
    this.#draw([]);
  }

  /** After a resize rows are broken elsewhere: everything is printed again. */
  redraw(): void {
    this.#cursorRow = 0;
    // Clears scrollback too (ED 3), or every resize would leave one more copy of the transcript there.
    this.#draw(this.#history, '\u001B[2J\u001B[3J\u001B[H');
  }

  #draw(added: readonly Line[], clear = this.#toTop()): void {
    const { cols, rows } = this.#terminal.size();
    const above = added.flatMap((line) => wrap(line, cols));
    const parts = this.#live.lines.map((line) => wrap(line, cols));
    const all = parts.flat();
    // A live part taller than the screen would scroll away from under its own cursor: show its end.
    const hidden = Math.max(0, all.length - rows);
    const below = all.slice(hidden);
    this.#terminal.write(
      `${BEGIN}${clear}${[...above, ...below].join('\r\n')}${this.#place(parts, hidden, below.length)}${END}`,
    );
  }

  #toTop(): string {
    return `${this.#cursorRow > 0 ? `\u001B[${this.#cursorRow}A` : ''}\r\u001B[0m\u001B[J`;
  }

  /** From the end of the live part to its cursor. */
  #place(parts: readonly string[][], hidden: number, height: number): string {
    const { cursor } = this.#live;
    this.#cursorRow = Math.max(0, height - 1);
    if (cursor === null) return '';
    const row = parts.slice(0, cursor.line).flat().length - hidden;
    if (row < 0) return '';
    const up = height - 1 - row;
    this.#cursorRow = row;
    return `${up > 0 ? `\u001B[${up}A` : ''}\r${cursor.column > 0 ? `\u001B[${cursor.column}C` : ''}\u001B[?25h`;
  }
}

export function widthOf(text: string): number {
  return stringWidth(text);
}
