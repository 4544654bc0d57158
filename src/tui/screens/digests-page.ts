/** The plan's sync points: when each comes, when it was held, and the digest of the marked one. */
import type { SyncHeld } from '../../core/model/watch.ts';
import { own } from '../../core/model/work.ts';
import { oneLine, showControls } from '../../core/text.ts';
import { pointsShown, type SyncPoint } from '../../core/watch/sync-points.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { clock, dayClock } from '../presentation/time.ts';
import { type Line, pad, spread, wrapText } from '../widgets/line.ts';
import { linesFrom, listRow, type PopupContent, topFor } from './popup-box.ts';

type Of<K extends Popup['kind']> = Extract<Popup, { kind: K }>;

export function digestsPage(room: Room, popup: Of<'digests'>, width: number, rows: number, look: Look): PopupContent {
  const points = pointsShown(room.state);
  const index = Math.min(popup.index, points.length - 1);
  const marked = points[index]!;
  const held = own(room.state.watch.syncs, marked.point);
  // The list has what it needs up to a third; the digest has the rest.
  const space = Math.min(points.length, Math.max(3, Math.floor(rows / 3)));
  const from = topFor(index, space);
  const list = points
    .slice(from, from + space)
    .map((one, i) => listRow(pointLine(room, one, width - 2, look), from + i === index, width, look));
  const text = textLines(held, width, look);
  const left = Math.max(1, rows - space - 1);
  const more: Line = [span(look, `⋯ ${text.length - left + 1} lines more: Enter reads all of it`, 'faint')];
  return {
    title: 'sync points',
    summary: [span(look, summaryOf(room), 'muted')],
    body: [...list, [], ...(text.length > left ? [...text.slice(0, left - 1), more] : text)],
    top: 0,
    count: points.length,
    cursor: null,
    lineOf: linesFrom(from, space),
  };
}

/** One digest, all of it. */
export function digestPage(room: Room, popup: Of<'digest'>, width: number, look: Look): PopupContent {
  const held = own(room.state.watch.syncs, popup.point);
  const body = textLines(held, width, look);
  const summary: Line = held ? [span(look, `held ${dayClock(held.at, look.now)}`, 'muted')] : [];
  return {
    title: `digest ${oneLine(popup.point, 60)}`,
    summary,
    body,
    top: popup.top,
    count: body.length,
    cursor: null,
  };
}

function summaryOf({ state }: Room): string {
  return (state.work?.plan.syncPoints.length ?? 0) === 0 ? 'the plan has none of its own' : '';
}

/** `Morning   every day at 09:00   3/5 tasks done, 2 landed   4m` */
function pointLine({ state }: Room, point: SyncPoint, width: number, look: Look): Line {
  const held = own(state.watch.syncs, point.point);
  const left: Line = [
    span(look, `${pad(oneLine(point.title, 40), Math.min(28, Math.floor(width / 3)))} `, 'strong'),
    span(look, `${pad(whenWords(point), 21)} `, 'muted'),
    span(look, held ? oneLine(held.summary, 200) : 'not held yet', held ? 'text' : 'faint'),
  ];
  return spread(left, held ? [span(look, ' '), ageSpan(look, held.at, 'muted')] : [], width);
}

const AFTER: Readonly<Record<SyncPoint['on'] & string, string>> = {
  'task-done': 'after every task',
  milestone: 'after every milestone',
  gate: 'after every gate',
  phase: 'after every phase',
  failure: 'after every failure',
};

function whenWords({ at, on }: SyncPoint): string {
  if (at !== null) return `daily at ${at}`;
  return on === null ? 'by hand' : AFTER[on];
}

/** Its headings stand out; what names came from outside is safe to show. */
function textLines(held: SyncHeld | undefined, width: number, look: Look): Line[] {
  if (!held) return [[span(look, 'H holds it now', 'faint')]];
  const text = held.text ?? '';
  if (text === '') {
    const where = held.path === '' ? 'its file could not be written' : held.path;
    const words = `${held.summary}. Held at ${clock(held.at)}; all of it: ${where}`;
    return wrapText(showControls(words), width).map((part): Line => [span(look, part)]);
  }
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line): Line[] => {
      const heading = /^#+ (.*)$/.exec(line)?.[1];
      if (line === '') return [[]];
      const parts = wrapText(showControls(heading ?? line), width);
      return parts.map((part): Line => [span(look, part, heading === undefined ? 'text' : 'sectionTitle')]);
    });
}
