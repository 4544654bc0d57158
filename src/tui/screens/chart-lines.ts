/** What charts have in common, as lines of the screen. */
import type { ChartRow, ChartRun, Ink } from '../charts/api.ts';
import { type Look, span } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, fitLine } from '../widgets/line.ts';

/** Inks are roles; a theme's tokens say how they look. The first ones are lines of agents. */
export const LINES: readonly Ink[] = ['cyan', 'yellow', 'green', 'magenta', 'white', 'red'];
export const TOKEN_OF: Readonly<Record<Ink, Token>> = {
  cyan: 'accent',
  yellow: 'warn',
  green: 'ok',
  magenta: 'state.limited',
  white: 'info',
  red: 'state.stuck',
  blue: 'progress',
  black: 'faint',
};

export function titleLine(title: string, note: string, look: Look): Line {
  return [span(look, title, 'sectionTitle'), span(look, note === '' ? '' : `  ${note}`, 'muted')];
}

/** Two blocks of lines next to each other, three columns between. */
export function beside(left: readonly Line[], right: readonly Line[], width: number): Line[] {
  const blank: Span = ['   ', fitLine([], 1)[0]![1]];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...fitLine(left[i] ?? [], width),
    blank,
    ...(right[i] ?? []),
  ]);
}

export function chartLine(row: ChartRow, look: Look): Line {
  return row.map((run) => span(look, glyphs(run, look), run.ink === null ? 'muted' : TOKEN_OF[run.ink]));
}

/** Bars are filled with a character, so that they are seen without colours too; dots need a font that has them. */
function glyphs({ text, block }: ChartRun, look: Look): string {
  if (block) return '█'.repeat(text.length);
  return look.charset === 'unicode' ? text : text.replaceAll(/[\u2801-\u28ff]/g, '*');
}
