import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { factsOf } from '../app/room.ts';
import { showControls } from '../../core/text.ts';
import { keyNames } from '../keys/markdown.ts';
import { todoLine } from '../panels/todo-lines.ts';
import { type Look, span } from '../presentation/look.ts';
import { type Line, pad, spread, wrapText } from '../widgets/line.ts';
import { launchEntries, paletteEntries } from './palette-entries.ts';
import { type PopupContent, fieldLine, linesFrom, listRow, topFor } from './popup-box.ts';

type Of<K extends Popup['kind']> = Extract<Popup, { kind: K }>;

export function todosDialog(room: Room, popup: Of<'todos'>, width: number, rows: number, look: Look): PopupContent {
  const { todos } = room.state;
  const done = todos.filter((todo) => todo.done).length;
  const summary = [span(look, `${done} of ${todos.length} done`, 'muted')];
  // A plan may bring thousands: only what is in view is built.
  const space = Math.max(1, rows - (popup.field ? 1 : 0));
  const from = popup.field ? Math.max(0, todos.length - space) : topFor(popup.index, space);
  const list = todos
    .slice(from, from + space)
    .map((todo, i) => listRow(todoLine(todo, look), from + i === popup.index && !popup.field, width, look));
  const empty: Line[] = [[span(look, 'No todo yet: a adds a line; a plan brings its own.', 'faint')]];
  const body = list.length > 0 ? list : empty;
  const page = { title: 'todos', summary, top: 0, count: todos.length };
  if (!popup.field) return { ...page, body, cursor: null, lineOf: linesFrom(from, space) };
  const field = fieldLine('new: ', popup.field, width, look);
  return { ...page, body: [...body, field.line], cursor: { column: field.column, row: body.length } };
}

export function paletteDialog(room: Room, popup: Of<'palette'>, width: number, rows: number, look: Look): PopupContent {
  const entries = paletteEntries(room, popup.field.text);
  const facts = factsOf(room);
  const list = entries.map((binding, i) => {
    const why = binding.disabled?.(facts) ?? null;
    const words = why === null ? binding.description.replaceAll('`', '') : `not now: ${why}`;
    const left: Line = [
      span(look, pad(binding.title, 18), why === null ? 'strong' : 'faint'),
      span(look, words, why === null ? 'muted' : 'faint'),
    ];
    const keys: Line = [span(look, ` ${keyNames(binding).join(' ')}`, 'key')];
    return listRow(spread(left, keys, width - 2), i === popup.index, width, look);
  });
  return picker(
    'commands',
    fieldLine(': ', popup.field, width, look),
    list,
    popup.index,
    rows,
    look,
    'no command has these letters',
  );
}

export function launchDialog(
  room: Room,
  popup: Of<'new-agent'>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const entries = launchEntries(room, popup.field.text);
  const list = entries.map((entry, i) => {
    const line: Line =
      entry.kind === 'profile'
        ? [
            span(look, pad(showControls(entry.profile.name), 16), 'strong'),
            span(look, showControls(entry.profile.description), 'muted'),
          ]
        : [span(look, 'run  ', 'accent'), span(look, showControls(entry.command), 'strong')];
    return listRow(line, i === popup.index, width, look);
  });
  return picker(
    'new agent',
    fieldLine('profile or command: ', popup.field, width, look),
    list,
    popup.index,
    rows,
    look,
    'type a command',
  );
}

/** More entries at once are harder to take in than to find by a letter more. */
const PICKER_ROWS = 16;

/** A field with the list of its answers below. */
function picker(
  title: string,
  field: { readonly line: Line; readonly column: number },
  list: readonly Line[],
  index: number,
  rows: number,
  look: Look,
  none: string,
): PopupContent {
  const room = Math.max(1, Math.min(PICKER_ROWS, rows - 2));
  const from = topFor(index, room);
  const shown = list.slice(from, from + room);
  const body = [field.line, [], ...(shown.length > 0 ? shown : [[span(look, `  ${none}`, 'faint')]])];
  const summary = [span(look, list.length > room ? `${index + 1} of ${list.length}` : '', 'muted')];
  return {
    title,
    summary,
    body,
    top: 0,
    count: list.length,
    cursor: { column: field.column, row: 0 },
    lineOf: linesFrom(from, room, 2),
  };
}

export function lineDialog(room: Room, popup: Of<'send' | 'search'>, width: number, look: Look): PopupContent {
  const name = showControls(room.state.agents[popup.agent]?.spec.name ?? popup.agent);
  const title = popup.kind === 'send' ? `send ${name} a line` : `search ${name}'s output`;
  const field = fieldLine(popup.kind === 'send' ? '> ' : '/ ', popup.field, width, look);
  return { title, body: [field.line], top: 0, count: 0, cursor: { column: field.column, row: 0 } };
}

export function confirmDialog(popup: Of<'confirm'>, width: number, look: Look): PopupContent {
  const detail =
    popup.detail === '' ? [] : wrapText(popup.detail, width).map((text): Line => [span(look, text, 'muted')]);
  const choices = popup.choices.map((choice, i) =>
    listRow([span(look, `${choice.key}  `, 'key'), span(look, choice.label)], i === popup.index, width, look),
  );
  const above = detail.length > 0 ? [...detail, []] : [];
  return {
    title: popup.question,
    body: [...above, ...choices],
    top: 0,
    count: choices.length,
    cursor: null,
    lineOf: (index) => above.length + index,
  };
}
