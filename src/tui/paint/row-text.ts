import { CODEPOINT_MASK, COMBINED, WIDTH_SHIFT, WORDS_PER_CELL } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';

/**
 * Text of cells `from`..`to` (exclusive) of a row, spaces at its end left out.
 * @param offset - word of the row's first cell
 */
export function rowText(
  cells: Uint32Array,
  offset: number,
  from: number,
  to: number,
  clusters: Pick<ClusterTable, 'at'>,
): string {
  let text = '';
  for (let x = from; x < to; x++) {
    const content = cells[offset + x * WORDS_PER_CELL]!;
    const code = content & CODEPOINT_MASK;
    if ((content & COMBINED) !== 0) text += clusters.at(code);
    else if (code !== 0) text += String.fromCodePoint(code);
    else if (content >>> WIDTH_SHIFT !== 0 || x === from) text += ' ';
  }
  return text.trimEnd();
}
