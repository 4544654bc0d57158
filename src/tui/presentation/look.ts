import type { Charset } from '../theme/charset.ts';
import type { Theme } from '../theme/load.ts';
import type { Paint } from '../theme/paint.ts';
import type { Token } from '../theme/tokens.ts';
import type { Span } from '../widgets/line.ts';
import { AGE_COLUMNS, age } from './time.ts';

/** How things are drawn at this moment. */
export interface Look {
  readonly theme: Theme;
  readonly charset: Charset;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A stage paints panes and live fields; without one the screens draw them as text. */
  readonly staged: boolean;
  /** `now` is a moment of before: nothing grows older. */
  readonly still?: boolean;
}

export function paintOf(look: Look, token: Token): Paint {
  return look.theme.paints[token];
}

export function span(look: Look, text: string, token: Token = 'text'): Span {
  return [text, look.theme.paints[token]];
}

/** How long ago, at the right of four columns; keeps itself current. */
export function ageSpan(look: Look, since: number, token: Token): Span {
  const render = (now: number) => age(since, now).padStart(AGE_COLUMNS);
  if (look.still) return [render(look.now), look.theme.paints[token]];
  return [render(look.now), look.theme.paints[token], { everyMs: 1000, render }];
}
