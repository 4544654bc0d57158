import {
  BG_DIM,
  BG_ITALIC,
  CODEPOINT_MASK,
  COLOR_MODE_MASK,
  COLOR_P16,
  COLOR_P256,
  COLOR_RGB,
  COMBINED,
  FG_BOLD,
  FG_INVERSE,
  FG_STRIKE,
  FG_UNDERLINE,
  RGB_MASK,
  WORDS_PER_CELL,
  cellWidth,
} from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import type { PaneSource, Rect } from '../paint/api.ts';
import type { Color } from '../theme/color.ts';
import { type Attribute, type Paint, toPaint } from '../theme/paint.ts';
import type { Line } from '../widgets/line.ts';

/** The part of `source` that `rect` shows, as lines of styled text: how panes are drawn where no stage paints cells. */
export function sourceLines(source: PaneSource, rect: Rect, clusters: ClusterTable): Line[] {
  const { x, y } = source.origin(rect);
  return Array.from({ length: rect.height }, (_, row) => {
    const cells = source.row(y + row);
    return cells ? cellSpans(cells.cells, cells.offset, source.cols, x, rect.width, clusters) : [];
  });
}

/** `width` columns of a row of cells from column `from` on; half a wide character at an edge is a blank. */
export function cellSpans(
  cells: Uint32Array,
  offset: number,
  cols: number,
  from: number,
  width: number,
  clusters: ClusterTable,
): Line {
  const spans: [string, Paint][] = [];
  const end = Math.min(cols, from + width);
  for (let x = from; x < end;) {
    const at = offset + x * WORDS_PER_CELL;
    const columns = Math.max(1, cellWidth(cells[at]!));
    const text = x + columns > end ? ' ' : cellText(cells[at]!, clusters);
    const paint = cellPaint(cells[at + 1]!, cells[at + 2]!);
    const last = spans.at(-1);
    if (last && last[1] === paint) last[0] += text;
    else spans.push([text, paint]);
    x += columns;
  }
  return spans;
}

/** The character of a cell; a blank for one never written, and for the right half of a wide one seen alone. */
export function cellText(content: number, clusters: ClusterTable): string {
  const low = content & CODEPOINT_MASK;
  if (content & COMBINED) return clusters.at(low);
  return low < 32 || cellWidth(content) === 0 ? ' ' : String.fromCodePoint(low);
}

const known = new Map<string, Paint>();

function cellPaint(fg: number, bg: number): Paint {
  const key = `${fg} ${bg}`;
  let paint = known.get(key);
  if (!paint) {
    if (known.size > 4096) known.clear();
    paint = toPaint({ fg: colorOf(fg), bg: colorOf(bg), attributes: attributesOf(fg, bg) });
    known.set(key, paint);
  }
  return paint;
}

function colorOf(word: number): Color {
  switch (word & COLOR_MODE_MASK) {
    case COLOR_P16:
    case COLOR_P256:
      return { kind: 'palette', index: word & 0xff };
    case COLOR_RGB:
      return { kind: 'rgb', rgb: word & RGB_MASK };
    default:
      return { kind: 'default' };
  }
}

function attributesOf(fg: number, bg: number): ReadonlySet<Attribute> {
  const found = new Set<Attribute>();
  if (fg & FG_BOLD) found.add('bold');
  if (bg & BG_DIM) found.add('dim');
  if (bg & BG_ITALIC) found.add('italic');
  if (fg & FG_UNDERLINE) found.add('underline');
  if (fg & FG_INVERSE) found.add('inverse');
  if (fg & FG_STRIKE) found.add('strike');
  return found;
}
