/** health baseline: the figures that thresholds are compared with, in the files that the plan names. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { baselineText, readBaseline } from '../../adapters/build/measure.ts';
import { quantitiesIn } from '../../core/health/quantity.ts';
import type { Measure } from '../../core/model/health.ts';
import { insidePath } from '../../core/plan/inside-path.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { checkNamed } from './health.ts';

export async function baseline({ context, args, options }: CommandLine): Promise<void> {
  const name = args[0] as string;
  await context.withSession(async (connection) => {
    const { measures = [] } = await checkNamed(connection, name);
    const wanted = measures.filter(
      (one) => one.baseline !== null && (options.threshold === undefined || one.name === options.threshold),
    );
    if (wanted.length === 0) throw new CliError(whyNone(name, measures));
    const { root } = context.repo;
    if (options.show === true) {
      const shown = await Promise.all(
        wanted.map(async (one) => ({
          threshold: one.name,
          file: one.baseline!,
          holds: (await readBaseline([root], one.baseline!))?.trim() ?? null,
          measured: one.value,
          unit: one.unit,
        })),
      );
      const lines = shown.map((one) => `${one.threshold}: ${one.holds ?? 'nothing yet'} in ${one.file}`);
      context.answer({ name, baselines: shown }, showControls(lines.join('; ')));
      return;
    }
    const given = typeof options.value === 'string' ? options.value : null;
    if (given !== null && wanted.length > 1) {
      throw new CliError(
        `${name} has several thresholds with a baseline: say which one the value is of with --threshold`,
      );
    }
    const written = [];
    for (const one of wanted) written.push(await write(root, one, given));
    const lines = written.map(({ file, text }) => `${file} holds ${text} now`);
    context.answer({ ok: true, name, baselines: written }, showControls(lines.join('; ')));
  });
}

async function write(root: string, measure: Measure, given: string | null) {
  const file = measure.baseline!;
  const path = insidePath(file);
  if (path === null) throw new CliError(`the baseline ${showControls(file)} lies outside of the repository`);
  const [figure] = given === null ? [{ value: measure.value, unit: measure.unit }] : quantitiesIn(given);
  if (!figure || figure.value === null) {
    throw new CliError(
      given === null
        ? `the last run printed no figure for ${showControls(measure.name)}: run it again, or give one with --value`
        : `"${showControls(given)}" is no figure; write one such as "1.2 s"`,
    );
  }
  const text = baselineText(figure.value, figure.unit ?? measure.unit);
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  return { threshold: measure.name, file, text: text.trim() };
}

function whyNone(name: string, measures: readonly Measure[]): string {
  if (measures.length === 0) return `${name} has measured nothing yet: give it "thresholds:" in the plan, and run it`;
  return `no threshold of that name in ${name} is compared with a file: write "baseline: FILE" into it`;
}
