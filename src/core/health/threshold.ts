/** Figures that gates and checks are held to: read out of what a command printed, and compared, whatever their units. */
import type { PlanLimit } from '../plan/sections/gate.ts';
import { oneLine } from '../text.ts';
import { inUnit, quantitiesIn, quantityText, type Quantity } from './quantity.ts';

/** What a figure is, and what it is held to. */
export interface Threshold {
  /** In words. */
  readonly text: string;
  /** A pattern whose first group is the figure; null: the last number of all. */
  readonly metric: string | null;
  readonly limit: PlanLimit | null;
  /** A file with the figure, or the figure itself. */
  readonly baseline: string | null;
  /** Percent by which it may be worse than the baseline. */
  readonly tolerance: number;
  readonly better: 'lower' | 'higher';
  /** Of what is written without one. */
  readonly unit: string | null;
}

/** True where a baseline is the figure itself, and not a file that holds it. */
export function isFigure(baseline: string | null): boolean {
  return baseline !== null && /^\s*[-+]?(?:\d|\.\d)/.test(baseline) && quantitiesIn(baseline).length === 1;
}

/**
 * The figure in what a command printed.
 * @param metric a pattern whose first group is the figure, its last match counts; null: the last number of all
 */
export function figureIn(lines: readonly string[], metric: string | null): Quantity | null {
  if (metric === null) {
    for (const line of lines.toReversed()) {
      const last = quantitiesIn(line.slice(0, LINE_MAX)).at(-1);
      if (last) return last;
    }
    return null;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(metric, 'd');
  } catch {
    return null;
  }
  for (const line of lines.toReversed()) {
    const found = pattern.exec(line.slice(0, LINE_MAX));
    if (!found) continue;
    const figure = quantitiesIn(found[1] ?? found[0]).at(-1);
    if (!figure || figure.unit !== null) return figure ?? null;
    // The unit may stand right behind the group.
    const end = found.indices?.[found[1] === undefined ? 0 : 1]?.[1] ?? 0;
    const behind = quantitiesIn(`0${line.slice(end, end + 20)}`).at(0);
    return { ...figure, unit: behind?.value === 0 ? behind.unit : null };
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
  /** null: there was none. */
  readonly figure: Quantity | null;
  /** There is nothing yet to compare it with. */
  readonly noBaseline: boolean;
}

/** @param baseline text that holds the figure to compare with; null where none could be read */
export function judge(check: Threshold, output: readonly string[], baseline: string | null): Judged {
  const { text, unit, metric } = check;
  const found = figureIn(output, metric);
  const failed = (said: string, noBaseline = false): Judged => ({
    ok: false,
    said: `${text}: ${said}`,
    figure: found,
    noBaseline,
  });
  if (found === null) {
    const where = metric === null ? '' : `: nothing matches ${oneLine(metric, 80)}`;
    return failed(`no figure in what the command printed${where}`);
  }
  const figure: Quantity = { ...found, unit: found.unit ?? unit };
  const wanted: string[] = [];
  let ok = true;
  if (check.limit !== null) {
    const limit = { value: check.limit.value, unit: check.limit.unit ?? unit };
    const value = inUnit(figure, limit.unit);
    if (value === null) return failed(unlike(figure, limit, 'limit'));
    ok = keeps(value, check.limit);
    wanted.push(`${check.limit.op} ${shown(limit, figure)}`);
  }
  if (check.baseline !== null) {
    const file = oneLine(check.baseline, 80);
    const before = baseline === null ? null : figureIn(baseline.split('\n'), null);
    if (before === null) {
      const why = baseline === null ? `its baseline ${file} is not there` : `no figure in its baseline ${file}`;
      const held = wanted.length === 0 ? '' : ` (${wanted.join(', ')})`;
      return failed(`${shown(figure, figure)}${held}, and ${why}`, baseline === null && ok);
    }
    const than: Quantity = { ...before, unit: before.unit ?? unit };
    const value = inUnit(figure, than.unit);
    if (value === null) return failed(unlike(figure, than, 'baseline'));
    const slack = (Math.abs(than.value) * check.tolerance) / 100;
    ok &&= check.better === 'lower' ? value <= than.value + slack : value >= than.value - slack;
    const spare = check.tolerance === 0 ? '' : ` with ${check.tolerance} % to spare`;
    wanted.push(`baseline ${shown(than, figure)}${spare}${change(value, than.value)}`);
  }
  return { ok, said: `${text}: ${shown(figure, figure)} (${wanted.join(', ')})`, figure, noBaseline: false };
}

function shown({ value, unit }: Quantity, like: Quantity): string {
  return quantityText(value, unit ?? like.unit);
}

/** `, 12 % above`: from 0.1 % on. */
function change(value: number, before: number): string {
  const percent = before === 0 ? 0 : Math.round(((value - before) / Math.abs(before)) * 1000) / 10;
  return percent === 0 ? '' : `, ${Math.abs(percent)} % ${percent > 0 ? 'above' : 'below'}`;
}

function unlike(figure: Quantity, other: Quantity, what: string): string {
  return `a figure in ${figure.unit} can't be compared with a ${what} in ${other.unit}; write the same unit in both`;
}
