/** How many colours the terminal has, and what a colour becomes where it has fewer. */
import {
  COLOR_DEFAULT,
  COLOR_MODE_MASK,
  COLOR_P16,
  COLOR_P256,
  COLOR_RGB,
  PALETTE_MASK,
  RGB_MASK,
} from '../../core/cells.ts';

export type ColorDepth = 'truecolor' | '256' | '16' | 'none';

const COLOR_BITS = COLOR_MODE_MASK | RGB_MASK;

/** The terminals' usual first sixteen colours (xterm's), as RGB. */
const ANSI16 = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
const CUBE = [0, 95, 135, 175, 215, 255];
const TRUECOLOR_TERM = /direct|kitty|alacritty|foot|wezterm|ghostty|contour|iterm/;

/**
 * The colours that TERM, COLORTERM and NO_COLOR (no-color.org: any value but the empty one) promise.
 * Inside screen COLORTERM is what screen itself was told, so it counts there too.
 */
export function detectColorDepth(env: Readonly<Record<string, string | undefined>>): ColorDepth {
  const term = (env.TERM ?? '').toLowerCase();
  if ((env.NO_COLOR ?? '') !== '' || term === 'dumb' || term.startsWith('vt1')) return 'none';
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || TRUECOLOR_TERM.test(term)) return 'truecolor';
  if (term.includes('256')) return '256';
  return '16';
}

/** Nearest of the 16 colours, or of the 256, found once for each colour that comes up. */
export class Palette {
  readonly depth: ColorDepth;
  #known = new Map<number, number>();

  constructor(depth: ColorDepth) {
    this.depth = depth;
  }

  /** @returns the colour bits of an fg or bg word as this terminal can show them; style bits are dropped */
  colorOf(word: number): number {
    const color = word & COLOR_BITS;
    if (this.depth === 'truecolor' || (color & COLOR_MODE_MASK) === COLOR_DEFAULT) return color;
    if (this.depth === 'none') return COLOR_DEFAULT;
    if ((color & COLOR_MODE_MASK) === COLOR_P16) return color;
    if (this.depth === '256' && (color & COLOR_MODE_MASK) === COLOR_P256) return color;
    return this.#nearest(color);
  }

  /** As colorOf for a foreground, kept apart from its background where both would become the same colour. */
  foregroundOf(fg: number, bg: number): number {
    const color = this.colorOf(fg);
    if (this.depth !== '16' || color !== this.colorOf(bg) || (color & COLOR_MODE_MASK) === COLOR_DEFAULT) return color;
    if ((fg & COLOR_BITS) === (bg & COLOR_BITS)) return color;
    return luminance(ANSI16[color & PALETTE_MASK]!) > 110 ? COLOR_P16 : COLOR_P16 | 15;
  }

  #nearest(color: number): number {
    const known = this.#known.get(color);
    if (known !== undefined) return known;
    const rgb = rgbOf(color);
    const found = this.depth === '256' ? COLOR_P256 | nearest256(rgb) : COLOR_P16 | nearest16(rgb);
    if (this.#known.size > 4096) this.#known.clear();
    this.#known.set(color, found);
    return found;
  }
}

function rgbOf(color: number): number {
  if ((color & COLOR_MODE_MASK) === COLOR_RGB) return color & RGB_MASK;
  const index = color & PALETTE_MASK;
  if (index < 16) return ANSI16[index]!;
  if (index >= 232) return (8 + (index - 232) * 10) * 0x10101;
  const cube = index - 16;
  return (CUBE[(cube / 36) | 0]! << 16) | (CUBE[((cube / 6) | 0) % 6]! << 8) | CUBE[cube % 6]!;
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  // The eye tells greens apart best, blues worst.
  return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

function luminance(rgb: number): number {
  return 0.3 * (rgb >> 16) + 0.59 * ((rgb >> 8) & 255) + 0.11 * (rgb & 255);
}

function nearest16(rgb: number): number {
  let best = 0;
  for (let i = 1; i < 16; i++) if (distance(rgb, ANSI16[i]!) < distance(rgb, ANSI16[best]!)) best = i;
  return best;
}

function nearest256(rgb: number): number {
  const step = (v: number): number => (v < 48 ? 0 : v < 115 ? 1 : Math.min(5, ((v - 35) / 40) | 0));
  const cube = 16 + 36 * step(rgb >> 16) + 6 * step((rgb >> 8) & 255) + step(rgb & 255);
  const grey = 232 + Math.max(0, Math.min(23, Math.round((luminance(rgb) - 8) / 10)));
  return distance(rgb, rgbOf(COLOR_P256 | grey)) < distance(rgb, rgbOf(COLOR_P256 | cube)) ? grey : cube;
}
