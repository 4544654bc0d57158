/**
 * The layout of one painted cell: three unsigned 32-bit words `content | fg | bg`, in the very layout that
 * xterm.js keeps (src/common/buffer/Constants.ts), so that an emulator's row is copied with one TypedArray.set().
 *
 * content: code point (21 bits) | COMBINED | width << 22.  A combined cell's low 21 bits index a cluster table.
 * fg, bg:  colour mode (2 bits) | rgb (24 bits) or palette index | style flags in the high bits.
 */
export const WORDS_PER_CELL = 3;

export const CODEPOINT_MASK = 0x1fffff;
export const COMBINED = 0x200000;
export const WIDTH_SHIFT = 22;

export const COLOR_MODE_MASK = 0x3000000;
export const COLOR_DEFAULT = 0;
export const COLOR_P16 = 0x1000000;
export const COLOR_P256 = 0x2000000;
export const COLOR_RGB = 0x3000000;
export const RGB_MASK = 0xffffff;
export const PALETTE_MASK = 0xff;

export const FG_INVERSE = 0x4000000;
export const FG_BOLD = 0x8000000;
export const FG_UNDERLINE = 0x10000000;
export const FG_BLINK = 0x20000000;
export const FG_INVISIBLE = 0x40000000;
export const FG_STRIKE = 0x80000000;

export const BG_ITALIC = 0x4000000;
export const BG_DIM = 0x8000000;
/** Set where xterm keeps underline style or a link beside the cell; never sent. */
export const BG_HAS_EXTENDED = 0x10000000;
export const BG_PROTECTED = 0x20000000;
export const BG_OVERLINE = 0x40000000;

/** A space of width one: what a never-written cell (code 0) looks like. */
export const BLANK_CONTENT = 32 | (1 << WIDTH_SHIFT);

/**
 * Palette and default colours leave junk in the RGB bits that they don't use; equal looks must compare equal.
 * @param word an fg or bg word
 */
export function normalizeColor(word: number): number {
  switch (word & COLOR_MODE_MASK) {
    case COLOR_RGB:
      return word >>> 0;
    case COLOR_DEFAULT:
      return (word & ~RGB_MASK) >>> 0;
    default:
      return (word & ~0xffff00) >>> 0;
  }
}

/** Columns that the cell takes: 0 for the right half of a wide one. */
export function cellWidth(content: number): number {
  return content >>> WIDTH_SHIFT;
}
