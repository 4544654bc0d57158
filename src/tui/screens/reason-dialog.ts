import type { Popup } from '../app/popup.ts';
import type { Look } from '../presentation/look.ts';
import { type PopupContent, fieldLine } from './popup-box.ts';

/** One line for a word why; it may stay empty. */
export function reasonDialog(popup: Extract<Popup, { kind: 'reason' }>, width: number, look: Look): PopupContent {
  const field = fieldLine('> ', popup.field, width, look);
  return { title: popup.question, body: [field.line], top: 0, count: 0, cursor: { column: field.column, row: 0 } };
}
