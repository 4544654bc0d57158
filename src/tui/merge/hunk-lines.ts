import type { MergeSegment } from '../../client/api.ts';
import { shownCode } from '../code/code-line.ts';
import type { Rect } from '../paint/api.ts';
import type { Spot } from '../screens/popup-box.ts';
import type { Highlighter } from '../code/runs.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, fitLine, lineWidth } from '../widgets/line.ts';
import type { HunkChoice, MergeState } from './choices.ts';
import { SideCode } from './code-lines.ts';
import { type Hunk, type Placed, type Side, place } from './hunks.ts';

/** A column narrower than this breaks nearly every line of code. */
const COLUMN_LEAST = 30;
/** Lines alike that are shown before and after a change. */
const AROUND = 3;

export interface HunkPicture {
  readonly lines: readonly Line[];
  /** Line that each hunk starts at. */
  readonly tops: readonly number[];
  /** Where a click marks a conflict, or takes one side's text. */
  readonly spots: readonly Spot[];
}

export interface HunkOptions {
  readonly path: string;
  /** Of A and B, safe to show. */
  readonly names: readonly [string, string];
  readonly merge: MergeState;
  readonly code: Highlighter | null;
  readonly width: number;
}

/** The file's changes in order: side by side where there is room for three columns, else one below the other. */
export function hunkLines(segments: readonly MergeSegment[], options: HunkOptions, look: Look): HunkPicture {
  const placed = place(segments);
  const picture: Picture = { ...options, look, sides: new SideCode(segments, options.path, options.code, look) };
  const lines: Line[] = [];
  const tops: number[] = [];
  const spots: Spot[] = [];
  placed.forEach((one, i) => {
    if (one.hunk) {
      const number = tops.push(lines.length) - 1;
      const drawn = conflictLines(one, one.hunk, number, picture);
      const all = { x: 0, y: 0, width: options.width, height: drawn.lines.length };
      for (const { side, rect } of [{ side: null, rect: all }, ...drawn.sides]) {
        spots.push({ hunk: number, side, rect: { ...rect, y: rect.y + lines.length } });
      }
      lines.push(...drawn.lines);
    } else if (one.segment.kind === 'merged') lines.push(...mergedLines(one, one.segment, picture));
    else if (one.segment.kind === 'same')
      lines.push(...sameLines(one, one.segment.lines, { first: i === 0, last: i === placed.length - 1 }, picture));
  });
  return { lines, tops, spots };
}

interface Picture extends HunkOptions {
  readonly look: Look;
  readonly sides: SideCode;
}

/** The lines next to a change; those further off are only counted. */
function sameLines(
  { at }: Placed,
  lines: readonly string[],
  { first, last }: { readonly first: boolean; readonly last: boolean },
  { sides, width, look }: Picture,
): Line[] {
  const above = first ? 0 : Math.min(AROUND, lines.length);
  const below = last ? 0 : Math.min(AROUND, lines.length - above);
  const rows = (from: number, to: number) => sides.rows('a', at.a + from, lines.slice(from, to), width - 2, 'muted');
  const hidden = lines.length - above - below;
  const fold: Line[] =
    hidden > 0 ? [[span(look, `⋯ ${hidden} ${hidden === 1 ? 'line' : 'lines'} alike`, 'faint')]] : [];
  const indented = (line: Line): Line => [span(look, '  '), ...line];
  return [...rows(0, above).map(indented), ...fold, ...rows(lines.length - below, lines.length).map(indented)];
}

/** What git combined by itself: what was there, what is. */
function mergedLines(
  { at }: Placed,
  segment: Extract<MergeSegment, { kind: 'merged' }>,
  { sides, names, width, look }: Picture,
): Line[] {
  const who = segment.from === 'both' ? 'both alike' : names[segment.from === 'A' ? 0 : 1];
  const side: Side = segment.from === 'B' ? 'b' : 'a';
  const title: Line = [span(look, `combined: from ${who}`, 'ok')];
  const marked = (mark: string, token: Token, rows: readonly Line[]) =>
    rows.map((line): Line => [span(look, mark, token), ...line]);
  return [
    title,
    ...marked('- ', 'error', sides.rows('base', at.base, segment.base, width - 2, 'faint')),
    ...marked('+ ', 'ok', sides.rows(side, at[side], segment.lines, width - 2)),
  ];
}

interface Drawn {
  readonly lines: readonly Line[];
  /** Where A's and B's text stand in them. */
  readonly sides: readonly Omit<Spot, 'hunk'>[];
}

function conflictLines({ at }: Placed, hunk: Hunk, number: number, picture: Picture): Drawn {
  const { merge, width, look, names } = picture;
  const choice = merge.whole ?? merge.choices[hunk.key];
  const current = merge.hunk === number;
  const title: Line = [
    span(look, current ? '▸ ' : '  ', 'accent'),
    span(look, `conflict ${number + 1}`, current ? 'strong' : 'text'),
    span(look, `, line ${hunk.lineA}  `, 'muted'),
    choice ? span(look, `✓ ${choiceWords(choice.take, names)}`, 'ok') : span(look, '▲ undecided', 'error'),
    ...(merge.drafts[hunk.key] === undefined ? [] : [span(look, '  ✎ a text of yours is put aside: i', 'warn')]),
  ];
  const rule: Span = [' ', paintOf(look, 'border')];
  const dashes: Span = ['─'.repeat(Math.max(0, width - lineWidth(title) - 1)), paintOf(look, 'border')];
  const own = choice?.take === 'edit' && !merge.whole ? editedLines(choice.text, picture) : [];
  const above: Line[] = [[...title, rule, dashes], ...own];
  const texts = fits(width) ? columns(at, hunk, choice, picture) : stacked(at, hunk, choice, picture);
  const sides = texts.sides.map(({ side, rect }) => ({ side, rect: { ...rect, y: rect.y + above.length } }));
  return { lines: [...above, ...texts.lines], sides };
}

export function choiceWords(take: HunkChoice['take'], [a, b]: readonly [string, string]): string {
  switch (take) {
    case 'A':
      return `A, ${a}`;
    case 'B':
      return `B, ${b}`;
    case 'A then B':
    case 'B then A':
      return `both, ${take}`;
    case 'edit':
      return 'edited';
  }
}

function editedLines(text: string, { width, look }: Picture): Line[] {
  const lines = text === '' ? ['(nothing)'] : text.replace(/\n$/, '').split('\n');
  return lines.map((line) => fitLine([span(look, '✎ ', 'ok'), span(look, shownCode(line))], width));
}

function fits(width: number): boolean {
  return Math.floor((width - 6) / 3) >= COLUMN_LEAST;
}

const SIDES: readonly Side[] = ['a', 'base', 'b'];
const NAMES: Readonly<Record<Side, 'A' | 'B' | null>> = { a: 'A', base: null, b: 'B' };

/** Whether a side's text becomes part of the result. */
function taken(side: Side, take: HunkChoice['take'] | undefined): boolean {
  if (take === undefined) return true;
  if (side === 'base' || take === 'edit') return false;
  return take.includes(side === 'a' ? 'A' : 'B');
}

function sideTitle(side: Side, { names }: Picture): string {
  return side === 'base' ? 'base' : side === 'a' ? `A ${names[0]}` : `B ${names[1]}`;
}

function sideRows(side: Side, at: Placed['at'], hunk: Hunk, width: number, faint: boolean, picture: Picture): Line[] {
  const { sides, look } = picture;
  const lines = hunk[side];
  if (lines.length === 0) return [[span(look, '(nothing)', 'faint')]];
  return [...sides.rows(side, at[side], lines, width, faint ? 'faint' : undefined)];
}

type Choice = { readonly take: HunkChoice['take'] } | undefined | null;

function columns(at: Placed['at'], hunk: Hunk, choice: Choice, picture: Picture): Drawn {
  const { width, look } = picture;
  const each = Math.floor((width - 6) / 3);
  const border: Span = [' │ ', paintOf(look, 'border')];
  const blocks = SIDES.map((side) => {
    const on = taken(side, choice?.take);
    const title: Line = [span(look, sideTitle(side, picture), side === 'base' ? 'muted' : on ? 'key' : 'faint')];
    return [title, ...sideRows(side, at, hunk, each, !on, picture)];
  });
  const height = Math.max(...blocks.map((block) => block.length));
  const lines = Array.from({ length: height }, (_, y) =>
    blocks.flatMap((block, i): Line => [...(i > 0 ? [border] : []), ...fitLine(block[y] ?? [], each)]),
  );
  const rectOf = (i: number): Rect => ({ x: i * (each + border[0].length), y: 0, width: each, height });
  return { lines, sides: SIDES.map((side, i) => ({ side: NAMES[side], rect: rectOf(i) })) };
}

function stacked(at: Placed['at'], hunk: Hunk, choice: Choice, picture: Picture): Drawn {
  const { width, look } = picture;
  const lines: Line[] = [];
  const sides = SIDES.map((side): Omit<Spot, 'hunk'> => {
    const on = taken(side, choice?.take);
    const token: Token = side === 'base' ? 'muted' : on ? 'key' : 'faint';
    const bar: Span = [side === 'base' ? '│ ' : '┃ ', paintOf(look, token)];
    const rows = sideRows(side, at, hunk, width - 2, !on, picture);
    const y = lines.push([span(look, sideTitle(side, picture), token)]) - 1;
    lines.push(...rows.map((line): Line => [bar, ...line]));
    return { side: NAMES[side], rect: { x: 0, y, width, height: lines.length - y } };
  });
  return { lines, sides };
}
