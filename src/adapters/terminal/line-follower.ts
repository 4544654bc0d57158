/** Lines of the normal screen as they are completed: a line is complete once the cursor stands below it. */
import type { Emulator } from './emulator.ts';
import { rowText } from './text.ts';

export class LineFollower {
  readonly #emulator: Emulator;
  #next: number;

  /** Follows from the line the cursor is in. */
  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    const { base, cursorY } = emulator.state();
    this.#next = base + cursorY;
  }

  /** Call it after every few hundred bytes: what scrolled out of the scrollback meanwhile is missed. */
  collect(into: string[]): void {
    if (this.#emulator.alternate) return;
    const { base, oldest, cursorY } = this.#emulator.state();
    const cursor = base + cursorY;
    this.#next = Math.max(this.#next, oldest);
    while (this.#next < cursor) {
      let last = this.#next;
      while (this.#emulator.line(last + 1)?.isWrapped) last++;
      if (last >= cursor) return;
      into.push(this.#text(this.#next, last));
      this.#next = last + 1;
    }
  }

  /** The program ended: what stands in the cursor's line counts as a line. */
  finish(into: string[]): void {
    this.collect(into);
    if (this.#emulator.alternate) return;
    const { base, cursorY } = this.#emulator.state();
    const text = this.#text(this.#next, base + cursorY);
    if (text !== '') into.push(text);
    this.#next = base + cursorY + 1;
  }

  #text(first: number, last: number): string {
    let text = '';
    for (let number = first; number <= last; number++) {
      const line = this.#emulator.line(number);
      if (line) text += number < last ? line.translateToString(false) : rowText(line);
    }
    return text.trimEnd();
  }
}
