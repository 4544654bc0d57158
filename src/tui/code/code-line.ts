import { showControls } from '../../core/text.ts';
import { type Look, paintOf } from '../presentation/look.ts';
import type { Paint } from '../theme/paint.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, cut, textWidth } from '../widgets/line.ts';
import type { CodeKind, CodeRun } from './runs.ts';

const TOKEN_OF: Readonly<Record<CodeKind, Token>> = {
  keyword: 'code.keyword',
  string: 'code.string',
  number: 'code.number',
  comment: 'code.comment',
  name: 'code.name',
  type: 'code.type',
  text: 'text',
};

const TAB = 4;

/** A line of a file as it is shown from `column` on: a tab is an arrow to the next stop, other controls are their pictures. */
export function shownCode(text: string, column = 0): string {
  let at = column;
  let out = '';
  for (const part of text.split(/(\t)/)) {
    const shown = part === '\t' ? `→${' '.repeat(TAB - 1 - (at % TAB))}` : showControls(part);
    out += shown;
    at += textWidth(shown);
  }
  return out;
}

/** @param paint - instead of the colours of the code: for what does not count */
export function codeSpans(runs: readonly CodeRun[], look: Look, paint?: Paint): Line {
  let column = 0;
  return runs.map(({ text, kind }): Span => {
    const shown = shownCode(text, column);
    column += textWidth(shown);
    return [shown, paint ?? paintOf(look, TOKEN_OF[kind])];
  });
}

/** One line of text as a run of its own: where no colours are to be had. */
export function plainRun(text: string): readonly CodeRun[] {
  return [{ text: text.replace(/\n$/, ''), kind: 'text' }];
}

/** Broken into rows of at most `width` columns, wherever that is: nothing of a line is left off. */
export function foldLine(line: Line, width: number): readonly Line[] {
  const rows: Span[][] = [[]];
  let left = width;
  for (const [text, paint] of line) {
    let rest = text;
    while (rest !== '') {
      const part = textWidth(rest) <= left ? rest : cut(rest, left);
      if (part === '' && left < width) {
        rows.push([]);
        left = width;
        continue;
      }
      // A wide character where there is one column: it goes over the edge rather than on for ever.
      const taken = part === '' ? rest.slice(0, 2) : part;
      rows.at(-1)!.push([taken, paint]);
      left -= textWidth(taken);
      rest = rest.slice(taken.length);
      if (rest !== '') {
        rows.push([]);
        left = width;
      }
    }
  }
  return rows;
}
