/** What wants an eye, the newest first; of the marked alert all that it says, and where it leads. */
import type { Alert } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import { alertSubject, subjectWords } from '../app/alert-subject.ts';
import { alertsInOrder } from '../app/marked-watch.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { actorName } from '../presentation/agent.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { dayClock } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, pad, spread } from '../widgets/line.ts';
import { type Fact, factLines } from './fact-lines.ts';
import { linesFrom, listRow, type PopupContent, topFor } from './popup-box.ts';

const SIGNS: Readonly<Record<Alert['level'], string>> = { info: '·', warn: '⚠', error: '✗' };

export function alertsPage(
  room: Room,
  popup: Extract<Popup, { kind: 'alerts' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const alerts = alertsInOrder(room.state);
  const marked = alerts[popup.index] ?? alerts.at(-1);
  if (!marked) return { title: 'alerts', body: [[span(look, 'no alert', 'faint')]], top: 0, count: 0, cursor: null };
  const details = [[], ...detailLines(room, marked, width, look)];
  const space = Math.max(1, rows - details.length);
  const from = topFor(alerts.indexOf(marked), space);
  const list = alerts
    .slice(from, from + space)
    .map((one) => listRow(alertLine(one, width - 2, look), one === marked, width, look));
  const open = alerts.filter(({ ackedBy }) => !ackedBy).length;
  return {
    title: 'alerts',
    summary: [
      span(look, open === alerts.length ? `${open}` : `${open} of ${alerts.length} that nobody sees to`, 'muted'),
    ],
    body: [...list, ...details],
    top: 0,
    count: alerts.length,
    cursor: null,
    lineOf: linesFrom(from, space),
  };
}

/** `✗ error ana and cleo are paused for a conflict: src/c.txt   6s` */
function alertLine(alert: Alert, width: number, look: Look): Line {
  const token: Token = alert.ackedBy ? 'muted' : alert.level;
  const left: Line = [
    span(look, `${alert.ackedBy ? '✓' : SIGNS[alert.level]} ${pad(alert.level, 6)}`, token),
    span(look, alert.ackedBy ? `seen by ${actorName(alert.ackedBy)}: ` : '', 'muted'),
    span(look, wordsOf(alert), alert.ackedBy ? 'muted' : 'text'),
  ];
  return spread(left, [span(look, ' '), ageSpan(look, alert.at, 'muted')], width);
}

function wordsOf({ agent, text, count }: Alert): string {
  const who = agent === null || text.includes(agent) ? '' : `${showControls(agent)}: `;
  return `${who}${showControls(text)}${count > 1 ? ` ×${count}` : ''}`;
}

function detailLines(room: Room, alert: Alert, width: number, look: Look): readonly Line[] {
  const subject = alertSubject(room.state, alert);
  const facts: readonly Fact[] = [
    ['says', showControls(alert.text)],
    ['agent', showControls(alert.agent ?? '')],
    ['last', `${dayClock(alert.at, look.now)}${alert.count > 1 ? `, ${alert.count} times` : ''}`],
    ['Enter', subject ? subjectWords(subject) : ''],
  ];
  return factLines(facts, width, look);
}
