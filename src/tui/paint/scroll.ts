/** Lets the terminal move lines by itself where that saves bytes: a log that grew by a line is one line, not forty. */
import { CODEPOINT_MASK, COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import type { ByteSink } from './byte-sink.ts';
import { STALE } from './canonical.ts';
import type { CellBuffer, ScrollHint } from './cell-buffer.ts';
import { fillBlank } from './cell-buffer.ts';
import type { Pen } from './pen.ts';
import type { TermCursor } from './term-cursor.ts';

const STEP = WORDS_PER_CELL;
/** Setting margins, scrolling and taking the margins back costs about this many bytes. */
const REGION_COST = 24;

export interface ScrollFeatures {
  /** DECSTBM and SU (`CSI n S`). */
  readonly rows: boolean;
  /** DECLRMM and DECSLRM (`CSI ?69h`, `CSI l;r s`): left and right margins. */
  readonly columns: boolean;
}

/** Emits the scrolls among the buffer's hints that pay, moves `front` along, and forgets the hints. */
export function scrollHints(
  buffer: CellBuffer,
  sink: ByteSink,
  pen: Pen,
  cursor: TermCursor,
  features: ScrollFeatures,
): void {
  for (const hint of buffer.hints) {
    if (!features.rows || hint.lines <= 0 || hint.lines >= hint.height || !isInside(buffer, hint)) continue;
    const lines: ScrollHint = { ...hint, x: 0, width: buffer.cols };
    const byLines = saved(buffer, lines);
    const byColumns = features.columns && hint.width < buffer.cols ? saved(buffer, hint) - 12 : -1;
    const best = byColumns > byLines ? hint : lines;
    if (Math.max(byLines, byColumns) <= REGION_COST) continue;
    emitScroll(sink, best, best.width < buffer.cols, pen, cursor);
    moveFront(buffer, best);
  }
  buffer.hints.length = 0;
}

function isInside({ cols, rows }: CellBuffer, { x, y, width, height }: ScrollHint): boolean {
  return x >= 0 && y >= 0 && x + width <= cols && y + height <= rows;
}

/** Cells fewer to paint after the scroll than before it. */
function saved(buffer: CellBuffer, area: ScrollHint): number {
  const { back, front } = buffer;
  let gain = 0;
  for (let row = 0; row < area.height; row++) {
    const at = buffer.at(area.x, area.y + row);
    const source = row + area.lines < area.height ? buffer.at(area.x, area.y + row + area.lines) : -1;
    for (let i = 0, end = area.width * STEP; i < end; i += STEP) {
      const want = glyphOf(back[at + i]!);
      if (want !== glyphOf(front[at + i]!)) gain++;
      if (want !== (source < 0 ? 32 : glyphOf(front[source + i]!))) gain--;
    }
  }
  return gain;
}

function glyphOf(content: number): number {
  return content & (CODEPOINT_MASK | COMBINED) || 32;
}

function emitScroll(sink: ByteSink, area: ScrollHint, columns: boolean, pen: Pen, cursor: TermCursor): void {
  // Lines that come in take the current background.
  sink.reserve(128);
  pen.set(sink, 0, 0);
  if (columns) sink.ascii(`\x1b[?69h\x1b[${area.x + 1};${area.x + area.width}s`);
  sink.ascii(`\x1b[${area.y + 1};${area.y + area.height}r`);
  sink.csi(area.lines, 83);
  sink.ascii(columns ? '\x1b[r\x1b[?69l' : '\x1b[r');
  cursor.forget();
}

function moveFront(buffer: CellBuffer, area: ScrollHint): void {
  const { front } = buffer;
  const words = area.width * STEP;
  for (let row = 0; row < area.height; row++) {
    const at = buffer.at(area.x, area.y + row);
    if (row + area.lines < area.height) {
      const source = buffer.at(area.x, area.y + row + area.lines);
      front.copyWithin(at, source, source + words);
    } else {
      fillBlank(front, at, area.width);
    }
    if (area.width < buffer.cols) distrustEdges(buffer, area, area.y + row);
    buffer.mark(area.y + row, area.x, area.x + area.width);
  }
}

/** A wide glyph across the edge of what moved was cut in two. */
function distrustEdges(buffer: CellBuffer, area: ScrollHint, y: number): void {
  for (const x of [area.x, area.x + area.width]) {
    if (x === 0 || x >= buffer.cols) continue;
    const at = buffer.at(x, y);
    const left = buffer.front[at - STEP]! >>> WIDTH_SHIFT === 2;
    const right = buffer.front[at]! >>> WIDTH_SHIFT === 0;
    if (!left && !right) continue;
    buffer.front[at - STEP] = STALE;
    buffer.front[at] = STALE;
    buffer.mark(y, x - 1, x + 1);
  }
}
