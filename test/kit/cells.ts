/** One cell of a headless terminal in words that a test can compare. */
import type { IBufferCell, Terminal } from '@xterm/headless';

export interface Cell {
  readonly text: string;
  readonly width: number;
  /** `default`, `p12` for an entry of the palette, `#rrggbb`. */
  readonly fg: string;
  readonly bg: string;
  /** Of bold dim italic underline blink inverse invisible strike overline, those that are on, in this order. */
  readonly style: string;
}

const NOWHERE: Cell = { text: '', width: 1, fg: 'default', bg: 'default', style: '' };

/** @param y row of the screen (not of the scrollback) */
export function cellAt(term: Terminal, x: number, y: number): Cell {
  const buffer = term.buffer.active;
  const cell = buffer.getLine(buffer.baseY + y)?.getCell(x);
  return cell === undefined ? NOWHERE : describe(cell);
}

/** Equal for cells that look the same: the colour and weight of a blank's letter are not to be seen. */
export function looksOf(cell: Cell): string {
  const { text, width, fg, bg, style } = cell;
  const shown = text !== ' ' || /underline|inverse|strike|overline/.test(style);
  return shown ? [text, width, fg, bg, style].join('|') : [text, width, bg].join('|');
}

function describe(cell: IBufferCell): Cell {
  return {
    text: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
    width: cell.getWidth(),
    fg: color(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor()),
    bg: color(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor()),
    style: style(cell),
  };
}

function color(isDefault: boolean, isPalette: boolean, value: number): string {
  if (isDefault) return 'default';
  return isPalette ? `p${value}` : `#${value.toString(16).padStart(6, '0')}`;
}

function style(cell: IBufferCell): string {
  const on: string[] = [];
  if (cell.isBold()) on.push('bold');
  if (cell.isDim()) on.push('dim');
  if (cell.isItalic()) on.push('italic');
  if (cell.isUnderline()) on.push('underline');
  if (cell.isBlink()) on.push('blink');
  if (cell.isInverse()) on.push('inverse');
  if (cell.isInvisible()) on.push('invisible');
  if (cell.isStrikethrough()) on.push('strike');
  if (cell.isOverline()) on.push('overline');
  return on.join(' ');
}
