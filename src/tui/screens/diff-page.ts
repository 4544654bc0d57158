import { showControls } from '../../core/text.ts';
import { shownCode } from '../code/code-line.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { type Look, span } from '../presentation/look.ts';
import { nameOf } from '../presentation/overlap.ts';
import type { Token } from '../theme/tokens.ts';
import type { Line } from '../widgets/line.ts';
import type { PopupContent } from './popup-box.ts';

/** What an agent changed, as a unified diff: against its base, or against another agent. */
export function diffPage(room: Room, popup: Extract<Popup, { kind: 'diff' }>, look: Look): PopupContent {
  const against = popup.against === null ? 'its base' : nameOf(room.state, popup.against);
  const title = `${nameOf(room.state, popup.agent)} against ${against}`;
  const diff = room.diff?.latest ?? null;
  const trouble = room.diff?.trouble ?? null;
  const note = (text: string, token: Token): PopupContent => {
    return { title, body: [[span(look, text, token)]], top: 0, count: 0, cursor: null };
  };
  if (!diff) return trouble === null ? note('reading…', 'faint') : note(showControls(trouble), 'warn');
  if (diff.lines.length === 0) return note('nothing differs', 'faint');
  const body = diff.lines.map((line): Line => [span(look, shownCode(line), tokenOf(line))]);
  if (diff.cut) body.push([span(look, '⋯ there is more: llmctl diff has all of it', 'warn')]);
  return { title, body, top: popup.top, count: body.length, cursor: null, marks: marksOf(diff.lines) };
}

/** Lines where a file begins. */
function marksOf(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line, i) => (line.startsWith('diff ') ? [i] : []));
}

/** By how the line begins (git-diff(1), "Generating patch text with -p"). */
function tokenOf(line: string): Token {
  if (/^(diff|index|new file|deleted file|similarity|rename|copy|old mode|new mode|Binary) ?/.test(line))
    return 'muted';
  if (line.startsWith('+++') || line.startsWith('---')) return 'strong';
  if (line.startsWith('@@')) return 'info';
  return line.startsWith('+') ? 'ok' : line.startsWith('-') ? 'error' : 'text';
}
