/** Where the terminal's cursor is, and the cheapest way from there to the next cell. */
import type { ByteSink } from './byte-sink.ts';
import { digits } from './byte-sink.ts';

const LETTER = { up: 65, down: 66, right: 67, left: 68, column: 71, position: 72, row: 100 } as const;

export class TermCursor {
  /** -1: not known (after a glyph of disputed width, or in the last column with the wrap pending). */
  x = -1;
  y = -1;

  forget(): void {
    this.x = -1;
    this.y = -1;
  }

  moveTo(sink: ByteSink, x: number, y: number): void {
    if (y === this.y) this.#along(sink, x);
    else if (x === 0 && y === this.y + 1 && this.y >= 0) sink.ascii('\r\n');
    else if (x === this.x && this.y >= 0) this.#down(sink, y);
    else position(sink, x, y);
    this.x = x;
    this.y = y;
  }

  #along(sink: ByteSink, x: number): void {
    if (x === this.x) return;
    if (x === 0) {
      sink.byte(13);
      return;
    }
    const by = x - this.x;
    if (this.x < 0) sink.csi(x + 1, LETTER.column);
    else if (by > 0) {
      if (by === 1 || digits(by) <= digits(x + 1)) sink.csi(by, LETTER.right);
      else sink.csi(x + 1, LETTER.column);
    } else if (by >= -3) for (let i = by; i < 0; i++) sink.byte(8);
    else if (digits(-by) <= digits(x + 1)) sink.csi(-by, LETTER.left);
    else sink.csi(x + 1, LETTER.column);
  }

  #down(sink: ByteSink, y: number): void {
    const by = y - this.y;
    const relative = Math.abs(by) === 1 ? 0 : digits(Math.abs(by));
    if (relative <= digits(y + 1)) sink.csi(Math.abs(by), by > 0 ? LETTER.down : LETTER.up);
    else sink.csi(y + 1, LETTER.row);
  }
}

/** CUP; parameters of 1 may be left out. */
function position(sink: ByteSink, x: number, y: number): void {
  sink.byte(27);
  sink.byte(91);
  if (y > 0) sink.number(y + 1);
  if (x > 0) {
    sink.byte(59);
    sink.number(x + 1);
  }
  sink.byte(LETTER.position);
}
