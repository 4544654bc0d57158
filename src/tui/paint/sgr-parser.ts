/** SGR parameters (ECMA-48 8.3.117, colon forms of ITU T.416) to the style words of core/cells.ts. */
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
  RGB_MASK,
} from '../../core/cells.ts';

const COLOR_BITS = COLOR_MODE_MASK | RGB_MASK;
const FG_ON: Record<number, number> = {
  1: FG_BOLD,
  4: FG_UNDERLINE,
  5: FG_BLINK,
  7: FG_INVERSE,
  8: FG_INVISIBLE,
  9: FG_STRIKE,
};
const FG_OFF: Record<number, number> = {
  22: FG_BOLD,
  24: FG_UNDERLINE,
  25: FG_BLINK,
  27: FG_INVERSE,
  28: FG_INVISIBLE,
  29: FG_STRIKE,
};
const BG_ON: Record<number, number> = { 2: BG_DIM, 3: BG_ITALIC, 53: BG_OVERLINE };
const BG_OFF: Record<number, number> = { 22: BG_DIM, 23: BG_ITALIC, 55: BG_OVERLINE };

/** The style that a line's SGR sequences have added up to. */
export class SgrState {
  fg = 0;
  bg = 0;

  reset(): void {
    this.fg = 0;
    this.bg = 0;
  }

  /** @param params - what stands between `CSI` and `m` */
  apply(params: string): void {
    const groups = params.split(';');
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i]!;
      const parts = group.split(':');
      const code = Number(parts[0]) || 0;
      if (code === 38 || code === 48) {
        const isColon = parts.length > 1;
        const values = (isColon ? parts.slice(1) : groups.slice(i + 1)).map((v) => Number(v) || 0);
        // T.416 has a colour space before the RGB values; many leave it out.
        if (isColon && values[0] === 2 && values.length > 4) values.splice(1, 1);
        this.#setColor(code === 38, colorOf(values));
        if (!isColon) i += values[0] === 2 ? 4 : 2;
      } else if (code === 4 && parts[1] === '0') this.fg &= ~FG_UNDERLINE;
      else this.#simple(code);
    }
    this.fg >>>= 0;
    this.bg >>>= 0;
  }

  #simple(code: number): void {
    if (code === 0) {
      this.reset();
      return;
    }
    this.fg = (this.fg | (FG_ON[code] ?? 0)) & ~(FG_OFF[code] ?? 0);
    this.bg = (this.bg | (BG_ON[code] ?? 0)) & ~(BG_OFF[code] ?? 0);
    if (code >= 30 && code <= 37) this.#setColor(true, COLOR_P16 | (code - 30));
    else if (code >= 90 && code <= 97) this.#setColor(true, COLOR_P16 | (code - 82));
    else if (code >= 40 && code <= 47) this.#setColor(false, COLOR_P16 | (code - 40));
    else if (code >= 100 && code <= 107) this.#setColor(false, COLOR_P16 | (code - 92));
    else if (code === 39) this.#setColor(true, 0);
    else if (code === 49) this.#setColor(false, 0);
  }

  #setColor(isForeground: boolean, color: number): void {
    if (isForeground) this.fg = (this.fg & ~COLOR_BITS) | color;
    else this.bg = (this.bg & ~COLOR_BITS) | color;
  }
}

function colorOf(values: readonly number[]): number {
  const [kind, a = 0, b = 0, c = 0] = values;
  if (kind === 5) return COLOR_P256 | (a & 255);
  if (kind === 2) return COLOR_RGB | ((a & 255) << 16) | ((b & 255) << 8) | (c & 255);
  return 0;
}
