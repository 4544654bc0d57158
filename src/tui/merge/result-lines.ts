import type { MergeSegment } from '../../client/api.ts';
import type { Highlighter } from '../code/runs.ts';
import { type Look, span } from '../presentation/look.ts';
import type { Line } from '../widgets/line.ts';
import type { MergeState } from './choices.ts';
import { codeRows } from './code-lines.ts';
import { type Piece, pieces } from './compose.ts';

const GUTTER = 10;

/** The file as it would be written, with where each line is from; what is undecided stands out. */
export function resultLines(
  segments: readonly MergeSegment[] | null,
  merge: MergeState,
  path: string,
  code: Highlighter | null,
  width: number,
  look: Look,
): readonly Line[] {
  const all: readonly Piece[] =
    merge.whole?.take === 'edit'
      ? [{ from: 'edit', text: merge.whole.text, hunk: null }]
      : pieces(segments ?? [], merge.choices);
  const runs = code?.lines(all.map(({ text }) => text).join(''), path) ?? null;
  let line = 0;
  return all.flatMap((piece): Line[] => {
    if (piece.from === 'undecided') return [[span(look, '▲ a conflict that nobody has decided yet', 'error')]];
    const lines = piece.text.split(/(?<=\n)/).filter((text) => text !== '');
    return lines.flatMap((text) => {
      const number = line++;
      const rows = codeRows(runs && [runs[number] ?? []], [text], width - GUTTER, look);
      return rows.map((row, i): Line => [...gutter(piece, i === 0 ? String(number + 1) : '', look), ...row]);
    });
  });
}

/** `  12 A   `: the number of the line, and whose it is. */
function gutter({ from }: Piece, number: string, look: Look): Line {
  const mark = from === 'both' ? '' : from === 'A' || from === 'B' ? from : from === 'edit' ? '✎' : 'A+B';
  return [span(look, `${number.padStart(4)} `, 'faint'), span(look, mark.padEnd(GUTTER - 5), 'ok')];
}
