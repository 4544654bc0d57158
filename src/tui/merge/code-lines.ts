import type { MergeSegment } from '../../client/api.ts';
import { codeSpans, foldLine, plainRun } from '../code/code-line.ts';
import type { CodeRun, Highlighter } from '../code/runs.ts';
import { type Look, paintOf } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import type { Line } from '../widgets/line.ts';
import { type Side, sideText } from './hunks.ts';

type Runs = readonly (readonly CodeRun[])[] | null;

/** The lines of A's, the base's and B's file, in colours where they are to be had. */
export class SideCode {
  readonly #runs: Readonly<Record<Side, Runs>>;
  readonly #look: Look;

  constructor(segments: readonly MergeSegment[], path: string, code: Highlighter | null, look: Look) {
    const runs = (side: Side) => code?.lines(sideText(segments, side), path) ?? null;
    this.#runs = { a: runs('a'), base: runs('base'), b: runs('b') };
    this.#look = look;
  }

  /** @param from - number of the first of `lines` in the side's file, from 0; @param token - instead of colours */
  rows(side: Side, from: number, lines: readonly string[], width: number, token?: Token): readonly Line[] {
    return codeRows(this.#runs[side]?.slice(from, from + lines.length) ?? null, lines, width, this.#look, token);
  }
}

/** Lines of code in rows of at most `width` columns. */
export function codeRows(runs: Runs, lines: readonly string[], width: number, look: Look, token?: Token): Line[] {
  const paint = token && paintOf(look, token);
  return lines.flatMap((text, i) => {
    const end = noEnd(text);
    const spans = codeSpans(runs?.[i] ?? plainRun(text), look, paint);
    return foldLine(end === '' ? spans : [...spans, [end, paintOf(look, 'faint')]], width);
  });
}

/** A last line without its end is another than one with it. */
function noEnd(text: string): string {
  return text.endsWith('\n') ? '' : ' (no line end)';
}
