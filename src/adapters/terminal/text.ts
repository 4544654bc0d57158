/** A pane as text: lines, search, rows of the scrollback. */
import {
  BG_DIM,
  BG_ITALIC,
  BG_OVERLINE,
  COLOR_DEFAULT,
  COLOR_MODE_MASK,
  COLOR_P16,
  COLOR_P256,
  FG_BLINK,
  FG_BOLD,
  FG_INVERSE,
  FG_INVISIBLE,
  FG_STRIKE,
  FG_UNDERLINE,
  PALETTE_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
  normalizeColor,
} from '../../core/cells.ts';
import type { SearchReply } from '../../protocol/messages.ts';
import type { PaneText, TextOptions } from './api.ts';
import type { Emulator, EmulatorLine } from './emulator.ts';
import { PayloadWriter } from './row-tracker.ts';

/** Rows in one answer, so that it stays far below the largest frame. */
const MAX_LINES = 2_000;
/** What one answer may weigh, in bytes. */
const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_MATCHES = 1_000;

/** Rows from absolute number `from` on, as a payload in which y counts from there. Rows not kept are left out. */
export function linesPayload(pane: number, emulator: Emulator, from: number, count: number): Uint8Array {
  const writer = new PayloadWriter();
  writer.begin();
  const most = Math.min(count, MAX_LINES);
  for (let y = 0; y < most && writer.length < MAX_ANSWER; y++) {
    const line = emulator.line(from + y);
    if (line) writer.row(y, line, emulator.cols);
  }
  const { cols, rows } = emulator;
  return writer.end({ ...emulator.state(), pane, frame: 0, cols, rows, scroll: 0 });
}

/** Plain text of one row, blanks at its end cut off. */
export function rowText(line: EmulatorLine): string {
  return line.translateToString(false).trimEnd();
}

/** Finds `query` in scrollback and screen; in capitals as in small letters unless it has a capital itself. */
export function searchLines(emulator: Emulator, query: string): SearchReply {
  const matches: { line: number; column: number; length: number }[] = [];
  if (query === '') return { matches };
  const fold = query === query.toLowerCase();
  const columns: number[] = [];
  const { base, oldest } = emulator.state();
  for (let number = oldest; number < base + emulator.rows && matches.length < MAX_MATCHES; number++) {
    const line = emulator.line(number);
    if (!line) continue;
    const raw = line.translateToString(false, 0, undefined, columns);
    const text = fold ? raw.toLowerCase() : raw;
    if (text.length !== raw.length) continue;
    for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
      const column = columns[at]!;
      matches.push({ line: number, column, length: columns[at + query.length]! - column });
      if (matches.length >= MAX_MATCHES) break;
    }
  }
  return { matches };
}

export function paneText(emulator: Emulator, options: TextOptions): PaneText {
  const { base, oldest, cursorX, cursorY } = emulator.state();
  const print = options.ansi ? ansiRow : rowText;
  const lines = options.screen
    ? Array.from({ length: emulator.rows }, (_, y) => print(emulator.row(y)))
    : joined(emulator, oldest, base + emulator.rows, print);
  const wanted =
    options.lines === null || options.screen
      ? lines
      : lines.slice(lines.length - Math.min(options.lines, lines.length));
  return { lines: wanted, cols: emulator.cols, rows: emulator.rows, cursor: { x: cursorX, y: cursorY } };
}

/** Lines as they were printed: rows that wrapped are one, empty ones at the end are none. */
function joined(emulator: Emulator, from: number, to: number, print: (line: EmulatorLine) => string): string[] {
  const lines: string[] = [];
  for (let number = from; number < to; number++) {
    const line = emulator.line(number);
    if (!line) continue;
    const next = emulator.line(number + 1);
    // Blanks before a wrap belong to the text.
    const text = next?.isWrapped && print === rowText ? line.translateToString(false) : print(line);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  for (let n = lines.length - 1; n >= 0; n--) lines[n] = lines[n]!.trimEnd();
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** A row with its looks as SGR sequences; ends in the default look. */
export function ansiRow(line: EmulatorLine): string {
  const words = line._data;
  const end = visibleCells(words);
  let out = '';
  let fg = 0;
  let bg = 0;
  for (let x = 0; x < end; x++) {
    const i = x * WORDS_PER_CELL;
    const width = words[i]! >>> WIDTH_SHIFT;
    if (width === 0) continue;
    const nextFg = normalizeColor(words[i + 1]!);
    const nextBg = normalizeColor(words[i + 2]! & ~UNSHOWN);
    if (nextFg !== fg || nextBg !== bg) {
      out += sgr(nextFg, nextBg);
      fg = nextFg;
      bg = nextBg;
    }
    out += line.translateToString(false, x, x + 1);
  }
  return fg === 0 && bg === 0 ? out : `${out}\x1b[0m`;
}

/** Bits of a background word that only xterm cares about: BG_HAS_EXTENDED, BG_PROTECTED. */
const UNSHOWN = 0x30000000;

function visibleCells(words: Uint32Array): number {
  let cells = words.length / WORDS_PER_CELL;
  while (cells > 0) {
    const i = (cells - 1) * WORDS_PER_CELL;
    const code = words[i]! & 0x3fffff;
    if ((code !== 0 && code !== 32) || normalizeColor(words[i + 1]!) !== 0 || normalizeColor(words[i + 2]!) !== 0)
      break;
    cells--;
  }
  return cells;
}

/** ECMA-48 SGR, from a reset on. */
function sgr(fg: number, bg: number): string {
  const codes = ['0'];
  for (const [bit, code] of FG_STYLES) if (fg & bit) codes.push(code);
  for (const [bit, code] of BG_STYLES) if (bg & bit) codes.push(code);
  const colours = [colour(fg, 30, 90, 38), colour(bg, 40, 100, 48)].filter((code) => code !== '');
  return `\x1b[${[...codes, ...colours].join(';')}m`;
}

const FG_STYLES: readonly (readonly [number, string])[] = [
  [FG_BOLD, '1'],
  [FG_UNDERLINE, '4'],
  [FG_BLINK, '5'],
  [FG_INVERSE, '7'],
  [FG_INVISIBLE, '8'],
  [FG_STRIKE, '9'],
];
const BG_STYLES: readonly (readonly [number, string])[] = [
  [BG_DIM, '2'],
  [BG_ITALIC, '3'],
  [BG_OVERLINE, '53'],
];

function colour(word: number, normal: number, bright: number, extended: number): string {
  const index = word & PALETTE_MASK;
  switch (word & COLOR_MODE_MASK) {
    case COLOR_DEFAULT:
      return '';
    case COLOR_P16:
      return String(index < 8 ? normal + index : bright + index - 8);
    case COLOR_P256:
      return `${extended};5;${index}`;
    default:
      return `${extended};2;${(word >>> 16) & 0xff};${(word >>> 8) & 0xff};${word & 0xff}`;
  }
}
