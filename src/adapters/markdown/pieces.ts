/** A document in pieces that are parsed one by one: the parser's time grows with the square of what it is given. */

export interface Piece {
  readonly text: string;
  /** Lines before it. */
  readonly before: number;
  /** What stands in its way; null: it can be parsed in no time. */
  readonly refused: string | null;
}

/** Marks that open something, and how deep quotes and lists nest in one line: far above what people write. */
const MAX_MARKS = 3000;
const MAX_NESTED = 50;
const MAX_LENGTH = 200_000;

const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^#{1,6}\s/;
const NESTED = /^(?:\s*(?:>|[-*+]\s|\d+[.)]\s))*/;

/** Cuts before every heading that stands outside of code: nothing in Markdown goes on across one. */
export function piecesOf(text: string): readonly Piece[] {
  const lines = text.split(/\r\n|\n|\r/);
  const pieces: Piece[] = [];
  let begin = 0;
  let fence: string | null = null;
  let marks = 0;
  let refused: string | null = null;
  const cut = (end: number): void => {
    const piece = lines.slice(begin, end).join('\n');
    const why = refused ?? (marks > MAX_MARKS ? 'too many marks' : piece.length > MAX_LENGTH ? 'too long' : null);
    if (piece.trim() !== '') pieces.push({ text: piece, before: begin, refused: why });
    begin = end;
    marks = 0;
    refused = null;
  };
  lines.forEach((line, at) => {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null && HEADING.test(line)) cut(at);
    if (fence === null) {
      marks += line.length < 20 ? 1 : (line.match(/[*_~`[\]!<|]/g)?.length ?? 0);
      const nested = (NESTED.exec(line)?.[0] ?? '').replaceAll(/\s+/g, '').length;
      if (nested > MAX_NESTED) refused = 'nested too deeply';
      if (mark !== null) fence = mark;
    } else if (mark !== null && mark.startsWith(fence) && line.trim() === mark) {
      fence = null;
    }
  });
  cut(lines.length);
  return pieces;
}
