/** Figures in what a check printed, held to its thresholds; baselines are read from files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFigure, judge, type Threshold } from '../../core/health/threshold.ts';
import { quantityText } from '../../core/health/quantity.ts';
import type { Measure } from '../../core/model/health.ts';
import { insidePath } from '../../core/plan/inside-path.ts';

const BASELINE_MAX = 100_000;

/** @param dirs folders that files of baselines may be in, the first that has one counts; absolute */
export async function measuresOf(
  thresholds: readonly Threshold[],
  lines: readonly string[],
  dirs: readonly string[],
): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const threshold of thresholds) {
    const { text, baseline } = threshold;
    const file = isFigure(baseline) ? null : baseline;
    const before = file === null ? baseline : await readBaseline(dirs, file);
    const { ok, said, figure, noBaseline } = judge(threshold, lines, before);
    const unit = figure?.unit ?? threshold.unit;
    const held = noBaseline ? null : ok;
    measures.push({ name: text, value: figure?.value ?? null, unit, ok: held, said, baseline: file });
  }
  return measures;
}

/** null where none of the folders has it, or it lies outside of them. */
export async function readBaseline(dirs: readonly string[], file: string): Promise<string | null> {
  const path = insidePath(file);
  if (path === null) return null;
  for (const dir of dirs) {
    const text = await readFile(join(dir, path), 'utf8').catch(() => null);
    if (text !== null) return text.slice(0, BASELINE_MAX);
  }
  return null;
}

/** What `llmctl health baseline` writes: a figure that a person reads, and that is read back. */
export function baselineText(value: number, unit: string | null): string {
  return `${quantityText(value, unit)}\n`;
}
