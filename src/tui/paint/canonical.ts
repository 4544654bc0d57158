/**
 * One look, one set of words: emulators leave junk in bits that nothing shows (unused colour bits, the colour of a
 * space), and a cell that looks the same must cost nothing.
 */
import {
  BG_HAS_EXTENDED,
  BG_OVERLINE,
  BG_PROTECTED,
  BLANK_CONTENT,
  CODEPOINT_MASK,
  COLOR_MODE_MASK,
  COMBINED,
  normalizeColor,
  RGB_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../../core/cells.ts';
import { FG_VISIBLE_ON_BLANK } from './pen.ts';

/** No cell has this content: what it stands for must be painted whatever comes. */
export const STALE = 0xffffffff;

const BG_UNSHOWN = (BG_HAS_EXTENDED | BG_PROTECTED) >>> 0;
const BG_ON_BLANK = (COLOR_MODE_MASK | RGB_MASK | BG_OVERLINE) >>> 0;
const WIDE = 2 << WIDTH_SHIFT;
const WIDTH_MASK = ~0 << WIDTH_SHIFT;

/**
 * Rewrites the cell at word `at` to what it looks like. Control characters, halves of wide glyphs without their other
 * half and glyphs cut by the row's end become spaces, so nothing that isn't a glyph is ever sent.
 * @param first - word of the row's first cell
 * @param end - word after the row's last cell
 */
export function canonicalize(cells: Uint32Array, at: number, first: number, end: number): void {
  let content = cells[at]!;
  let fg = cells[at + 1]!;
  let bg = cells[at + 2]!;
  const width = content & WIDTH_MASK;
  if (width === 0) {
    if (at > first && (cells[at - WORDS_PER_CELL]! & WIDTH_MASK) === WIDE) {
      cells[at] = cells[at + 1] = cells[at + 2] = 0;
      return;
    }
    content = BLANK_CONTENT;
  } else if (width === WIDE) {
    const next = at + WORDS_PER_CELL;
    if (next >= end || (cells[next]! & WIDTH_MASK) !== 0) content = BLANK_CONTENT;
  }
  if ((content & COMBINED) === 0) {
    const code = content & CODEPOINT_MASK;
    if (code <= 32 || (code >= 0x7f && code < 0xa0) || (code >= 0x300 && isInvisible(code))) content = BLANK_CONTENT;
  }
  if (content === BLANK_CONTENT && (fg & FG_VISIBLE_ON_BLANK) === 0) {
    fg = 0;
    bg &= BG_ON_BLANK;
  }
  cells[at] = content;
  cells[at + 1] = normalizeColor(fg);
  cells[at + 2] = normalizeColor(bg & ~BG_UNSHOWN);
}

/** Marks, joiners, bidi controls and tags that stand alone: they would join or turn around what is beside them. */
function isInvisible(code: number): boolean {
  if (code < 0x2000) return code < 0x370 || code === 0x61c;
  if (code < 0x3000) return (code >= 0x200b && code < 0x2010) || (code >= 0x2028 && code < 0x202f) || isMark(code);
  return (code >= 0xfe00 && code < 0xfe10) || code === 0xfeff || (code >= 0xe0000 && code < 0xe1000);
}

function isMark(code: number): boolean {
  return (code >= 0x2060 && code < 0x2070) || (code >= 0x20d0 && code < 0x2100);
}

// The last door before the terminal: control characters, bidi controls, tags.
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e0fff}]/gu;

/** A cluster's text without what would do more than show a glyph. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, '') || '\ufffd';
}

/**
 * Whether terminals disagree on how many columns the glyph takes: clusters, emoji, dingbats, private use, scripts
 * with vowel signs of their own. The cursor's column can't be known after it.
 */
export function isDisputed(content: number): boolean {
  if ((content & COMBINED) !== 0) return true;
  const code = content & CODEPOINT_MASK;
  if (code < 0x0300) return code === 0xad;
  if (code < 0x1100) return code >= 0x0590;
  if (code < 0x2500) return code < 0x2010 || (code >= 0x2300 && code < 0x2400) || (code >= 0x2028 && code < 0x2070);
  if (code < 0x2800) return code >= 0x25fd;
  if (code < 0x2e80) return code >= 0x2900;
  if (code < 0xe000) return code >= 0xa4d0 && code < 0xac00;
  if (code < 0xf900) return true;
  if (code < 0x20000) return code >= 0x10000 || (code >= 0xfe00 && code < 0xfe30) || code >= 0xffe0;
  return false;
}
