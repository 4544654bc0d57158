import { BG_DIM, BG_ITALIC, COLOR_MODE_MASK, FG_BOLD, FG_INVERSE, FG_STRIKE, FG_UNDERLINE } from '../../core/cells.ts';
import { type Color, DEFAULT_COLOR, colorSgr, colorWord, parseColor } from './color.ts';

export const ATTRIBUTES = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** How a token looks, before it is turned into escape sequences and cells. */
export interface Look {
  readonly fg: Color;
  readonly bg: Color;
  readonly attributes: ReadonlySet<Attribute>;
}

/** The same look ready for use: as an SGR sequence for Ink's text, as fg and bg words for painted cells. */
export interface Paint {
  /** '' for plain text; always closed by `SGR 0`. */
  readonly sgr: string;
  readonly fg: number;
  readonly bg: number;
}

export const PLAIN: Paint = { sgr: '', fg: 0, bg: 0 };

const SGR_CODE: Record<Attribute, number> = { bold: 1, dim: 2, italic: 3, underline: 4, inverse: 7, strike: 9 };
const FG_BIT: Partial<Record<Attribute, number>> = {
  bold: FG_BOLD,
  underline: FG_UNDERLINE,
  inverse: FG_INVERSE,
  strike: FG_STRIKE,
};
const BG_BIT: Partial<Record<Attribute, number>> = { dim: BG_DIM, italic: BG_ITALIC };

/**
 * Reads a look as git's colour settings are written: `#7aa2f7 bold`, `black on bright-yellow`, `default dim`.
 * @throws Error of one line naming the word that it doesn't know
 */
export function parseLook(text: string): Look {
  const words = text.trim().toLowerCase().split(/\s+/);
  const attributes = new Set<Attribute>();
  let fg: Color | null = null;
  let bg: Color | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const attribute = ATTRIBUTES.find((name) => name === word);
    if (attribute) attributes.add(attribute);
    else if (word === 'on') bg = colorNamed(words[++i] ?? '');
    else if (fg === null) fg = colorNamed(word);
    else throw new Error(`"${word}" comes after a colour: write "on ${word}" for a background`);
  }
  return { fg: fg ?? DEFAULT_COLOR, bg: bg ?? DEFAULT_COLOR, attributes };
}

function colorNamed(word: string): Color {
  const color = parseColor(word);
  if (color) return color;
  throw new Error(`"${word}" is no colour: use #rrggbb, 0 to 255, a name such as bright-blue, or default`);
}

/** Without colours a background becomes inverse video, so that what stood out still does. */
export function withoutColor(look: Look): Look {
  const attributes = new Set(look.attributes);
  if (look.bg.kind !== 'default') attributes.add('inverse');
  return { fg: DEFAULT_COLOR, bg: DEFAULT_COLOR, attributes };
}

export function toPaint(look: Look): Paint {
  const codes = [...look.attributes].map((name) => SGR_CODE[name]);
  const params = [...codes, ...colorSgr(look.fg, 30), ...colorSgr(look.bg, 40)];
  let fg = colorWord(look.fg);
  let bg = colorWord(look.bg);
  for (const name of look.attributes) {
    fg |= FG_BIT[name] ?? 0;
    bg |= BG_BIT[name] ?? 0;
  }
  return { sgr: params.length > 0 ? `\u001b[${params.join(';')}m` : '', fg: fg >>> 0, bg: bg >>> 0 };
}

/** `top` written on the background of `base`, unless it brings its own. */
export function overlay(base: Paint, top: Paint): Paint {
  const pick = (above: number, below: number) =>
    (above & COLOR_MODE_MASK) === 0 ? ((below & COLOR_BITS) | (above & ~COLOR_BITS)) >>> 0 : above;
  return { sgr: base.sgr + top.sgr, fg: pick(top.fg, base.fg), bg: pick(top.bg, base.bg) };
}

const COLOR_BITS = 0x3ffffff;
