import { byteUnit, bytesText } from '../../core/bytes.ts';
import type { AgentSeries, SessionSeries } from '../../core/records/series.ts';
import { showControls } from '../../core/text.ts';
import type { Charts, Ink } from '../charts/api.ts';
import { type Look, span } from '../presentation/look.ts';
import { age, clock, duration } from '../presentation/time.ts';
import { type Line, clip } from '../widgets/line.ts';
import { LINES, TOKEN_OF, beside, chartLine, titleLine } from './chart-lines.ts';

const WIDE = 112;
const GAP = 3;
const ROWS_LEAST = 7;
const ROWS_MOST = 12;

type Figures = readonly (number | null)[];

/** One line of a chart. */
interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  /** Its last figure, in words. */
  readonly last: string;
}

interface Chart {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** The top of the scale at least. */
  readonly atLeast: number;
  /** Said where there is nothing to draw. */
  readonly nothing: string;
}

/** Charts of the whole session: two abreast where there is room, else below each other. */
export function sessionCharts(
  series: SessionSeries,
  charts: Charts,
  columns: number,
  rows: number,
  look: Look,
): Line[] {
  const all = chartsOf(series);
  const isWide = columns >= WIDE;
  const width = isWide ? Math.floor((columns - GAP) / 2) : columns;
  const height = Math.max(ROWS_LEAST, Math.min(ROWS_MOST, Math.floor(rows / (isWide ? 4 : 2)) - 2));
  const drawn = all.map((chart) => draw(chart, series, charts, width, height, look));
  if (!isWide) return drawn.flatMap((lines) => [...lines, []]).slice(0, -1);
  const pairs: Line[] = [];
  for (let i = 0; i < drawn.length; i += 2) pairs.push(...beside(drawn[i]!, drawn[i + 1] ?? [], width), []);
  return pairs.slice(0, -1);
}

/** `last 3h, by 2m` */
export function spanWords({ from, to, stretchMs }: SessionSeries): string {
  return `${age(from, to)} by ${duration(stretchMs)}`;
}

function draw(
  { title, curves, atLeast, nothing }: Chart,
  { from, stretchMs, tasksDone }: SessionSeries,
  charts: Charts,
  cols: number,
  rows: number,
  look: Look,
): Line[] {
  const inks = curves.map((_, i): Ink => LINES[i % LINES.length]!);
  const legend: Line = curves.flatMap(({ name, last }, i) => [
    span(look, '  ━ ', TOKEN_OF[inks[i]!]),
    span(look, clip(showControls(name), 16)),
    span(look, last === '' ? '' : ` ${last}`, 'muted'),
  ]);
  const chart = charts.line({
    cols,
    rows,
    labels: tasksDone.map((_, i) => clock(from + i * stretchMs)),
    series: curves.map(({ values }, i) => ({ ink: inks[i]!, values })),
    atLeast,
  });
  const words = curves.length === 0 ? nothing : 'two stretches of time make a line…';
  const body = chart.length > 0 ? chart.map((row) => chartLine(row, look)) : [[span(look, words, 'faint')]];
  const head = [...titleLine(title, '', look), ...legend];
  return [head, ...body, ...Array.from({ length: Math.max(0, rows - body.length) }, (): Line => [])];
}

function chartsOf(series: SessionSeries): readonly Chart[] {
  const loud = loudest(series.agents);
  const rates = loud.map(({ outputPerSecond }) => filled(outputPerSecond));
  const rate = byteUnit(Math.max(1, ...rates.flat()));
  const memory = byteUnit(Math.max(1, ...loud.flatMap(({ memoryBytes }) => memoryBytes.map((bytes) => bytes ?? 0))));
  const percent = (value: number | undefined): string => (value === undefined ? '' : `${Math.round(value)}%`);
  const counting = loud.filter(({ tokens }) => tokens.some((count) => count !== null));
  const spent = counting.reduce((sum, { costUsd }) => sum + (lastOf(costUsd) ?? 0), 0);
  return [
    {
      title: `output, ${rate.unit}/s`,
      curves: loud.map((agent, i) => {
        const bytes = rates[i]!;
        return {
          name: agent.name,
          values: bytes.map((one) => one / rate.size),
          last: `${bytesText(bytes.at(-1) ?? 0)}/s`,
        };
      }),
      atLeast: 1 / rate.size,
      nothing: 'no agent ran yet',
    },
    {
      title: 'at work, %',
      curves: loud.map(({ name, active }) => ({ name, values: filled(active), last: percent(filled(active).at(-1)) })),
      atLeast: 100,
      nothing: 'no agent ran yet',
    },
    {
      title: 'tasks done',
      curves: countCurves({ tasks: series.tasksDone }, false),
      atLeast: 1,
      nothing: 'no task was done yet',
    },
    {
      title: 'checks, s',
      curves: series.checks.slice(0, LINES.length).map(({ name, ms, red }) => {
        const reds = red.reduce((sum, one) => sum + one, 0);
        const last = lastOf(ms);
        const words = last === null ? '' : duration(last);
        return { name, values: held(ms).map((one) => one / 1000), last: reds === 0 ? words : `${words}, ${reds} red` };
      }),
      atLeast: 1,
      nothing: 'no check ran yet',
    },
    {
      title: 'overlaps, merges, landings',
      curves: countCurves(
        { overlaps: series.overlaps, merges: series.merges, landed: series.landed, refused: series.refused },
        true,
      ),
      atLeast: 1,
      nothing: 'none yet',
    },
    {
      title: `memory, ${memory.unit}`,
      curves: loud.map(({ name, memoryBytes }) => ({
        name,
        values: memoryBytes.map((bytes) => (bytes ?? 0) / memory.size),
        last: bytesText(lastOf(memoryBytes) ?? 0),
      })),
      atLeast: 1 / memory.size,
      nothing: 'no agent ran yet',
    },
    {
      title: 'CPU, % of a core',
      curves: loud.map(({ name, cpu }) => ({ name, values: filled(cpu), last: percent(filled(cpu).at(-1)) })),
      atLeast: 10,
      nothing: 'no agent ran yet',
    },
    {
      title: counting.length === 0 ? 'tokens' : `tokens, thousands; $${spent.toFixed(2)} in all`,
      curves: counting.map(({ name, tokens, costUsd }) => {
        const cost = lastOf(costUsd);
        const counts = held(tokens).map((count) => count / 1000);
        return {
          name,
          values: counts,
          last: `${Math.round(counts.at(-1) ?? 0)}k${cost === null ? '' : ` $${cost.toFixed(2)}`}`,
        };
      }),
      atLeast: 1,
      nothing: 'none reported: no agent says what it uses',
    },
  ];
}

/** Those that printed most, in the order of the session: a chart has so many inks. */
function loudest(agents: readonly AgentSeries[]): readonly AgentSeries[] {
  const total = ({ output }: AgentSeries): number => output.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  const chosen = new Set(agents.toSorted((a, b) => total(b) - total(a)).slice(0, LINES.length));
  return agents.filter((agent) => chosen.has(agent));
}

/** Those that ever counted anything. @param isPerStretch - added up, so that all of them only rise */
function countCurves(counts: Readonly<Record<string, readonly number[]>>, isPerStretch: boolean): readonly Curve[] {
  return Object.entries(counts).flatMap(([name, given]) => {
    let sum = 0;
    const values = isPerStretch ? given.map((count) => (sum += count)) : given;
    const last = values.at(-1) ?? 0;
    return last === 0 ? [] : [{ name, values, last: String(last) }];
  });
}

function filled(values: Figures): readonly number[] {
  return values.map((value) => value ?? 0);
}

/** Where nothing was measured it is as it was before. */
function held(values: Figures): readonly number[] {
  let last = 0;
  return values.map((value) => (last = value ?? last));
}

function lastOf(values: Figures): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
