import { own } from '../../core/model/work.ts';
import type { Forecast, TaskForecast } from '../../core/select/forecast.ts';
import { gateTime } from '../../core/select/gates.ts';
import { oneLine } from '../../core/text.ts';
import { hoursWords } from '../../core/select/time.ts';
import type { PlanEntry } from '../plan/entries.ts';
import { type TimeScale, columnOf, ticksOf } from '../plan/time-scale.ts';
import { type Look, span } from '../presentation/look.ts';
import { doerName, handoverLook } from '../presentation/plan.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, pad, textWidth } from '../widgets/line.ts';
import { type PlanFacts, lookOf } from './plan-rows.ts';

const HOUR = 3_600_000;
/** Columns between two labels of the axis. */
const APART = 9;

/** Columns of what stands before the bars. */
export function labelColumns(width: number): { readonly name: number; readonly agent: number } {
  return { name: Math.max(12, Math.min(32, Math.floor(width * 0.22))), agent: width >= 110 ? 12 : 0 };
}

export function scaleOf(forecast: Forecast, width: number): TimeScale {
  const { name, agent } = labelColumns(width);
  const columns = Math.max(10, width - name - agent - 4);
  return { from: forecast.from, to: Math.max(forecast.end, forecast.now, forecast.from + 1000), columns };
}

/** Hours since the first task began, with now above them. `indent`: columns before the bars. */
export function axisLine(forecast: Forecast, scale: TimeScale, indent: number, look: Look): Line {
  const now = columnOf(scale, forecast.now);
  const cells = Array.from({ length: scale.columns }, () => '─');
  for (const { column, ms } of ticksOf(scale, APART)) {
    const label = ms === 0 ? '0' : hoursWords(ms / HOUR);
    const end = column + textWidth(label);
    // Half a label says something else.
    if (end > scale.columns || (now >= column && now < end && ms > 0)) continue;
    [...label].forEach((char, i) => (cells[column + i] = char));
  }
  const text = cells.join('');
  return [
    span(look, pad('hours', indent), 'muted'),
    span(look, text.slice(0, now), 'muted'),
    span(look, '▼', 'accent'),
    span(look, text.slice(now + 1), 'muted'),
  ];
}

interface Cell {
  readonly char: string;
  readonly token: Token;
}

/** `*● parser       ana      ████▓▓▓▓───` */
export function timeRow(facts: PlanFacts, entry: PlanEntry, scale: TimeScale, width: number, look: Look): Line {
  const { state, standing, forecast } = facts;
  const { name, agent } = labelColumns(width);
  const task = entry.kind === 'task' ? forecast?.tasks.get(entry.id) : undefined;
  const stands = lookOf(standing, entry);
  const who = entry.kind === 'task' ? doerName(state, standing, entry.id) : entry.kind;
  return [
    span(look, task?.critical ? '*' : ' ', 'warn'),
    span(look, `${stands?.glyph ?? ' '} `, stands?.token ?? 'muted'),
    span(look, `${pad(oneLine(entry.id, 60), name)} `, task?.critical ? 'strong' : 'text'),
    ...(agent > 0 ? [span(look, pad(who, agent), 'accent')] : []),
    ...(forecast ? runs(cellsOf(facts, forecast, entry, task, scale), look) : []),
  ];
}

function cellsOf(
  { standing }: PlanFacts,
  forecast: Forecast,
  entry: PlanEntry,
  task: TaskForecast | undefined,
  scale: TimeScale,
): readonly Cell[] {
  const cells: Cell[] = Array.from({ length: scale.columns }, () => ({ char: ' ', token: 'faint' as const }));
  const now = columnOf(scale, forecast.now);
  cells[now] = { char: '│', token: 'accent' };
  if (task) {
    paintTask(cells, task, forecast.now, scale);
    return cells;
  }
  const at = entry.kind === 'gate' ? standing.index.gates.get(entry.id) : undefined;
  if (at) {
    const { state, asked } = own(standing.work.gates, at.id)!;
    const chars = { pending: '◆', running: '◌', passed: '✓', failed: '✗', waived: '■' } as const;
    const token = asked ? 'state.waiting' : (lookOf(standing, entry)?.token ?? 'muted');
    cells[columnOf(scale, gateTime(standing, forecast, at))] = { char: chars[state], token };
  }
  const handover = entry.kind === 'handover' ? standing.index.handovers.get(entry.id) : undefined;
  if (handover) {
    const given = own(standing.work.handovers, entry.id)?.givenAt ?? null;
    const ends = handover.from.map((id) => forecast.tasks.get(id)?.end ?? forecast.end);
    const { token } = handoverLook(standing, entry.id);
    cells[columnOf(scale, given ?? Math.max(...ends))] = { char: given === null ? '→' : '✓', token };
  }
  return cells;
}

/** What was done is solid, what is to come is not; behind it stands how much later it may end. */
function paintTask(
  cells: Cell[],
  { start, end, critical, slackHours }: TaskForecast,
  now: number,
  scale: TimeScale,
): void {
  const [first, last] = [columnOf(scale, start), columnOf(scale, end)];
  const today = columnOf(scale, now);
  const edge = end > start ? Math.max(first, Math.ceil(columnOf(scale, end - 1))) : last;
  const slack = slackHours === null || critical ? edge : columnOf(scale, end + slackHours * HOUR - 1);
  for (let x = edge + 1; x <= slack; x++) if (x !== today) cells[x] = { char: '─', token: 'faint' };
  for (let x = first; x <= edge; x++) {
    const passed = start < now && x <= today;
    cells[x] = passed
      ? { char: '█', token: slackHours === null ? 'ok' : 'state.working' }
      : { char: critical ? '▓' : '░', token: critical ? 'warn' : 'muted' };
  }
}

function runs(cells: readonly Cell[], look: Look): Span[] {
  const spans: Span[] = [];
  let [text, token]: [string, Token] = ['', 'faint'];
  for (const cell of cells) {
    if (cell.token !== token && text !== '') {
      spans.push(span(look, text, token));
      text = '';
    }
    text += cell.char;
    token = cell.token;
  }
  return [...spans, span(look, text, token)];
}

export const LEGEND = '█ done  ▓ critical (*)  ░ to come  ─ slack  │ now  ◆ gate  → handover';
