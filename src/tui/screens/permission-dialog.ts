import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { own } from '../../core/model/work.ts';
import { likeness } from '../../core/permission/judge.ts';
import { oneLine } from '../../core/text.ts';
import { shownCode } from '../code/code-line.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { nameOf } from '../presentation/overlap.ts';
import type { Token } from '../theme/tokens.ts';
import type { Line } from '../widgets/line.ts';
import { wrapText } from '../widgets/line.ts';
import { type Fact, factLines } from './fact-lines.ts';
import type { PopupContent } from './popup-box.ts';

/** What an agent asks before it does it, and what a yes means. */
export function permissionDialog(
  { state }: Room,
  popup: Extract<Popup, { kind: 'permission' }>,
  width: number,
  look: Look,
): PopupContent {
  const asked = own(state.permissions.waiting, popup.permission);
  if (!asked) {
    const body = [[span(look, 'it was answered, or is asked no more', 'faint')]];
    return { title: 'permission', body, top: 0, count: 0, cursor: null };
  }
  const title = `${nameOf(state, asked.agent)} asks`;
  const command = asked.command === null ? [] : asked.command.split('\n').flatMap((line) => wrapText(line, width - 2));
  const facts: readonly Fact[] = [
    ['tool', oneLine(asked.tool, 80)],
    ['files', oneLine(asked.paths.join(' '), 2000)],
    ['a  allow', 'this once', 'ok'],
    ['A  always', `${oneLine(likeness(asked), 200)}, for the rest of the session`, 'ok'],
    ['D  deny', 'with a word why', 'error'],
  ];
  const body: Line[] = [
    ...wrapText(oneLine(asked.text, 500), width).map((part): Line => [span(look, part, 'state.waiting')]),
    ...command.map((part): Line => [span(look, `$ ${part}`, 'strong')]),
    [],
    ...factLines(facts, width, look),
    ...(asked.diff.length === 0 ? [] : [[] as Line]),
    ...asked.diff.map((line): Line => [span(look, shownCode(line), tokenOf(line))]),
  ];
  return { title, summary: [ageSpan(look, asked.at, 'muted')], body, top: popup.top, count: body.length, cursor: null };
}

function tokenOf(line: string): Token {
  if (line.startsWith('@@')) return 'info';
  return line.startsWith('+') ? 'ok' : line.startsWith('-') ? 'error' : 'text';
}
