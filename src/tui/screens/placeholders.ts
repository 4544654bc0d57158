import type { Room } from '../app/room.ts';
import { LEAST_COLS, LEAST_ROWS, type RoomLayout } from '../layout/room.ts';
import type { Rect } from '../paint/api.ts';
import { type Look, span } from '../presentation/look.ts';
import { PLAIN } from '../theme/paint.ts';
import { type Line, fitLine, lineWidth } from '../widgets/line.ts';

/** The whole screen while the window is too small for anything else. */
export function tooSmallLines(room: Room, look: Look): Line[] {
  const { cols, rows } = room.ui;
  const many = room.state.order.length;
  const words = [
    `This window is ${cols}×${rows}.`,
    `llmctl needs ${LEAST_COLS}×${LEAST_ROWS}:`,
    'make it larger.',
    many === 0 ? '' : many === 1 ? 'The agent runs on.' : `All ${many} agents run on.`,
  ].filter((text) => text !== '');
  return inMiddle(
    words.map((text, i): Line => [span(look, text, i === 0 ? 'strong' : 'text')]),
    { x: 0, y: 0, width: cols, height: rows },
  );
}

/** Where panes would be, while there is no agent: what to do first. */
export function emptyRoom(room: Room, rect: Rect, look: Look): Line[] {
  const key = (id: string) => room.table.find((binding) => binding.id === id)?.keys[0] ?? '';
  const hints: readonly (readonly [string, string])[] = [
    [key('new-agent'), 'adds an agent: a profile, or any command'],
    [key('palette'), 'finds a command by its name'],
    [key('help'), 'lists every key'],
    [key('detach'), 'leaves; the session runs on'],
  ];
  const width = Math.max(...hints.map(([, text]) => text.length)) + 4;
  const lines: Line[] = [
    [span(look, 'No agent in this room yet', 'strong')],
    [],
    ...hints.map(([name, text]) => fitLine([span(look, name.padEnd(4), 'key'), span(look, text, 'muted')], width)),
  ];
  return inMiddle(lines, rect);
}

function inMiddle(lines: readonly Line[], rect: Rect): Line[] {
  const top = Math.max(0, Math.floor((rect.height - lines.length) / 2));
  return Array.from({ length: rect.height }, (_, y) => {
    const line = lines[y - top] ?? [];
    const before = Math.max(0, Math.floor((rect.width - lineWidth(line)) / 2));
    return fitLine([[' '.repeat(before), PLAIN], ...line], rect.width);
  });
}

/** `▲ 3 more above · ▼ 5 more below` */
export function moreLine(layout: RoomLayout, width: number, look: Look): Line {
  const parts: Line = [
    ...(layout.before > 0 ? [span(look, ` ▲ ${layout.before} more before`, 'muted')] : []),
    ...(layout.after > 0 ? [span(look, ` ▼ ${layout.after} more after`, 'muted')] : []),
    span(look, '  Tab goes on', 'faint'),
  ];
  return fitLine(parts, width);
}
