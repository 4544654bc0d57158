/** What the figures are held to, and the table of them. */
import { quantile, short } from '../figures.ts';

export interface MergeResults {
  readonly files: number;
  readonly figures: Readonly<Record<string, number>>;
}

interface Line {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  /** At most so much; by the number of files where it depends on that. */
  readonly limit?: number | Readonly<Record<number, number>>;
}

const LINES: readonly Line[] = [
  { label: 'write to verdict p95, same file', figure: 'file p95', unit: 'ms', limit: 100 },
  { label: 'write to verdict p50, same file', figure: 'file p50', unit: 'ms' },
  { label: 'write to prediction p95, all pairs', figure: 'all p95', unit: 'ms', limit: 250 },
  {
    label: 'both agents frozen p95, clean merge',
    figure: 'frozen p95',
    unit: 'ms',
    limit: { 10_000: 250, 100_000: 400 },
  },
  { label: 'both agents frozen p50, clean merge', figure: 'frozen p50', unit: 'ms' },
  { label: 'watchers ready', figure: 'ready s', unit: 's', limit: 5 },
  { label: 'memory, watchers', figure: 'MB', unit: 'MB', limit: 350 },
  { label: 'CPU, idle', figure: 'idle cpu %', unit: '%', limit: 1 },
  { label: 'changes missed in a burst of 10,000', figure: 'missed', unit: 'files', limit: 0 },
  { label: 'writes without a verdict', figure: 'lost', unit: 'writes', limit: 0 },
  { label: 'rounds that did not come to their end', figure: 'failed', unit: 'rounds', limit: 0 },
];

export function spreadOf(name: string, values: readonly number[]): Record<string, number> {
  return { [`${name} p50`]: quantile(values, 0.5), [`${name} p95`]: quantile(values, 0.95) };
}

export function mergeTable(results: readonly MergeResults[]): string {
  const sizes = results.map(({ files }) => `${files.toLocaleString('en')} files`);
  const rows = LINES.map(({ label, figure, unit, limit }) => {
    const limits = results.map(({ files }) => (typeof limit === 'object' ? limit[files] : limit));
    const cells = results.map(({ figures }, at) => {
      const value = figures[figure] ?? Number.NaN;
      const most = limits[at];
      return most !== undefined && value > most ? `**${short(value)}**` : short(value);
    });
    const missed = results.some(
      ({ figures }, at) => limits[at] !== undefined && !((figures[figure] ?? Number.NaN) <= limits[at]),
    );
    const known = [...new Set(limits.filter((most) => most !== undefined))];
    const held = known.length === 0 ? '' : missed ? 'no' : 'yes';
    const target = known.length === 0 ? '' : `≤ ${known.join(' / ')} ${unit}`;
    return `| ${label}, ${unit} | ${cells.join(' | ')} | ${target} | ${held} |`;
  });
  const rule = results.map(() => '---:').join('|');
  return [`| | ${sizes.join(' | ')} | target | met |`, `|---|${rule}|---|---|`, ...rows].join('\n');
}
