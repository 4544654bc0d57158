/** The terminal's current style, and the shortest SGR (ECMA-48 8.3.117) from there to the next. */
import {
  BG_DIM,
  BG_ITALIC,
  BG_OVERLINE,
  COLOR_MODE_MASK,
  COLOR_P16,
  COLOR_P256,
  COLOR_RGB,
  FG_BLINK,
  FG_BOLD,
  FG_INVERSE,
  FG_INVISIBLE,
  FG_STRIKE,
  FG_UNDERLINE,
  PALETTE_MASK,
  RGB_MASK,
} from '../../core/cells.ts';
import type { ByteSink } from './byte-sink.ts';
import { digits } from './byte-sink.ts';
import type { Palette } from './colors.ts';

const COLOR_BITS = COLOR_MODE_MASK | RGB_MASK;
/** Styles that show on a space too. */
export const FG_VISIBLE_ON_BLANK = (FG_INVERSE | FG_UNDERLINE | FG_STRIKE) >>> 0;
const FG_STYLES = [
  [FG_UNDERLINE, 4, 24],
  [FG_BLINK, 5, 25],
  [FG_INVERSE, 7, 27],
  [FG_INVISIBLE, 8, 28],
  [FG_STRIKE, 9, 29],
] as const;
const BG_STYLES = [
  [BG_ITALIC, 3, 23],
  [BG_OVERLINE, 53, 55],
] as const;

export class Pen {
  #palette: Palette;
  /** What was asked for last, and what the terminal was told for it. */
  #askedFg = 0;
  #askedBg = 0;
  #fg = 0;
  #bg = 0;
  #known = false;
  #delta = new Params();
  #fresh = new Params();

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** Something else may have changed the style: start from a reset. */
  forget(): void {
    this.#known = false;
  }

  /** The style was reset by a sequence already in the output. */
  wasReset(): void {
    this.#known = true;
    this.#askedFg = this.#askedBg = this.#fg = this.#bg = 0;
  }

  /** Whether a space with this background looks right without any change. */
  fitsBlank(bg: number): boolean {
    if (!this.#known || (this.#askedFg & FG_VISIBLE_ON_BLANK) !== 0) return false;
    return ((this.#askedBg ^ bg) & (COLOR_BITS | BG_OVERLINE)) === 0;
  }

  fits(fg: number, bg: number): boolean {
    return this.#known && fg === this.#askedFg && bg === this.#askedBg;
  }

  /** @param fg - canonical fg word @param bg - canonical bg word */
  set(sink: ByteSink, fg: number, bg: number): void {
    if (this.#known && fg === this.#askedFg && bg === this.#askedBg) return;
    this.#askedFg = fg;
    this.#askedBg = bg;
    const toBg = ((bg & ~COLOR_BITS) | this.#palette.colorOf(bg)) >>> 0;
    const toFg = ((fg & ~COLOR_BITS) | this.#palette.foregroundOf(fg, bg)) >>> 0;
    if (this.#known && toFg === this.#fg && toBg === this.#bg) return;
    this.#fresh.clear();
    if (toFg !== 0 || toBg !== 0) {
      this.#fresh.add(0);
      addChange(this.#fresh, 0, 0, toFg, toBg);
    }
    let best = this.#fresh;
    if (this.#known) {
      this.#delta.clear();
      addChange(this.#delta, this.#fg, this.#bg, toFg, toBg);
      if (this.#delta.bytes <= this.#fresh.bytes) best = this.#delta;
    }
    best.write(sink);
    this.#known = true;
    this.#fg = toFg;
    this.#bg = toBg;
  }
}

/** Parameters of one SGR. */
class Params {
  #values: number[] = [];
  bytes = 0;

  clear(): void {
    this.#values.length = 0;
    this.bytes = 0;
  }

  add(value: number): void {
    this.#values.push(value);
    this.bytes += digits(value) + 1;
  }

  /** No parameters means reset. */
  write(sink: ByteSink): void {
    sink.ascii('\x1b[');
    for (let i = 0; i < this.#values.length; i++) {
      if (i > 0) sink.byte(59);
      sink.number(this.#values[i]!);
    }
    sink.byte(109);
  }
}

function addChange(out: Params, fromFg: number, fromBg: number, fg: number, bg: number): void {
  addIntensity(out, fromFg, fromBg, fg, bg);
  for (const [bit, on, off] of BG_STYLES) if (((fromBg ^ bg) & bit) !== 0) out.add((bg & bit) !== 0 ? on : off);
  for (const [bit, on, off] of FG_STYLES) if (((fromFg ^ fg) & bit) !== 0) out.add((fg & bit) !== 0 ? on : off);
  if (((fromFg ^ fg) & COLOR_BITS) !== 0) addColor(out, fg, 30);
  if (((fromBg ^ bg) & COLOR_BITS) !== 0) addColor(out, bg, 40);
}

/** Bold and faint have one common off switch. */
function addIntensity(out: Params, fromFg: number, fromBg: number, fg: number, bg: number): void {
  let bold = (fromFg & FG_BOLD) !== 0;
  let dim = (fromBg & BG_DIM) !== 0;
  const wantBold = (fg & FG_BOLD) !== 0;
  const wantDim = (bg & BG_DIM) !== 0;
  if ((bold && !wantBold) || (dim && !wantDim)) {
    out.add(22);
    bold = dim = false;
  }
  if (wantBold && !bold) out.add(1);
  if (wantDim && !dim) out.add(2);
}

function addColor(out: Params, word: number, base: number): void {
  switch (word & COLOR_MODE_MASK) {
    case COLOR_P16: {
      const index = word & PALETTE_MASK;
      out.add(index < 8 ? base + index : base + 52 + index);
      return;
    }
    case COLOR_P256:
      out.add(base + 8);
      out.add(5);
      out.add(word & PALETTE_MASK);
      return;
    case COLOR_RGB:
      out.add(base + 8);
      out.add(2);
      out.add((word >>> 16) & 255);
      out.add((word >>> 8) & 255);
      out.add(word & 255);
      return;
    default:
      out.add(base + 9);
  }
}
