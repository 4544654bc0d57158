import { type FieldEdit, type TextField, edit } from './text-field.ts';

/** Several lines of text being typed. Joined with newlines they are the text, byte for byte: a carriage return stays in its line. */
export interface TextArea {
  readonly lines: readonly string[];
  readonly row: number;
  /** Offset in the line, in UTF-16 units. */
  readonly cursor: number;
}

export type AreaEdit = FieldEdit | 'newline' | 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom';

/** Rows that a page is. */
const PAGE = 10;

export function areaOf(text: string): TextArea {
  return { lines: text.split('\n'), row: 0, cursor: 0 };
}

export function areaText(area: TextArea): string {
  return area.lines.join('\n');
}

/** Puts `text` in at the cursor, with its line ends. */
export function insertArea(area: TextArea, text: string): TextArea {
  const { head, tail } = parts(area);
  // What comes from a paste has the terminal's line ends; the file's own are those of the line that it is put into.
  const end = tail.endsWith('\r') ? '\r' : '';
  const pieces = text.split(/\r\n|\r|\n/);
  const fresh = pieces.map((piece, i) => (i < pieces.length - 1 ? piece + end : piece));
  fresh[0] = head + fresh[0]!;
  const cursor = fresh.at(-1)!.length;
  const row = area.row + fresh.length - 1;
  fresh[fresh.length - 1] = fresh.at(-1)! + tail;
  return { lines: area.lines.toSpliced(area.row, 1, ...fresh), row, cursor };
}

export function editArea(area: TextArea, what: AreaEdit): TextArea {
  const { row, cursor, lines } = area;
  switch (what) {
    case 'newline':
      return insertArea(area, '\n');
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
      return toRow(area, row + { up: -1, down: 1, 'page-up': -PAGE, 'page-down': PAGE }[what]);
    case 'top':
      return { lines, row: 0, cursor: 0 };
    case 'bottom':
      return { lines, row: lines.length - 1, cursor: lengthOf(lines.at(-1)!) };
    case 'left':
    case 'word-left':
      return cursor === 0 && row > 0 ? { lines, row: row - 1, cursor: lengthOf(lines[row - 1]!) } : inLine(area, what);
    case 'right':
    case 'word-right':
      return atEnd(area) && row < lines.length - 1 ? { lines, row: row + 1, cursor: 0 } : inLine(area, what);
    case 'backspace':
    case 'word-back':
      return cursor === 0 ? joined(area, row - 1) : inLine(area, what);
    case 'delete':
      return atEnd(area) ? joined(area, row) : inLine(area, what);
    default:
      return inLine(area, what);
  }
}

/** The carriage return of a line end is no place for a cursor. */
function lengthOf(line: string): number {
  return line.endsWith('\r') ? line.length - 1 : line.length;
}

function atEnd({ lines, row, cursor }: TextArea): boolean {
  return cursor >= lengthOf(lines[row]!);
}

function parts({ lines, row, cursor }: TextArea): { readonly head: string; readonly tail: string } {
  return { head: lines[row]!.slice(0, cursor), tail: lines[row]!.slice(cursor) };
}

function inLine(area: TextArea, what: FieldEdit): TextArea {
  const line = area.lines[area.row]!;
  const end = lengthOf(line);
  const field: TextField = edit({ text: line.slice(0, end), cursor: area.cursor }, what);
  return { ...area, lines: area.lines.with(area.row, field.text + line.slice(end)), cursor: field.cursor };
}

function toRow({ lines, row: from, cursor }: TextArea, wanted: number): TextArea {
  const row = Math.max(0, Math.min(lines.length - 1, wanted));
  if (row === from) return { lines, row, cursor };
  return { lines, row, cursor: Math.min(cursor, lengthOf(lines[row]!)) };
}

/** The line of `row` and the one below as one. */
function joined(area: TextArea, row: number): TextArea {
  const [above, below] = [area.lines[row], area.lines[row + 1]];
  if (above === undefined || below === undefined) return area;
  const cursor = lengthOf(above);
  return { lines: area.lines.toSpliced(row, 2, above.slice(0, cursor) + below), row, cursor };
}
