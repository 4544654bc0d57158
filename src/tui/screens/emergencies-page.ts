/** What went wrong, and what is done about it step by step. */
import type { Emergency, StepState } from '../../core/model/watch.ts';
import { emergenciesInOrder, emergencyState, type EmergencyStateName } from '../../core/select/watch-documents.ts';
import { showControls } from '../../core/text.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { clock } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, pad, spread, wrapText } from '../widgets/line.ts';
import { linesFrom, listRow, topFor, type PopupContent } from './popup-box.ts';

const STATES: Readonly<Record<EmergencyStateName, readonly [word: string, token: Token]>> = {
  asking: ['▲ asks you', 'error'],
  running: ['● at work', 'warn'],
  taken: ['○ steps taken', 'warn'],
  stopped: ['■ stopped', 'muted'],
  over: ['✓ over', 'muted'],
};
const WIDTH = 13;

const STEPS: Readonly<Record<StepState | 'pending', readonly [sign: string, token: Token]>> = {
  pending: ['○', 'faint'],
  running: ['●', 'warn'],
  asking: ['▲', 'error'],
  done: ['✓', 'ok'],
  skipped: ['-', 'muted'],
  failed: ['✗', 'error'],
};

export function emergenciesPage(
  room: Room,
  popup: Extract<Popup, { kind: 'emergencies' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const all = emergenciesInOrder(room.state);
  const list = all.map((one, at) => listRow(headLine(one, width - 2, look), at === popup.index, width, look));
  const marked = all[popup.index];
  const details = marked === undefined ? [] : [[], ...detailLines(marked, width, look)];
  const shown = Math.max(1, rows - details.length);
  const top = topFor(popup.index, shown);
  const none: Line[] = [[span(look, 'nothing is wrong', 'faint')]];
  return {
    title: 'emergencies',
    summary: [span(look, 'what is done when: stuck and emergencies in the plan', 'muted')],
    body: all.length === 0 ? none : [...list.slice(top, top + shown), ...details],
    top: 0,
    count: all.length,
    cursor: null,
    lineOf: linesFrom(top, shown),
  };
}

function headLine(one: Emergency, width: number, look: Look): Line {
  const [word, token] = STATES[emergencyState(one)];
  const who = one.subject.agent ?? one.subject.check ?? one.subject.task ?? '';
  const left: Line = [
    span(look, `${pad(word, WIDTH)} `, token),
    span(look, who === '' ? '' : `${showControls(who)} `, 'strong'),
    span(look, showControls(one.title)),
  ];
  return spread(left, [span(look, ' '), ageSpan(look, one.goneAt ?? one.begunAt, 'muted')], width);
}

function detailLines(one: Emergency, width: number, look: Look): readonly Line[] {
  const why = wrapText(showControls(`${one.evidence}${one.end === '' ? '' : ` · ${one.end}`}`), width);
  return [
    ...why.map((text): Line => [span(look, text, 'muted')]),
    ...one.steps.flatMap((step, at) => {
      const work = one.work[at];
      const [sign, token] = STEPS[work?.state ?? 'pending'];
      const name = `${step.do}${step.to === null ? '' : ` ${step.to}`}`;
      const said = work?.said ?? (step.if === null ? '' : `if ${step.if}`);
      const time = work === undefined ? pad('', 6) : `${clock(work.at)} `;
      const head: Line = [
        span(look, `${sign} `, token),
        span(look, time, 'faint'),
        span(look, pad(name, 15), 'strong'),
      ];
      const parts = wrapText(showControls(said), Math.max(10, width - 24));
      return (parts.length === 0 ? [''] : parts).map((text, part): Line =>
        part === 0 ? [...head, span(look, ` ${text}`)] : [span(look, `${pad('', 24)}${text}`)],
      );
    }),
  ];
}
