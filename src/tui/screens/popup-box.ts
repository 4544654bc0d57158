import { centred, contains } from '../layout/geometry.ts';
import type { Rect } from '../paint/api.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { overlay } from '../theme/paint.ts';
import { type TextField, fieldWindow } from '../widgets/text-field.ts';
import { type Line, type Span, fitLine, lineWidth, textWidth } from '../widgets/line.ts';
import { showControls } from '../../core/text.ts';

/** What a popup shows, before it is framed. */
export interface PopupContent {
  readonly title: string;
  /** At the right of the title. */
  readonly summary?: Line;
  /** Lines above the body that stay where they are. */
  readonly head?: readonly Line[];
  readonly body: readonly Line[];
  /** First line of the body in view. */
  readonly top: number;
  /** Entries that the keys move among, and how many are seen at once. */
  readonly count: number;
  readonly cursor: { readonly column: number; readonly row: number } | null;
  /** Lines of the body that keys jump to. */
  readonly marks?: readonly number[];
  /** Line of the body that an entry stands in, for a click on it; -1 where it is not shown. */
  readonly lineOf?: (index: number) => number;
  /** Parts of the body that a click means something in; of two that lie over each other the later one counts. */
  readonly spots?: readonly Spot[];
}

/** On the merge screen: a conflict, or the text of one side of it. */
export interface Spot {
  /** Of the body; lines from the first one on. */
  readonly rect: Rect;
  readonly hunk: number;
  /** null: nobody's text. */
  readonly side: 'A' | 'B' | null;
}

/** A framed popup, ready to be drawn. */
export interface PopupScene {
  readonly rect: Rect;
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly count: number;
  readonly view: number;
  readonly marks: readonly number[];
  /** Row of the popup, from its upper edge → the entry that stands there. */
  readonly entries: ReadonlyMap<number, number>;
  /** What a click on a cell of the screen means, where it is more than an entry. */
  readonly spotAt: (x: number, y: number) => Spot | null;
}

/** Rows of a popup that aren't its body: two edges. */
const FRAME_ROWS = 2;
/** Columns left and right of the body: edge and blank. */
const FRAME_COLS = 4;

export interface PopupArea {
  readonly cols: number;
  /** Without the status line. */
  readonly rows: number;
}

/** Columns that the body of a popup of at most `most` columns has. */
export function bodyColumns(area: PopupArea, most: number): number {
  return Math.max(10, Math.min(most, area.cols - 2) - FRAME_COLS);
}

/** Rows that the body of a popup can have at most. */
export function bodyRows(area: PopupArea): number {
  return Math.max(1, area.rows - 2 - FRAME_ROWS);
}

/** `top`: what changes its height with what is marked in it stands still, for the eye and for the mouse. */
export type PopupPlace = 'middle' | 'top' | 'bottom';

/** A window of 24 rows has none to spare. */
const LEAST_ROWS = 24;

function rowOf(place: PopupPlace, middle: Rect, area: PopupArea): number {
  if (place === 'middle') return middle.y;
  const lowest = area.rows - middle.height;
  if (place === 'bottom') return lowest;
  return Math.max(0, Math.min(1 + Math.floor(Math.max(0, area.rows - LEAST_ROWS) / 6), lowest - 1));
}

export function framePopup(
  content: PopupContent,
  columns: number,
  area: PopupArea,
  look: Look,
  place: PopupPlace = 'middle',
): PopupScene {
  const head = content.head ?? [];
  const rows = Math.min(content.body.length, Math.max(1, bodyRows(area) - head.length));
  const outer = { x: 0, y: 0, width: area.cols, height: area.rows };
  const middle = centred(outer, columns + FRAME_COLS, head.length + rows + FRAME_ROWS);
  const rect = { ...middle, y: rowOf(place, middle, area) };
  const top = Math.max(0, Math.min(content.top, content.body.length - rows));
  const paint = paintOf(look, 'popupBorder');
  const shown = content.body.slice(top, top + rows);
  const body = [...head, ...shown].map((line): Line => [['│ ', paint], ...fitLine(line, columns), [' │', paint]]);
  const cursor = content.cursor && {
    x: rect.x + 2 + content.cursor.column,
    y: rect.y + 1 + head.length + content.cursor.row - top,
  };
  return {
    rect,
    lines: [topLine(content, rect.width, look), ...body, bottomLine(content.body.length, rows, top, rect.width, look)],
    cursor,
    count: content.count,
    view: rows,
    marks: content.marks ?? [],
    entries: entriesShown(content, head.length, top, rows),
    spotAt: (x, y) => {
      const row = y - rect.y - 1 - head.length;
      if (row < 0 || row >= rows) return null;
      return content.spots?.findLast((spot) => contains(spot.rect, x - rect.x - 2, row + top)) ?? null;
    },
  };
}

function entriesShown({ lineOf, count }: PopupContent, head: number, top: number, rows: number): Map<number, number> {
  const shown = new Map<number, number>();
  if (!lineOf) return shown;
  for (let index = 0; index < count; index++) {
    const row = lineOf(index) - top;
    if (row >= 0 && row < rows) shown.set(1 + head + row, index);
  }
  return shown;
}

function topLine(content: PopupContent, width: number, look: Look): Line {
  const paint = paintOf(look, 'popupBorder');
  const title: Line = [span(look, ' '), span(look, content.title, 'popupTitle'), span(look, ' ')];
  const summary: Line =
    content.summary && lineWidth(content.summary) > 0 ? [span(look, ' '), ...content.summary, span(look, ' ')] : [];
  const dashes = Math.max(0, width - 4 - lineWidth(title) - lineWidth(summary));
  return fitLine([['╭─', paint], ...title, ['─'.repeat(dashes), paint], ...summary, ['─╮', paint]], width);
}

/** The bottom edge says where one is, where there is more than is seen. */
function bottomLine(all: number, rows: number, top: number, width: number, look: Look): Line {
  const paint = paintOf(look, 'popupBorder');
  const words = all > rows ? ` ${top + 1}–${top + rows} of ${all} ` : '';
  const dashes = Math.max(0, width - 4 - textWidth(words));
  return [['╰─', paint], ['─'.repeat(dashes), paint], span(look, words, 'muted'), ['─╯', paint]];
}

/** The row of a list that is marked: a pointer and another background, in exactly `width` columns. */
export function listRow(line: Line, marked: boolean, width: number, look: Look): Line {
  if (!marked) return fitLine([span(look, '  '), ...line], width);
  const base = paintOf(look, 'cursorLine');
  const spans = line.map(([text, paint, live]): Span =>
    live ? [text, overlay(paint, base), live] : [text, overlay(paint, base)],
  );
  return fitLine([['▸ ', base], ...spans], width, base);
}

/** A field with its prompt, and the column of its cursor. */
export function fieldLine(prompt: string, field: TextField, width: number, look: Look): { line: Line; column: number } {
  const columns = Math.max(1, width - textWidth(prompt));
  const window = fieldWindow({ text: showControls(field.text), cursor: field.cursor }, columns);
  const line = fitLine([span(look, prompt, 'key'), span(look, window.text, 'input')], width, paintOf(look, 'input'));
  return { line, column: textWidth(prompt) + window.column };
}

/** Where the entries of a list stand that shows `rows` of them from `from` on, its first at `line`: for `lineOf`. */
export function linesFrom(from: number, rows: number, line = 0): (index: number) => number {
  return (index) => (index >= from && index < from + rows ? line + index - from : -1);
}

/** The first line to show so that the marked one is in view, with the list's `rows`. */
export function topFor(index: number, rows: number): number {
  return Math.max(0, index - rows + 1);
}
