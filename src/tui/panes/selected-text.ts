import { WORDS_PER_CELL, cellWidth } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import { type ScrollView, selectionOf } from '../app/scroll.ts';
import { cellText } from './cell-text.ts';
import type { Scrollback } from './scrollback.ts';

/**
 * The selected text, lines parted by newlines, without the blanks at their ends. Lines never seen are fetched first.
 */
export async function selectedText(view: ScrollView, lines: Scrollback, clusters: ClusterTable): Promise<string> {
  const selection = selectionOf(view);
  if (!selection) return '';
  const { from, to } = selection;
  await lines.loadRange(from.line, to.line);
  const out: string[] = [];
  for (let number = from.line; number <= to.line; number++) {
    const row = lines.line(number);
    const first = number === from.line ? from.column : 0;
    const last = number === to.line ? Math.min(lines.cols - 1, to.column) : lines.cols - 1;
    out.push(row ? rowText(row.cells, row.offset, first, last, clusters) : '');
  }
  return out.join('\n');
}

function rowText(cells: Uint32Array, offset: number, first: number, last: number, clusters: ClusterTable): string {
  let text = '';
  for (let x = first; x <= last; x++) {
    const content = cells[offset + x * WORDS_PER_CELL] ?? 0;
    if (cellWidth(content) > 0 || content === 0) text += cellText(content, clusters);
  }
  return text.trimEnd();
}
