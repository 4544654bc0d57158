import type { HealthCheck, HealthState } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { duration } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, spread } from '../widgets/line.ts';

const GLYPHS: Readonly<Record<HealthState, string>> = { green: '✓', red: '✗', running: '◌', unknown: '○' };
const TOKENS: Readonly<Record<HealthState, Token>> = { green: 'ok', red: 'error', running: 'info', unknown: 'muted' };

/** `✓ build green 2.1s`: glyph, name, state in a word, how long it took. */
export function checkSpans(check: HealthCheck, look: Look): Span[] {
  const token = TOKENS[check.state];
  const took = check.ms > 0 && check.state !== 'running' ? [span(look, ` ${duration(check.ms)}`, 'muted')] : [];
  const stale = check.stale ? [span(look, ' stale', 'warn')] : [];
  return [
    span(look, `${GLYPHS[check.state]} `, token),
    span(look, showControls(check.name), 'text'),
    span(look, ` ${check.state === 'unknown' ? 'not run yet' : check.state}`, token),
    ...took,
    ...stale,
  ];
}

/** The check with its age at the right, and below it the first error while it is red. */
export function checkLines(check: HealthCheck, width: number, look: Look): Line[] {
  const since = check.at > 0 ? [span(look, ' '), ageSpan(look, check.at, 'faint')] : [];
  const first = spread(checkSpans(check, look), since, width);
  if (check.state !== 'red' || check.firstError === '') return [first];
  return [first, [span(look, '  '), span(look, showControls(check.firstError), 'error')]];
}
