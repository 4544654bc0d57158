import { graphemes } from '../../core/graphemes.ts';
import { textWidth } from './line.ts';

/** One line of text being typed; `cursor` is an offset in UTF-16 units, always between characters as people see them. */
export interface TextField {
  readonly text: string;
  readonly cursor: number;
}

export type FieldEdit =
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'backspace'
  | 'delete'
  | 'word-left'
  | 'word-right'
  | 'word-back'
  | 'clear-before'
  | 'clear-after';

export const EMPTY_FIELD: TextField = { text: '', cursor: 0 };
/** More than anybody types or pastes in one line; keeps a pasted file from becoming a frame. */
export const FIELD_LIMIT = 8_192;

export function fieldOf(text: string): TextField {
  return { text, cursor: text.length };
}

/** Puts `text` in at the cursor. Line ends become blanks, as a line has none. */
export function insert(field: TextField, text: string): TextField {
  const room = Math.max(0, FIELD_LIMIT - field.text.length);
  const line = text.replace(/\r\n|[\r\n\t]/g, ' ').slice(0, room);
  const at = field.cursor;
  return { text: field.text.slice(0, at) + line + field.text.slice(at), cursor: at + line.length };
}

export function edit(field: TextField, what: FieldEdit): TextField {
  const { text, cursor } = field;
  switch (what) {
    case 'left':
      return { text, cursor: before(text, cursor) };
    case 'right':
      return { text, cursor: after(text, cursor) };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'word-left':
      return { text, cursor: wordStart(text, cursor) };
    case 'word-right':
      return { text, cursor: wordEnd(text, cursor) };
    case 'backspace':
      return cutOut(text, before(text, cursor), cursor);
    case 'delete':
      return cutOut(text, cursor, after(text, cursor));
    case 'word-back':
      return cutOut(text, wordStart(text, cursor), cursor);
    case 'clear-before':
      return cutOut(text, 0, cursor);
    case 'clear-after':
      return cutOut(text, cursor, text.length);
  }
}

/** What of the text is seen in `width` columns, with the cursor in sight, and the cursor's column in it. */
export function fieldWindow(field: TextField, width: number): { readonly text: string; readonly column: number } {
  const all = [...graphemes(field.text)];
  let start = 0;
  const columnAt = (from: number) => textWidth(field.text.slice(from, field.cursor));
  for (const { index, segment } of all) {
    if (columnAt(start) < width) break;
    start = index + segment.length;
  }
  return { text: field.text.slice(start), column: Math.min(columnAt(start), Math.max(0, width - 1)) };
}

function cutOut(text: string, from: number, to: number): TextField {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

function before(text: string, cursor: number): number {
  let last = 0;
  for (const { index } of graphemes(text.slice(0, cursor))) last = index;
  return last;
}

function after(text: string, cursor: number): number {
  const next = graphemes(text.slice(cursor))[Symbol.iterator]().next();
  return next.done ? cursor : cursor + next.value.segment.length;
}

function wordStart(text: string, cursor: number): number {
  return text.slice(0, cursor).search(/\S+\s*$/) < 0 ? 0 : text.slice(0, cursor).search(/\S+\s*$/);
}

function wordEnd(text: string, cursor: number): number {
  const match = /^\s*\S+/.exec(text.slice(cursor));
  return match ? cursor + match[0].length : text.length;
}
