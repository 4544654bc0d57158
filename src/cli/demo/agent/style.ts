/** SGR as small functions (ECMA-48 8.3.117; 24-bit colour as in ISO 8613-6). */

const ESC = '\u001B';

export type Rgb = readonly [number, number, number];

export const bold = (text: string): string => `${ESC}[1m${text}${ESC}[22m`;
export const dim = (text: string): string => `${ESC}[2m${text}${ESC}[22m`;
export const italic = (text: string): string => `${ESC}[3m${text}${ESC}[23m`;
export const fg = ([r, g, b]: Rgb, text: string): string => `${ESC}[38;2;${r};${g};${b}m${text}${ESC}[39m`;

export const GREEN: Rgb = [78, 186, 101];
export const RED: Rgb = [255, 107, 128];
export const YELLOW: Rgb = [255, 193, 7];
export const GREY: Rgb = [153, 153, 153];

/** Backgrounds of diff lines, as the start of a line: kept up to the line's end by its `fill`. */
export const ADDED = `${ESC}[48;2;34;68;42m`;
export const REMOVED = `${ESC}[48;2;86;38;48m`;

/** `code` and **strong** of an answer's light markup. */
export function markup(text: string, color: Rgb): string {
  return text
    .replace(/`([^`]+)`/g, (_, code: string) => fg(color, code))
    .replace(/\*([^*\s][^*]*)\*/g, (_, words: string) => italic(words));
}
