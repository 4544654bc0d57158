import type { AgentMetrics, MetricsReply } from '../../client/api.ts';
import { byteUnit, bytesText } from '../../core/bytes.ts';
import type { Agent } from '../../core/model/agent.ts';
import { contextWords, usedBy, usedWords } from '../../core/select/used.ts';
import { showControls } from '../../core/text.ts';
import type { MetricsView } from '../app/metrics-feed.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import type { Charts, Ink } from '../charts/api.ts';
import { progressBar } from '../presentation/agent.ts';
import { type Look, span } from '../presentation/look.ts';
import { age, clock } from '../presentation/time.ts';
import { type Line, asCells, pad } from '../widgets/line.ts';
import { LINES, TOKEN_OF, beside, chartLine, titleLine } from './chart-lines.ts';
import type { PopupContent } from './popup-box.ts';
import { sessionCharts, spanWords } from './session-charts.ts';

/** Charts stand side by side from here on. */
const WIDE = 112;
const CHART_MOST = 18;
const CHART_LEAST = 7;
/** A chart this many seconds wide at least: the first ones don't fill the window. */
const WINDOW = 60;

/** One agent's figures, its name safe to show, and its line in the chart. */
interface AgentRow extends AgentMetrics {
  readonly name: string;
  /** null where the chart has too many to show it. */
  readonly ink: Ink | null;
  /** Tokens, cost, and how full its context is; '' where its CLI counts none of it. */
  readonly used: string;
}

type MetricsPopup = Extract<Popup, { kind: 'metrics' }>;

/** What the agents and the session use now, with the last minutes; or the whole session along time. */
export function metricsPage(room: Room, popup: MetricsPopup, columns: number, rows: number, look: Look): PopupContent {
  const { metrics } = room;
  const isNow = popup.view === 'now';
  const body = metrics ? [...drawnOnce(room, metrics, popup.view, columns, rows, look)] : [];
  const trouble = metrics?.trouble ?? null;
  if (body.length === 0) body.push([span(look, trouble === null ? 'measuring…' : 'nothing measured yet', 'faint')]);
  const words = isNow ? '100% is one core' : metrics?.series ? `the whole session, ${spanWords(metrics.series)}` : '';
  const summary: Line = trouble === null ? [span(look, words, 'muted')] : [span(look, showControls(trouble), 'warn')];
  const title = isNow ? 'metrics now' : 'metrics of the session';
  return { title, body, top: popup.top, count: body.length, cursor: null, summary };
}

interface Drawn {
  readonly key: string;
  readonly body: readonly Line[];
}

/** News of the session redraw the room several times a second: charts are drawn anew only when their figures are. */
const drawn = new WeakMap<MetricsView, Drawn>();

function drawnOnce(
  room: Room,
  view: MetricsView,
  kind: MetricsPopup['view'],
  columns: number,
  rows: number,
  look: Look,
): readonly Line[] {
  const key = `${kind} ${columns} ${rows} ${look.charset} ${room.state.order.join(' ')}`;
  const known = drawn.get(view);
  if (known?.key === key) return known.body;
  const { latest, series, charts } = view;
  const session = series && charts ? sessionCharts(series, charts, columns, rows, look) : [];
  const body = kind === 'session' ? session : latest ? bodyOf(room, view, latest, columns, rows, look) : [];
  const cells = body.map(asCells);
  drawn.set(view, { key, body: cells });
  return cells;
}

/** What the machine has left, and whether work waits for it. */
function machineWords({ machine }: MetricsReply): string {
  const { load, freeBytes, pressure } = machine;
  const waits = pressure.memory === null ? '' : `, ${Math.round(pressure.memory)}% of the time short of memory`;
  return `machine: load ${load} a core, ${bytesText(freeBytes)} free${waits}`;
}

function bodyOf(
  room: Room,
  view: MetricsView,
  latest: MetricsReply,
  columns: number,
  rows: number,
  look: Look,
): Line[] {
  const agents = agentRows(room, view, latest);
  const table = tableLines(agents, view, latest, columns, look);
  // Two rows are the charts' title and the blank below.
  const height = Math.max(CHART_LEAST, Math.min(CHART_MOST, rows - table.length - 2));
  if (!view.charts || agents.length === 0) return table;
  if (columns < WIDE) {
    const output = outputChart(view, agents, view.charts, columns, height, look);
    return [...output, [], ...table, [], ...memoryChart(agents, view.charts, columns, 10, look)];
  }
  const right = Math.floor(columns * 0.36);
  const left = columns - right - 3;
  const output = outputChart(view, agents, view.charts, left, height, look);
  const memory = memoryChart(agents, view.charts, right, height, look);
  return [...beside(output, memory, left), [], ...table];
}

function agentRows(room: Room, { history }: MetricsView, latest: MetricsReply): readonly AgentRow[] {
  const known = latest.agents.filter(({ agent }) => room.state.agents[agent]);
  const total = (agent: string) => history.reduce((sum, { rates }) => sum + (rates.get(agent) ?? 0), 0);
  const loudest = [...known].sort((a, b) => total(b.agent) - total(a.agent)).slice(0, LINES.length);
  const drawn = known.filter((one) => loudest.includes(one)).map(({ agent }) => agent);
  return known.map((one) => ({
    ...one,
    rssBytes: one.pssBytes ?? one.rssBytes,
    name: showControls(room.state.agents[one.agent]!.spec.name),
    ink: LINES[drawn.indexOf(one.agent)] ?? null,
    used: usedText(room.state.agents[one.agent]!),
  }));
}

function usedText({ usage }: Agent): string {
  return `${pad(usedWords(usedBy(usage)), USED - 5, 'end')}${pad(contextWords(usage), 5, 'end')}`.trimEnd();
}

function outputChart(
  { history }: MetricsView,
  agents: readonly AgentRow[],
  charts: Charts,
  cols: number,
  rows: number,
  look: Look,
): Line[] {
  const drawn = agents.filter(({ ink }) => ink !== null);
  const most = Math.max(1, ...history.flatMap(({ rates }) => drawn.map(({ agent }) => rates.get(agent) ?? 0)));
  const { unit, size } = byteUnit(most);
  const since = history[0];
  const note = since ? `last ${age(since.at, history.at(-1)!.at)}` : '';
  const title = titleLine(`output, ${unit}/s`, note, look);
  const chart = charts.line({
    cols,
    rows,
    labels: Array.from({ length: Math.max(WINDOW, history.length) }, (_, i) => timeOf(history[i]?.at)),
    series: drawn.map(({ agent, ink }) => ({
      ink: ink!,
      values: history.map(({ rates }) => (rates.get(agent) ?? 0) / size),
    })),
    atLeast: 1 / size,
  });
  const waiting: Line[] = [
    [span(look, 'two seconds make a line…', 'faint')],
    ...Array.from({ length: rows - 1 }, () => []),
  ];
  return [title, ...(chart.length > 0 ? chart.map((row) => chartLine(row, look)) : waiting)];
}

function timeOf(at: number | undefined): string {
  return at === undefined ? '' : clock(at, true);
}

function memoryChart(agents: readonly AgentRow[], charts: Charts, cols: number, rows: number, look: Look): Line[] {
  const { unit, size } = byteUnit(Math.max(1, ...agents.map(({ rssBytes }) => rssBytes)));
  const bars = agents.map(({ name, rssBytes }) => ({ label: name, value: rssBytes / size }));
  const chart = charts.bars({ cols, rows, ink: 'blue', bars });
  return [titleLine(`memory, ${unit}`, '', look), ...chart.map((row) => chartLine(row, look))];
}

const NAME = 14;
const BAR = 8;
/** `1.2M $12.34  85%` */
const USED = 20;

function tableLines(
  agents: readonly AgentRow[],
  view: MetricsView,
  latest: MetricsReply,
  columns: number,
  look: Look,
): Line[] {
  const own = [
    { name: 'daemon', ...latest.daemon },
    { name: 'ptyhost', ...latest.ptyhost },
  ];
  const cpuTop = Math.max(100, ...[...agents, ...own].map(({ cpuPercent }) => cpuPercent ?? 0));
  const memoryTop = Math.max(1, ...[...agents, ...own].map(({ rssBytes }) => rssBytes));
  const usage = (cpu: number | null, rss: number): Line => [
    span(look, progressBar(((cpu ?? 0) / cpuTop) * 100, BAR), 'progress'),
    span(look, pad(cpu === null ? '–' : `${Math.round(cpu)}%`, 6, 'end')),
    span(look, '  '),
    span(look, progressBar((rss / memoryTop) * 100, BAR), 'progress'),
    span(look, pad(bytesText(rss), 8, 'end')),
  ];
  const head = `  ${pad('agent', NAME)}${pad('cpu', BAR + 6)}  ${pad('memory', BAR + 8)}${pad('output', 11, 'end')}${pad('procs', 7, 'end')}`;
  const counts = agents.some(({ used }) => used !== '') && columns >= head.length + USED + 2;
  const title = counts ? `${head}${pad('tokens, cost, context', USED + 2, 'end')}` : head;
  const used = title.length;
  const rows = agents.map((agent): Line => {
    const rate = agent.outputBytesPerSecond;
    return [
      span(look, agent.ink === null ? '  ' : '━ ', agent.ink === null ? 'faint' : TOKEN_OF[agent.ink]),
      span(look, pad(agent.name, NAME - 1)),
      span(look, ' '),
      ...usage(agent.cpuPercent, agent.rssBytes),
      span(look, pad(rate === null ? '–' : `${bytesText(rate)}/s`, 11, 'end')),
      span(look, pad(String(agent.processes), 7, 'end'), 'muted'),
      ...(counts ? [span(look, `  ${pad(agent.used, USED)}`)] : []),
      span(look, `  ${trend(view, agent.agent, columns - used - 2)}`, 'accent'),
    ];
  });
  const session = own.map(({ name, cpuPercent, rssBytes }): Line => [
    span(look, `  ${pad(name, NAME)}`, 'muted'),
    ...usage(cpuPercent, rssBytes),
  ]);
  const machine: Line = [span(look, `  ${machineWords(latest)}`, 'muted')];
  return [[span(look, title, 'muted')], ...rows, ...session, machine];
}

/** The last seconds' output, against the agent's own highest. */
function trend({ history, charts }: MetricsView, agent: string, columns: number): string {
  const values = history.slice(-Math.max(1, Math.min(WINDOW, columns))).map(({ rates }) => rates.get(agent) ?? 0);
  return charts && columns > 3 ? charts.spark(values) : '';
}
