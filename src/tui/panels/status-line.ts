import type { Room } from '../app/room.ts';
import { factsOf, focusedAgent, focusedId, indexOf } from '../app/room.ts';
import { showControls } from '../../core/text.ts';
import { footerBindings } from '../keys/binding.ts';
import { contextsOf } from '../keys/contexts.ts';
import { keyNames } from '../keys/markdown.ts';
import { overlapSummary } from './overlap-lines.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { overlay } from '../theme/paint.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, clip, fitLine, lineWidth, textWidth } from '../widgets/line.ts';

/** The mode, large and in words; then what the keys do now, or a message; then who else is here. */
export function statusLine(room: Room, width: number, look: Look): Line {
  const badge = modeBadge(room, look);
  const bar = paintOf(look, 'statusBar');
  const right = sessionSpans(room, look);
  const most = width - lineWidth(badge) - 1;
  const message = messageSpans(room, most, look);
  if (message) return fitLine([...badge, [' ', bar], ...message], width, bar);
  const end = lineWidth(right) + 24 < most ? right : [];
  const keys = keySpans(room, most - lineWidth(end), look);
  const gap = Math.max(0, most - lineWidth(keys) - lineWidth(end));
  return fitLine([...badge, [' ', bar], ...keys, [' '.repeat(gap), bar], ...end], width, bar);
}

function modeBadge(room: Room, look: Look): Line {
  const { ui } = room;
  const name = focusedAgent(room)?.spec.name ?? '';
  if (ui.mode === 'pane')
    return [span(look, ' PANE ', 'statusPane'), bold(look, ` keys go to ${clip(showControls(name), 20)} `)];
  if (ui.scroll && !ui.popup) return [span(look, ui.scroll.caret ? ' SELECT ' : ' SCROLLBACK ', 'statusScroll')];
  return [span(look, ' CONTROL ', 'statusControl')];
}

function bold(look: Look, text: string): Span {
  return [text, paintOf(look, 'statusBar')];
}

function messageSpans(room: Room, width: number, look: Look): Line | null {
  const { toast } = room.ui;
  if (!toast) return null;
  const token: Token = toast.level === 'info' ? 'info' : toast.level;
  const mark = toast.level === 'info' ? '' : '⚠ ';
  return [onBar(look, clip(`${mark}${toast.text}`, width), token)];
}

/** `Enter type  p pause …`: as many as fit, never half of one. */
function keySpans(room: Room, width: number, look: Look): Span[] {
  const bar = paintOf(look, 'statusBar');
  const spans: Span[] = [];
  let left = width;
  for (const binding of footerBindings(room.table, contextsOf(room), factsOf(room))) {
    const key = binding.id === 'leave-pane' ? binding.keys.join(' or ') : keyNames(binding)[0]!;
    const columns = textWidth(key) + 1 + textWidth(binding.title) + 2;
    if (columns > left) continue;
    spans.push(onBar(look, key, 'key'), [` ${binding.title}  `, bar]);
    left -= columns;
  }
  return spans;
}

function onBar(look: Look, text: string, token: Token): Span {
  return [text, overlay(paintOf(look, 'statusBar'), paintOf(look, token))];
}

function sessionSpans(room: Room, look: Look): Line {
  const bar = paintOf(look, 'statusBar');
  const { ui, state } = room;
  const waiting = Object.values(state.agents).filter((agent) => agent.status.state === 'waiting').length;
  // Where the panel is out of sight, this is the one place that says it.
  const hidden = ui.zoom || !ui.panelOpen;
  const parts = [
    hidden && waiting > 0 ? `◆ ${waiting} waiting` : '',
    hidden
      ? overlapSummary(room.state, look)
          .map(([text]) => text)
          .join('')
      : '',
    ui.zoom ? `zoomed, ${indexOf(state, focusedId(room)) + 1} of ${state.order.length}` : '',
    room.readOnly ? 'read-only' : '',
    room.clients > 1 ? `${room.clients} screens` : '',
    showControls(room.state.session.planName || room.state.session.id.replace(/-[0-9a-f]{10}$/, '')),
  ].filter((part) => part !== '');
  return [[` ${parts.join(' · ')} `, bar]];
}
