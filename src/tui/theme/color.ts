import { COLOR_DEFAULT, COLOR_P16, COLOR_P256, COLOR_RGB } from '../../core/cells.ts';

/** A colour of a theme: the terminal's own default, an entry of its palette, or 24 bits. */
export type Color =
  | { readonly kind: 'default' }
  | { readonly kind: 'palette'; readonly index: number }
  | { readonly kind: 'rgb'; readonly rgb: number };

export const DEFAULT_COLOR: Color = { kind: 'default' };

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** `default`, a name (`red`, `bright-red`), a palette number (`0` to `255`) or `#rrggbb`; undefined for anything else. */
export function parseColor(text: string): Color | undefined {
  if (text === 'default') return DEFAULT_COLOR;
  if (/^#[0-9a-f]{6}$/i.test(text)) return { kind: 'rgb', rgb: Number.parseInt(text.slice(1), 16) };
  if (/^\d{1,3}$/.test(text)) return Number(text) < 256 ? { kind: 'palette', index: Number(text) } : undefined;
  const bright = text.startsWith('bright-');
  const index = NAMES.indexOf(bright ? text.slice('bright-'.length) : text);
  return index < 0 ? undefined : { kind: 'palette', index: bright ? index + 8 : index };
}

/** The colour bits of a cell's fg or bg word (core/cells.ts). */
export function colorWord(color: Color): number {
  switch (color.kind) {
    case 'default':
      return COLOR_DEFAULT;
    case 'palette':
      return (color.index < 16 ? COLOR_P16 : COLOR_P256) | color.index;
    case 'rgb':
      return COLOR_RGB | color.rgb;
  }
}

/** SGR parameters (ECMA-48 8.3.117, and xterm's 38/48 and 90–107). `base` is 30 for text, 40 for the background. */
export function colorSgr(color: Color, base: 30 | 40): readonly number[] {
  switch (color.kind) {
    case 'default':
      return [];
    case 'palette':
      if (color.index < 8) return [base + color.index];
      if (color.index < 16) return [base + 60 + color.index - 8];
      return [base + 8, 5, color.index];
    case 'rgb':
      return [base + 8, 2, color.rgb >>> 16, (color.rgb >>> 8) & 0xff, color.rgb & 0xff];
  }
}
