import type { JournalEntry } from '../../core/model/events.ts';
import { isAnyEvent } from '../../core/records/journal-filter.ts';
import { type EventLevel, eventLevel } from '../../core/records/levels.ts';
import { eventAgent, eventWords } from '../../core/select/recent.ts';
import { showControls } from '../../core/text.ts';
import { markedIndex } from '../app/journal-feed.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { type Look, span } from '../presentation/look.ts';
import { clock, dayClock } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, clip, pad, spread, textWidth, wrapText } from '../widgets/line.ts';
import { type PopupContent, fieldLine, linesFrom, listRow } from './popup-box.ts';

const TOKEN: Readonly<Record<EventLevel, Token>> = { debug: 'faint', info: 'text', warn: 'warn', error: 'error' };
/** Level at a glance, without colours too. */
const MARK: Readonly<Record<EventLevel, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' };

/** Every event, as the filter has it; the marked one in the middle where there is more on both sides. Only rows in view are built. */
export function journalPage(
  room: Room,
  popup: Extract<Popup, { kind: 'log' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const view = room.journal;
  const entries = view?.entries ?? [];
  const index = view ? markedIndex(view, popup.mark) : -1;
  const list = Math.max(1, rows - 2);
  const from = Math.max(0, Math.min(entries.length - list, index - (list >> 1)));
  const body = entries
    .slice(from, from + list)
    .map((entry, i) => listRow(entryLine(entry, width - 2, look), from + i === index, width, look));
  if (body.length === 0) body.push([span(look, emptyWords(room), 'faint')]);
  // Of one height, whatever the filter leaves.
  while (body.length < list) body.push([]);
  const field = popup.field && fieldLine('/', popup.field, width, look);
  const at = entries[index]?.seq ?? 0;
  return {
    title: 'log',
    summary: [span(look, `event ${at} of ${room.last}`, 'muted')],
    head: [field ? field.line : filterLine(room, popup, width, look), []],
    body,
    top: 0,
    count: entries.length,
    lineOf: linesFrom(from, list),
    // Of the head: the row is counted from the body on.
    cursor: field && { column: field.column, row: -2 },
  };
}

function emptyWords({ journal, last }: Room): string {
  if (journal?.trouble) return showControls(journal.trouble);
  if (!journal || journal.looking) return 'reading…';
  if (last === 0) return 'nothing happened yet';
  return isAnyEvent(journal.filter) ? 'reading…' : 'no event fits: x shows all';
}

/** `agent all · type all · info and above · /tests      reading…` */
function filterLine({ journal }: Room, popup: Extract<Popup, { kind: 'log' }>, width: number, look: Look): Line {
  const { agent, type, level } = popup.filter;
  const part = (name: string, value: string | null): Line => [
    span(look, `${name} `, 'muted'),
    value === null ? span(look, 'all', 'muted') : span(look, showControls(clip(value, 24)), 'accent'),
    span(look, '  '),
  ];
  const words = level === 'debug' ? null : level === 'error' ? 'error' : `${level} and above`;
  const query: Line = popup.query === '' ? [] : [span(look, `/${showControls(popup.query)}`, 'accent')];
  const left: Line = [...part('agent', agent), ...part('type', type), ...part('level', words), ...query];
  const state = journal?.trouble ?? (journal?.looking ? 'reading…' : popup.mark === null ? 'follows the newest' : '');
  return spread(left, [span(look, showControls(state), journal?.trouble ? 'warn' : 'faint')], width);
}

const SEQ = 6;
const AGENT = 10;
const TYPE = 19;

/** `12:03:04  1234 ! ana        agent.state         ana is waiting: …` */
function entryLine({ seq, at, event }: JournalEntry, width: number, look: Look): Line {
  const level = eventLevel(event);
  const who = showControls(eventAgent(event) ?? '');
  const wide = width >= 90;
  return [
    span(look, `${clock(at, true)} `, 'faint'),
    span(look, wide ? `${pad(String(seq), SEQ, 'end')} ` : '', 'faint'),
    span(look, `${MARK[level]} `, TOKEN[level]),
    span(look, `${pad(who, AGENT)} `, 'muted'),
    span(look, wide ? `${pad(showControls(event.type), TYPE)} ` : '', 'muted'),
    span(look, eventWords(event), TOKEN[level]),
  ];
}

/** All of one event, as the journal has it. */
export function eventPage(popup: Extract<Popup, { kind: 'event' }>, width: number, look: Look): PopupContent {
  const { seq, at, event } = popup.entry;
  const level = eventLevel(event);
  const body: Line[] = [
    ...wrapText(eventWords(event), width).map((text): Line => [span(look, text, TOKEN[level])]),
    [],
    ...fieldLines(event, width, look),
  ];
  return {
    title: `event ${seq}`,
    summary: [span(look, `${dayClock(at, look.now)}, ${clock(at, true)} · ${level}`, 'muted')],
    body,
    top: popup.top,
    count: body.length,
    cursor: null,
  };
}

/** A plan is thousands of lines: nobody scrolls through more. */
const LINES_MAX = 2_000;

function fieldLines(event: JournalEntry['event'], width: number, look: Look): Line[] {
  const lines = JSON.stringify(event, null, 2).split('\n').slice(1, -1);
  return lines.slice(0, LINES_MAX).flatMap((line): Line[] => {
    const text = showControls(line.slice(2));
    const indent = /^ */.exec(text)![0].length;
    const [, name = '', value = text.trimStart()] = /^ *("(?:[^"\\]|\\.)*"): (.*)$/.exec(text) ?? [];
    const parts = wrapText(value, Math.max(10, width - indent - textWidth(name) - 2));
    return parts.map((part, i) => [
      span(look, ' '.repeat(indent)),
      span(
        look,
        i === 0 ? (name === '' ? '' : `${name}: `) : ' '.repeat(name === '' ? 0 : textWidth(name) + 2),
        'muted',
      ),
      span(look, part),
    ]);
  });
}
