/** For tests: a client's view of a pane, and streams of output that try hard. */
import * as fc from 'fast-check';
import { ClusterTable } from '../../core/clusters.ts';
import { BLANK_CONTENT, CODEPOINT_MASK, COMBINED, WORDS_PER_CELL, cellWidth } from '../../core/cells.ts';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { decodeRow, decodeRowsHeader, eachRow, encodeRow } from '../../protocol/rows-codec.ts';
import type { RowsHeader } from '../../protocol/rows.ts';
import type { Emulator } from './emulator.ts';

const clusters = new ClusterTable();

/** Applies payloads by the words of protocol/rows.ts and nothing else. */
export class ClientScreen {
  header: RowsHeader | null = null;
  cells: Uint32Array = new Uint32Array(0);

  apply(payload: Uint8Array): void {
    const header = decodeRowsHeader(payload);
    const width = header.cols * WORDS_PER_CELL;
    if (header.flags & PANE_FLAG.full) {
      this.cells = blank(header.rows * header.cols);
    } else if (header.scroll > 0) {
      this.cells.copyWithin(0, header.scroll * width);
      this.cells.set(blank(header.scroll * header.cols), (header.rows - header.scroll) * width);
    }
    eachRow(payload, (y, bytes) => decodeRow(bytes, this.cells, y * width, header.cols, clusters));
    this.header = header;
  }

  rows(): string[] {
    const { cols, rows } = this.header!;
    return Array.from({ length: rows }, (_, y) => describeRow(this.cells, y * cols * WORDS_PER_CELL, cols));
  }
}

function blank(cells: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(cells * WORDS_PER_CELL);
  for (let i = 0; i < words.length; i += WORDS_PER_CELL) words[i] = BLANK_CONTENT;
  return words;
}

/** The screen as the emulator has it, row by row, in the same words as ClientScreen.rows(). */
export function emulatorRows(emulator: Emulator): string[] {
  const { cols, rows } = emulator;
  return Array.from({ length: rows }, (_, y) => {
    const line = emulator.row(y);
    const cells = new Uint32Array(cols * WORDS_PER_CELL);
    decodeRow(
      encodeRow(line._data, 0, cols, (x) => line._combined[x] ?? ''),
      cells,
      0,
      cols,
      clusters,
    );
    return describeRow(cells, 0, cols);
  });
}

/** Text, then what isn't plain: `column:width/fg/bg`. */
function describeRow(cells: Uint32Array, offset: number, cols: number): string {
  let text = '';
  let marks = '';
  for (let x = 0; x < cols; x++) {
    const i = offset + x * WORDS_PER_CELL;
    const content = cells[i]!;
    const low = content & CODEPOINT_MASK;
    if (cellWidth(content) > 0) text += content & COMBINED ? clusters.at(low) : String.fromCodePoint(low);
    if (cellWidth(content) !== 1 || cells[i + 1] !== 0 || cells[i + 2] !== 0) {
      marks += ` ${x}:${cellWidth(content)}/${cells[i + 1]!.toString(16)}/${cells[i + 2]!.toString(16)}`;
    }
  }
  return `${text.trimEnd()}|${marks}`;
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

const count = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(79, 200, 2_147_483_647));
const word = fc.constantFrom(
  'x',
  'word ',
  'const a = 1;',
  '漢字',
  '🚀',
  '👩‍👩‍👧‍👦',
  'e\u0301',
  '─────────────',
  '        ',
  'é…—、',
  '🇩🇪',
);
const sgr = fc.constantFrom(
  '0',
  '1',
  '2;3',
  '4:3',
  '7',
  '9',
  '31',
  '97;44',
  '38;5;200',
  '48;2;1;2;3',
  '39;49',
  '53',
  '8;5',
);

/** One piece of output: text, moves, erasing, scrolling, modes, whole screens. */
export const piece: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 3, arbitrary: fc.tuple(sgr, word).map(([s, w]) => `\x1b[${s}m${w}`) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('\r\n', '\n', '\r', '\b', '\t', '\x1bM', '\x1bD', '\x1bE', '\x1b7', '\x1b8', '\x1bH'),
  },
  { weight: 4, arbitrary: fc.tuple(count, count).map(([y, x]) => `\x1b[${y};${x}H`) },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom(...'@ABCDEFGIJKLMPSTXZ`abdefg'), count).map(([f, n]) => `\x1b[${n}${f}`),
  },
  { weight: 2, arbitrary: fc.tuple(count, count).map(([t, b]) => `\x1b[${t};${b}r`) },
  { weight: 1, arbitrary: fc.tuple(count, fc.constantFrom(' @', ' A', "'}", "'~")).map(([n, f]) => `\x1b[${n}${f}`) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '?1049h',
        '?1049l',
        '?47h',
        '?47l',
        '?25l',
        '?25h',
        '?7l',
        '?7h',
        '?6h',
        '?6l',
        '4h',
        '4l',
        '20h',
        '20l',
      )
      .map((m) => `\x1b[${m}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\x1bc',
      '\x1b[!p',
      '\x1b#8',
      '\x1b(0',
      '\x1b(B',
      '\x0e',
      '\x0f',
      '\x1b[3J',
      '\x1b[2J\x1b[H',
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 1, max: 40 })
      .map((n) => Array.from({ length: n }, (_, i) => `log line ${i}\r\n`).join('')),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => {
      const rows = Array.from({ length: 10 }, (_, y) => `\x1b[${y + 1};1H\x1b[3${n % 8}mframe ${n} row ${y}\x1b[K`);
      return rows.join('');
    }),
  },
);

/** Bytes that no program would print on purpose. */
export const noise: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
