/** Figures that gates are held to: read out of what a command printed, and compared. */
import type { PlanCheck, PlanLimit } from '../plan/sections/gate.ts';
import { oneLine } from '../text.ts';

export type Threshold = Extract<PlanCheck, { readonly kind: 'threshold' }>;

const NUMBER = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?/gi;

/** The last number of the text; null where there is none. */
export function lastNumber(text: string): number | null {
  const found = text.match(NUMBER)?.at(-1);
  const value = found === undefined ? Number.NaN : Number(found);
  return Number.isFinite(value) ? value : null;
}

/** True where a baseline is the figure itself, and not a file that holds it. */
export function isFigure(baseline: string | null): boolean {
  return baseline !== null && baseline.trim() !== '' && Number.isFinite(Number(baseline));
}

/**
 * The figure in what a command printed.
 * @param metric a pattern whose first group is the figure, its last match counts; null: the last number of all
 */
export function figureIn(lines: readonly string[], metric: string | null): number | null {
  if (metric === null) {
    for (const line of lines.toReversed()) {
      const value = lastNumber(line);
      if (value !== null) return value;
    }
    return null;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(metric);
  } catch {
    return null;
  }
  for (const line of lines.toReversed()) {
    const found = pattern.exec(line.slice(0, LINE_MAX));
    if (found) return lastNumber(found[1] ?? found[0]);
  }
  return null;
}

/** A pattern of a person's own may take long on long lines. */
const LINE_MAX = 2_000;

function keeps(value: number, { op, value: limit }: PlanLimit): boolean {
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
  }
}

export interface Judged {
  readonly ok: boolean;
  /** The figure against what it is held to, on one line. */
  readonly said: string;
}

/** @param baseline text that holds the figure to compare with; null where none could be read */
export function judge(check: Threshold, output: readonly string[], baseline: string | null): Judged {
  const figure = figureIn(output, check.metric);
  const unit = check.unit === null ? '' : ` ${check.unit}`;
  if (figure === null) return { ok: false, said: `${check.text}: no figure in what the command printed` };
  const wanted: string[] = [];
  let ok = true;
  if (check.limit !== null) {
    ok = keeps(figure, check.limit);
    wanted.push(`${check.limit.op} ${check.limit.value}${unit}`);
  }
  if (check.baseline !== null) {
    const before = baseline === null ? null : figureIn(baseline.split('\n'), null);
    if (before === null)
      return { ok: false, said: `${check.text}: no figure in its baseline ${oneLine(check.baseline, 80)}` };
    const slack = (Math.abs(before) * check.tolerance) / 100;
    ok &&= check.better === 'lower' ? figure <= before + slack : figure >= before - slack;
    wanted.push(`baseline ${before}${unit}${check.tolerance === 0 ? '' : ` with ${check.tolerance} % to spare`}`);
  }
  return { ok, said: `${check.text}: ${figure}${unit} (${wanted.join(', ')})` };
}
