import { shownCode } from '../code/code-line.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { type Line, cut, fitLine, textWidth } from '../widgets/line.ts';
import type { TextArea } from '../widgets/text-area.ts';

/** The text being edited: a page of `rows` lines with the cursor in sight, and where that is. */
export function areaLines(
  area: TextArea,
  width: number,
  rows: number,
  look: Look,
): { readonly lines: readonly Line[]; readonly cursor: { readonly column: number; readonly row: number } } {
  const before = textWidth(shownCode(area.lines[area.row]!.slice(0, area.cursor)));
  // Half a page at a time: the text stands still while one types.
  const step = Math.max(1, Math.floor(width / 2));
  const left = before < width ? 0 : (Math.floor((before - width) / step) + 1) * step;
  const top = Math.max(0, Math.min(area.row - Math.floor(rows / 2), area.lines.length - rows));
  const input = paintOf(look, 'input');
  const lines = area.lines.slice(top, top + rows).map((line) => {
    const all = shownCode(line);
    return fitLine([span(look, all.slice(cut(all, left).length), 'input')], width, input);
  });
  return { lines, cursor: { column: before - left, row: area.row - top } };
}
