/** An operator's terminal in the test's own process: what was written to it, read back as cells. */
// oxlint-disable-next-line no-restricted-imports -- it stands in for the operator's terminal
import headless from '@xterm/headless';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { canonicalize } from './canonical.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import { CODEPOINT_MASK, COMBINED, WORDS_PER_CELL } from '../../core/cells.ts';

interface CoreLine {
  readonly _data: Uint32Array;
  readonly _combined: Record<number, string>;
}

interface Core {
  readonly buffer: {
    readonly ybase: number;
    readonly x: number;
    readonly y: number;
    lines: { get(y: number): CoreLine };
  };
}

export class OuterTerminal {
  readonly terminal: InstanceType<typeof headless.Terminal>;
  readonly answers: string[] = [];

  constructor(cols: number, rows: number, scrollback = 100) {
    this.terminal = new headless.Terminal({ cols, rows, allowProposedApi: true, logLevel: 'off', scrollback });
    this.terminal.loadAddon(new UnicodeGraphemesAddon());
    this.terminal.unicode.activeVersion = '15-graphemes';
    this.terminal.onData((data) => this.answers.push(data));
  }

  /** Parses at once: write() alone waits for a timer, input() flushes what is pending. */
  write(bytes: Uint8Array | string): void {
    this.#core()._writeBuffer.writeSync(bytes);
  }

  get cursor(): { x: number; y: number } {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  /** Row y as text, spaces at its end left out. */
  text(y: number): string {
    const { active } = this.terminal.buffer;
    return (
      active
        .getLine(active.viewportY + y)
        ?.translateToString(true)
        .trimEnd() ?? ''
    );
  }

  /** All cells as they look, one string a row: equal looks are equal strings. */
  looks(): string[] {
    const { buffer } = this.#core();
    return Array.from({ length: this.terminal.rows }, (_, y) => {
      const line = buffer.lines.get(buffer.ybase + y);
      return rowLooks(line._data.slice(), 0, this.terminal.cols, (x) => line._combined[x] ?? '');
    });
  }

  /** Lines that have gone off the top. */
  get base(): number {
    return this.#core().buffer.ybase;
  }

  /** Packed cells of row y of the screen, clusters interned. */
  copyRow(y: number, into: Uint32Array, offset: number, clusters: ClusterTable): void {
    const line = this.#core().buffer.lines.get(this.base + y);
    for (let i = 0; i < this.terminal.cols * WORDS_PER_CELL; i++) into[offset + i] = line._data[i]!;
    for (const [x, text] of Object.entries(line._combined)) {
      const at = offset + Number(x) * WORDS_PER_CELL;
      if ((into[at]! & COMBINED) !== 0) into[at] = ((into[at]! & ~CODEPOINT_MASK) | clusters.intern(text)) >>> 0;
    }
  }

  #core(): Core & { _writeBuffer: { writeSync(data: Uint8Array | string): void } } {
    return (this.terminal as unknown as { _core: Core & { _writeBuffer: { writeSync(d: Uint8Array | string): void } } })
      ._core;
  }
}

/** The look of `cols` cells from word `at` on. */
export function rowLooks(cells: Uint32Array, at: number, cols: number, cluster: (x: number) => string): string {
  const end = at + cols * WORDS_PER_CELL;
  const out: string[] = [];
  for (let x = 0; x < cols; x++) {
    const i = at + x * WORDS_PER_CELL;
    canonicalize(cells, i, at, end);
    const content = cells[i]!;
    const glyph = (content & COMBINED) !== 0 ? cluster(x) : String.fromCodePoint(content & CODEPOINT_MASK || 0x2205);
    out.push(`${glyph}:${(content >>> 22).toString()}:${cells[i + 1]!.toString(16)}:${cells[i + 2]!.toString(16)}`);
  }
  return out.join('\t');
}
