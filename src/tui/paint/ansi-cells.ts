/** A line of text with SGR and OSC 8 sequences, as Ink writes it, to cells; widths by the rules Ink measured with. */
import stringWidth from 'string-width';
import { COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import { graphemes } from '../../core/graphemes.ts';
import { isNarrow } from '../../core/narrow.ts';
import { fillBlank } from './cell-buffer.ts';
import { SgrState } from './sgr-parser.ts';

const ESC = 0x1b;
const SPACE_NARROW = (1 << WIDTH_SHIFT) | 32;
const IGNORABLE = /^\p{Default_Ignorable_Code_Point}+$/u;

export class AnsiCells {
  #clusters: ClusterTable;
  #style = new SgrState();
  #widths = new Map<string, number>();

  constructor(clusters: ClusterTable) {
    this.#clusters = clusters;
  }

  /**
   * Writes one line as exactly `cols` cells from word `at` on: cut, or filled with spaces.
   * Sequences other than SGR are left out.
   */
  line(text: string, cells: Uint32Array, at: number, cols: number): void {
    this.#style.reset();
    this.#write(text, cells, at, cols);
  }

  /** As line, for text without sequences in one style; the fill has the style's background. */
  plain(text: string, fg: number, bg: number, cells: Uint32Array, at: number, cols: number): void {
    this.#style.fg = fg;
    this.#style.bg = bg;
    const used = this.#write(text, cells, at, cols);
    for (let i = at + used * WORDS_PER_CELL; i < at + cols * WORDS_PER_CELL; i += WORDS_PER_CELL) {
      cells[i + 1] = 0;
      cells[i + 2] = bg;
    }
  }

  /** @returns the columns that the text took */
  #write(text: string, cells: Uint32Array, at: number, cols: number): number {
    let x = 0;
    let i = 0;
    while (i < text.length && x < cols) {
      const code = text.charCodeAt(i);
      if (code === ESC) {
        i = this.#sequence(text, i);
      } else if (isNarrow(code) && !joinsLeft(text.charCodeAt(i + 1))) {
        this.#cell(cells, at + x * WORDS_PER_CELL, (1 << WIDTH_SHIFT) | code);
        x++;
        i++;
      } else {
        const end = endOfRun(text, i);
        x += this.#segments(text.slice(i, end), cells, at + x * WORDS_PER_CELL, cols - x);
        i = end;
      }
    }
    fillBlank(cells, at + x * WORDS_PER_CELL, cols - x);
    return x;
  }

  #segments(text: string, cells: Uint32Array, at: number, cols: number): number {
    let x = 0;
    for (const { segment } of graphemes(text)) {
      const width = this.#widthOf(segment);
      if (width === 0) continue;
      if (x + width > cols) break;
      this.#glyph(segment, width, cells, at + x * WORDS_PER_CELL);
      x += width;
    }
    return x;
  }

  #glyph(segment: string, width: number, cells: Uint32Array, at: number): void {
    const code = segment.codePointAt(0)!;
    const isSingle = segment.length === (code > 0xffff ? 2 : 1);
    const content = isSingle ? code : COMBINED | this.#clusters.intern(segment);
    this.#cell(cells, at, (content | (Math.min(width, 2) << WIDTH_SHIFT)) >>> 0);
    if (width > 1) this.#cell(cells, at + WORDS_PER_CELL, 0);
    // No cell is wider than two: rare clusters that are leave spaces behind.
    for (let i = 2; i < width; i++) this.#cell(cells, at + i * WORDS_PER_CELL, SPACE_NARROW);
  }

  #cell(cells: Uint32Array, at: number, content: number): void {
    cells[at] = content;
    cells[at + 1] = this.#style.fg;
    cells[at + 2] = this.#style.bg;
  }

  /** As Ink's output does it: invisible characters take no cell, all others at least one. */
  #widthOf(segment: string): number {
    let width = this.#widths.get(segment);
    if (width === undefined) {
      width = IGNORABLE.test(segment) ? 0 : Math.max(1, stringWidth(segment));
      if (this.#widths.size > 4096) this.#widths.clear();
      this.#widths.set(segment, width);
    }
    return width;
  }

  /** Applies SGR, skips the rest. @returns the index after the sequence that starts at `i` */
  #sequence(text: string, i: number): number {
    const kind = text.charCodeAt(i + 1);
    if (kind === 0x5b) {
      let end = i + 2;
      while (end < text.length && text.charCodeAt(end) < 0x40) end++;
      if (text.charCodeAt(end) === 0x6d) this.#style.apply(text.slice(i + 2, end));
      return end + 1;
    }
    if (kind === 0x5d) {
      const bell = text.indexOf('\x07', i);
      const st = text.indexOf('\x1b\\', i);
      if (bell >= 0 && (st < 0 || bell < st)) return bell + 1;
      return st < 0 ? text.length : st + 2;
    }
    return i + 2;
  }
}

/** Whether the next unit may belong to the same glyph. */
function joinsLeft(next: number): boolean {
  return next >= 0x300 && !(next >= 0x2190 && next < 0x2c00) && !isNarrow(next);
}

function endOfRun(text: string, from: number): number {
  const end = text.indexOf('\x1b', from);
  return end < 0 ? text.length : end;
}
