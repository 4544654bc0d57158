/** A merge as one text with conflict markers in it (diff3 style, as `git merge-file --diff3` writes it), and finding those left. */

/** A piece of the merge of one file; lines carry their line ends but for a last one without. */
export type MarkedPiece =
  | { readonly kind: 'same' | 'merged'; readonly lines: readonly string[] }
  | {
      readonly kind: 'conflict';
      readonly a: readonly string[];
      readonly base: readonly string[];
      readonly b: readonly string[];
    };

export interface MarkerLabels {
  readonly a: string;
  readonly b: string;
}

/** git's own width; longer where a text holds a run of that length at the start of a line. */
const LEAST_WIDTH = 7;
const MARKS = /^([<|=>])\1{6,}(?= |\r?$)/gm;

/** @returns the text, and how wide its markers are */
export function withMarkers(pieces: readonly MarkedPiece[], labels: MarkerLabels): { text: string; width: number } {
  const width = freeWidth(pieces);
  const mark = (char: string, label: string): string => `${char.repeat(width)}${label === '' ? '' : ` ${label}`}\n`;
  const text = pieces.map((piece) => {
    if (piece.kind !== 'conflict') return piece.lines.join('');
    const sides = [
      [mark('<', `A ${labels.a}`), piece.a],
      [mark('|', 'base'), piece.base],
      [mark('=', ''), piece.b],
    ] as const;
    return sides.map(([head, lines]) => head + ended(lines)).join('') + mark('>', `B ${labels.b}`);
  });
  return { text: text.join(''), width };
}

/** A side whose last line has no end gets one: the next marker has to begin a line. */
function ended(lines: readonly string[]): string {
  const text = lines.join('');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function freeWidth(pieces: readonly MarkedPiece[]): number {
  let width = LEAST_WIDTH;
  for (const piece of pieces) {
    const lines = piece.kind === 'conflict' ? [...piece.a, ...piece.base, ...piece.b] : piece.lines;
    for (const line of lines) {
      const run = /^([<|=>])\1{6,}/.exec(line);
      if (run) width = Math.max(width, run[0].length + 1);
    }
  }
  return width;
}

/**
 * The first line, from 1, with a conflict marker; null where none is left. A row of equal signs alone is no marker: it
 * underlines a heading in many a text.
 * @param width of the markers that were written; null where it isn't known: any counts
 */
export function markerLine(text: string, width: number | null = null): number | null {
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    if (mark.startsWith('=')) continue;
    if (width !== null && mark.length !== width) continue;
    return text.slice(0, index).split('\n').length;
  }
  return null;
}
