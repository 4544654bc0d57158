import { type Look, span } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, pad, wrapText } from '../widgets/line.ts';

export type Fact = readonly [name: string, text: string, token?: Token];

const NAME = 11;

/** `name  what is known`, wrapped behind its name; those without a text are left out. Texts are safe to show. */
export function factLines(facts: readonly Fact[], width: number, look: Look): Line[] {
  return facts
    .filter(([, text]) => text !== '')
    .flatMap(([name, text, token = 'text']) =>
      wrapText(text, Math.max(10, width - NAME)).map((part, i): Line => [
        span(look, pad(i === 0 ? name : '', NAME), 'muted'),
        span(look, part, token),
      ]),
    );
}

/** Texts of several lines, each wrapped. */
export function paragraphs(text: string, width: number, look: Look, safe: (line: string) => string): Line[] {
  return text.split('\n').flatMap((line) => wrapText(safe(line), width).map((part): Line => [span(look, part)]));
}
