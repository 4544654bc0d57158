import { baseCheckName } from '../../core/health/agent-checks.ts';
import type { TestCounts } from '../../core/health/counts.ts';
import { usualMs } from '../../core/health/usual.ts';
import type { HealthCheck, HealthRun, HealthState } from '../../core/model/health.ts';
import { showControls } from '../../core/text.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { duration } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, lineWidth, spread } from '../widgets/line.ts';

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

/** The check with its age at the right, and below it the first error while it is red. What else is known comes as there is room. */
export function checkLines(check: HealthCheck, width: number, look: Look): Line[] {
  const since = check.at > 0 ? [span(look, ' '), ageSpan(look, check.at, 'faint')] : [];
  let left: Line = checkSpans(check, look);
  const room = (): number => width - lineWidth(left) - lineWidth(since);
  for (const more of extras(check, look)) if (lineWidth(more) <= room()) left = [...left, ...more];
  const { history = [] } = check;
  if (history.length > 1 && room() > LEAST_BARS) {
    left = [...left, span(look, ' '), ...historySpans(history, Math.min(MOST_BARS, room() - 1), look)];
  }
  const first = spread(left, since, width);
  if (check.state !== 'red' || check.firstError === '') return [first];
  return [first, [span(look, '  '), span(look, showControls(check.firstError), 'error')]];
}

/** All checks for a panel: of those in worktrees only what isn't well has lines of its own. */
export function healthLines(checks: readonly HealthCheck[], width: number, look: Look): Line[] {
  const isWell = ({ agent, state, stale }: HealthCheck): boolean => agent !== undefined && state === 'green' && !stale;
  const well = new Map<string, number>();
  for (const check of checks) {
    const base = baseCheckName(check.name);
    if (isWell(check)) well.set(base, (well.get(base) ?? 0) + 1);
  }
  const lines = checks.filter((check) => !isWell(check)).flatMap((check) => checkLines(check, width, look));
  const many = [...well].map(([name, count]): Line => [
    span(look, `${GLYPHS.green} `, 'ok'),
    span(look, showControls(name)),
    span(look, ' green', 'ok'),
    span(look, count === 1 ? ' in 1 worktree' : ` in ${count} worktrees`, 'muted'),
  ]);
  return [...lines, ...many];
}

const LEAST_BARS = 4;
const MOST_BARS = 16;

/** The most telling first. */
function extras({ counts, history = [], ms }: HealthCheck, look: Look): readonly Line[] {
  const usual = usualMs(history);
  return [
    counts ? [span(look, ' '), ...countMarks(counts, look)] : [],
    usual === null ? [] : [span(look, ` usually ${duration(usual)}`, ms > usual * SLOW ? 'warn' : 'faint')],
  ];
}

/** So many times its usual is worth a look. */
const SLOW = 1.5;

/** `34✓ 1✗ 2○`; what there is none of is left out. */
function countMarks({ passed, failed, skipped }: TestCounts, look: Look): Line {
  return [
    span(look, `${passed}✓`, passed > 0 ? 'ok' : 'muted'),
    ...(failed > 0 ? [span(look, ` ${failed}✗`, 'error')] : []),
    ...(skipped > 0 ? [span(look, ` ${skipped}○`, 'muted')] : []),
  ];
}

export function countSpans({ passed, failed, skipped }: TestCounts, look: Look): Line {
  return [
    span(look, `${passed} passed`, passed > 0 ? 'ok' : 'muted'),
    span(look, `, ${failed} failed`, failed > 0 ? 'error' : 'muted'),
    span(look, `, ${skipped} skipped`, 'muted'),
  ];
}

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar for each run, as high as it took long, red where it was; the newest at the right. */
export function historySpans(history: readonly HealthRun[], most: number, look: Look): Line {
  const runs = history.slice(-Math.max(1, most));
  const longest = Math.max(1, ...runs.map(({ ms }) => ms));
  return runs.map(({ state, ms }) => {
    const bar = BARS[Math.min(BARS.length - 1, Math.floor((ms / longest) * BARS.length))]!;
    return span(look, bar, state === 'red' ? 'error' : 'ok');
  });
}
