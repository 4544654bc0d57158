/** Breaks styled lines at the terminal's width; escape sequences take no room. */
import stringWidth from 'string-width';

/** One line of the transcript before it is broken. */
export interface Line {
  readonly text: string;
  /** Columns that continuation lines are indented by. */
  readonly indent?: number;
  /** SGR that colours the whole line up to the right edge, as a diff's lines are. */
  readonly fill?: string;
}

const PIECE = /\u001B\[[0-9;]*m|\s+|[^\s\u001B]+/g;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @returns the rows of the line at `cols` columns, at least one, styled; no row is wider */
export function wrap({ text, indent = 0, fill }: Line, cols: number): string[] {
  const room = Math.max(1, cols);
  const hang = ' '.repeat(indent < room / 2 ? indent : 0);
  const rows: string[] = [];
  let row = '';
  let width = 0;
  const next = (): void => {
    rows.push(row);
    row = hang;
    width = hang.length;
  };
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece.startsWith('\u001B')) {
      row += piece;
      continue;
    }
    const wide = stringWidth(piece);
    if (width + wide > room && piece.trim() === '') {
      next();
      continue;
    }
    if (width + wide > room && width > hang.length && wide <= room - hang.length) next();
    for (const part of width + wide <= room ? [piece] : [...graphemes.segment(piece)].map(({ segment }) => segment)) {
      const partWidth = stringWidth(part);
      if (width + partWidth > room) next();
      row += part;
      width += partWidth;
    }
  }
  rows.push(row);
  return fill === undefined ? rows : rows.map((one) => filled(one, fill, room));
}

function filled(row: string, fill: string, cols: number): string {
  return `${fill}${row}${' '.repeat(Math.max(0, cols - stringWidth(row)))}\u001B[0m`;
}

/** Cut to `cols` columns, with an ellipsis where something is lost. Plain text only. */
export function cut(text: string, cols: number): string {
  if (stringWidth(text) <= cols) return text;
  let out = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(out) + stringWidth(segment) > cols - 1) break;
    out += segment;
  }
  return `${out}…`;
}
