import type { Room } from '../app/room.ts';
import { split } from '../layout/geometry.ts';
import type { PanelBox } from '../layout/room.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { type Line, type Span, fitLine, lineWidth } from '../widgets/line.ts';
import { type Section, allotRows, sectionBody, sectionsOf, wrappedSections } from './sections.ts';
import { essentials } from './essentials.ts';

/** The lines of the coordinator panel, exactly as many and as wide as its box. */
export function coordinatorLines(room: Room, panel: PanelBox, look: Look): Line[] {
  const { width, height } = panel.rect;
  if (panel.kind === 'column') return columnLines(room, width, height, look);
  return height < 7 ? essentials(room, width, height, look) : stripLines(room, width, height, look);
}

/** One frame, its sections parted by rules that carry their titles. */
function columnLines(room: Room, width: number, height: number, look: Look): Line[] {
  const inner = width - 4;
  const short = fitting(sectionsOf(room, inner, look), Math.floor((height - 1) / 2));
  const long = wrappedSections(room, inner, look);
  const free = height - 1 - long.length;
  const fits = long.reduce((sum, one) => sum + (one.id === 'log' ? 1 : one.lines.length), 0) <= free;
  const sections = fits ? long : short;
  const rows = allotRows(sections, height - 1 - sections.length);
  const paint = paintOf(look, 'border');
  const lines = sections.flatMap((one, i) => {
    const ends: [string, string] = i === 0 ? ['╭', '╮'] : ['├', '┤'];
    const body = sectionBody(one, inner, rows[i]!).map((line): Line => [['│ ', paint], ...line, [' │', paint]]);
    return [titleRule(one, width, ends, look), ...body];
  });
  return [...lines, [[`╰${'─'.repeat(width - 2)}╯`, paint]]];
}

/** The sections that matter most, where not all of them can have a row. */
function fitting(sections: readonly Section[], most: number): readonly Section[] {
  return sections.slice(0, Math.max(1, most));
}

function titleRule(one: Section, width: number, [left, right]: [string, string], look: Look): Line {
  const paint = paintOf(look, 'border');
  const title = titleSpans(one, look);
  const summary: Line = one.summary.length > 0 ? [span(look, ' '), ...one.summary, span(look, ' ')] : [];
  const dashes = Math.max(0, width - 4 - lineWidth(title) - lineWidth(summary));
  return fitLine([[`${left}─`, paint], ...title, ['─'.repeat(dashes), paint], ...summary, [`─${right}`, paint]], width);
}

/** ` git g `: the name, and the key that opens its page. */
function titleSpans(one: Section, look: Look): Span[] {
  const key = one.key === '' ? [] : [span(look, ` ${one.key}`, 'key')];
  return [span(look, ' '), span(look, one.title, 'sectionTitle'), ...key, span(look, ' ')];
}

/** Three columns below a rule: who, what state the repository is in, what happened. */
function stripLines(room: Room, width: number, height: number, look: Look): Line[] {
  const widths = split(width - 2, 3).map((columns) => columns - 2);
  const groups = widths.map((columns, i) => {
    const ids: readonly Section['id'][] = STRIP[i]!;
    return stack(
      sectionsOf(room, columns, look).filter((one) => ids.includes(one.id)),
      columns,
      height,
      look,
    );
  });
  const bar: Span = [' │', paintOf(look, 'border')];
  return Array.from({ length: height }, (_, y) => {
    const cells = groups.flatMap((group, i): Line => [span(look, ' '), ...group[y]!, i < 2 ? bar : span(look, ' ')]);
    return fitLine(cells, width);
  });
}

const STRIP: readonly (readonly Section['id'][])[] = [
  ['agents', 'overlaps'],
  ['plan', 'git', 'build', 'todos'],
  ['alerts', 'log'],
];

function stack(sections: readonly Section[], width: number, height: number, look: Look): Line[] {
  const rows = allotRows(sections, height - sections.length);
  const paint = paintOf(look, 'border');
  return sections.flatMap((one, i) => {
    const title = titleSpans(one, look).slice(1);
    const dashes = Math.max(0, width - lineWidth(title) - lineWidth(one.summary) - 1);
    const rule: Line = [...title, ['─'.repeat(dashes), paint], span(look, ' '), ...one.summary];
    return [fitLine(rule, width), ...sectionBody(one, width, rows[i]!)];
  });
}
