/** What the figures are held to, and the table that says whether they hold. */
import { median, short, spread } from './figures.ts';

/** Figures of one measurement: by subject, one list entry per round. */
export type Rounds = Readonly<Record<'tmux' | 'llmctl', readonly Readonly<Record<string, number>>[]>>;
export type Results = Readonly<Record<string, Rounds>>;

interface Line {
  readonly label: string;
  readonly measure: string;
  readonly figure: string;
  readonly unit: string;
  /** At most this times tmux's. */
  readonly ratio?: number;
  /** At most this much. */
  readonly limit?: number;
}

const LINES: readonly Line[] = [
  { label: 'bytes, full-screen redraws', measure: 'redraw', figure: 'bytes/s', unit: 'B/s', ratio: 1 },
  { label: 'bytes, agent-like output', measure: 'agent', figure: 'bytes/s', unit: 'B/s', ratio: 1 },
  { label: 'bytes, plain scrolling', measure: 'scroll', figure: 'bytes/s', unit: 'B/s', ratio: 1.2 },
  { label: 'bytes, flood', measure: 'flood', figure: 'MB', unit: 'MB', ratio: 0.1 },
  { label: 'CPU, agent-like output', measure: 'agent', figure: 'cpu %', unit: '%', ratio: 3 },
  { label: 'CPU, full-screen redraws', measure: 'redraw', figure: 'cpu %', unit: '%', ratio: 3 },
  { label: 'CPU, plain scrolling', measure: 'scroll', figure: 'cpu %', unit: '%', ratio: 3 },
  { label: 'CPU, flood', measure: 'flood', figure: 'cpu s', unit: 's' },
  { label: 'time, flood', measure: 'flood', figure: 's', unit: 's' },
  { label: 'CPU, idle', measure: 'idle', figure: 'cpu %', unit: '%', limit: 1 },
  { label: 'key to echo p50, idle', measure: 'echo idle', figure: 'p50', unit: 'ms', ratio: 3, limit: 1 },
  { label: 'key to echo p95, idle', measure: 'echo idle', figure: 'p95', unit: 'ms', limit: 10 },
  { label: 'key to echo p50, five busy panes', measure: 'echo busy', figure: 'p50', unit: 'ms', ratio: 3, limit: 1 },
  { label: 'key to echo p95, five busy panes', measure: 'echo busy', figure: 'p95', unit: 'ms', limit: 10 },
  { label: 'first frame', measure: 'attach', figure: 'first frame ms', unit: 'ms', limit: 250 },
  { label: 'memory, client', measure: 'agent', figure: 'client MB', unit: 'MB', limit: 130 },
  { label: 'memory, daemon and ptyhost', measure: 'agent', figure: 'servers MB', unit: 'MB', limit: 250 },
  {
    label: 'stalled terminal: lag of another client',
    measure: 'stall',
    figure: 'other lag ms',
    unit: 'ms',
    limit: 500,
  },
  { label: 'stalled terminal: current after waking', measure: 'stall', figure: 'wake ms', unit: 'ms', limit: 250 },
];

export interface Verdict {
  readonly label: string;
  readonly tmux: number;
  readonly llmctl: number;
  readonly ratio: number;
  readonly target: string;
  /** Empty where it is met. */
  readonly missed: string;
}

function figuresOf(results: Results, line: Line, subject: 'tmux' | 'llmctl'): number[] {
  const rounds = results[line.measure]?.[subject] ?? [];
  return rounds.map((figures) => figures[line.figure]).filter((value): value is number => value !== undefined);
}

/** Ratio by round, then its median: rounds differ more than the subjects do. */
function ratioOf(results: Results, line: Line): number {
  const [mine, theirs] = [figuresOf(results, line, 'llmctl'), figuresOf(results, line, 'tmux')];
  return median(mine.map((value, n) => value / (theirs[n] ?? Number.NaN)));
}

export function judge(results: Results): Verdict[] {
  return LINES.filter(
    (line) => figuresOf(results, line, 'llmctl').length + figuresOf(results, line, 'tmux').length > 0,
  ).map((line) => {
    const [tmux, llmctl] = [median(figuresOf(results, line, 'tmux')), median(figuresOf(results, line, 'llmctl'))];
    const ratio = ratioOf(results, line);
    const missed: string[] = [];
    if (line.limit !== undefined && llmctl > line.limit) missed.push(`${short(llmctl - line.limit)} ${line.unit} over`);
    if (line.ratio !== undefined && ratio > line.ratio) missed.push(`${short(ratio / line.ratio)} times the target`);
    const limit = line.limit === undefined ? [] : [`≤ ${line.limit} ${line.unit}`];
    const times = line.ratio === undefined ? [] : [`≤ ${line.ratio}×`];
    return {
      label: line.label,
      tmux,
      llmctl,
      ratio,
      target: [...limit, ...times].join(', '),
      missed: missed.join(', '),
    };
  });
}

export function table(results: Results): string {
  const rows = judge(results).map((verdict) => {
    const line = LINES.find((each) => each.label === verdict.label)!;
    const range = (subject: 'tmux' | 'llmctl'): string => {
      const values = figuresOf(results, line, subject);
      if (values.length === 0) return '–';
      const { low, median: middle, high } = spread(values);
      return values.length > 1 ? `${short(middle)} (${short(low)}–${short(high)})` : short(middle);
    };
    const judged = verdict.target !== '' && Number.isFinite(verdict.llmctl);
    const held = judged ? (verdict.missed === '' ? 'yes' : `no: ${verdict.missed}`) : '';
    return `| ${verdict.label}, ${line.unit} | ${range('tmux')} | ${range('llmctl')} | ${short(verdict.ratio)} | ${verdict.target} | ${held} |`;
  });
  return ['| | tmux | llmctl | ratio | target | met |', '|---|---:|---:|---:|---|---|', ...rows].join('\n');
}
