import { standingOf } from '../../core/schedule/standing.ts';
import { forecastOf } from '../../core/select/forecast.ts';
import { oneLine } from '../../core/text.ts';
import { planEntries } from '../app/marked-plan.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import type { PlanEntry } from '../plan/entries.ts';
import { type Look, span } from '../presentation/look.ts';
import { type Line, wrapText } from '../widgets/line.ts';
import { forecastLine, nextGateLine, progressLine } from '../panels/plan-lines.ts';
import { type PlanFacts, lookOf, stateSpans, treeRow } from './plan-rows.ts';
import { entryWords } from './plan-words.ts';
import { LEGEND, axisLine, labelColumns, scaleOf, timeRow } from './plan-timeline.ts';
import { type PopupContent, linesFrom, listRow, topFor } from './popup-box.ts';

type PlanPopup = Extract<Popup, { kind: 'plan' }>;

/** The plan as a tree, or along time. Only the rows in view are built: a plan may have thousands. */
export function planPage(room: Room, popup: PlanPopup, width: number, rows: number, look: Look): PopupContent {
  const { state } = room;
  const standing = standingOf(state);
  if (standing === null) return nothing(room, width, look);
  const forecast = forecastOf(standing, look.now);
  const facts: PlanFacts = { state, standing, forecast };
  const entries = planEntries(room);
  const index = Math.max(0, Math.min(popup.index, entries.length - 1));
  const inTime = popup.view === 'timeline' && forecast !== null;
  const gate = nextGateLine(room, standing, look.now, look);
  const head: Line[] = [
    progressLine(standing, look.now, width >= 100 ? 24 : 12, look),
    ...(forecast ? [forecastLine(forecast, look)] : []),
    ...(gate.length > 0 ? [gate] : []),
    ...heldLines(standing.work.holds, look),
    [],
  ];
  const inner = width - 2;
  const scale = forecast && scaleOf(forecast, inner);
  if (inTime && scale) {
    const { name, agent } = labelColumns(inner);
    head.push([span(look, '  '), ...axisLine(forecast, scale, name + agent + 4, look)]);
  }
  const row = (entry: PlanEntry): Line =>
    inTime && scale ? timeRow(facts, entry, scale, inner, look) : treeRow(facts, entry, inner, look);
  const detail = detailLines(facts, entries[index], inTime, width, look);
  const room4list = Math.max(1, rows - head.length - detail.length);
  const from = topFor(index, room4list);
  const list = entries
    .slice(from, from + room4list)
    .map((entry, i) => listRow(row(entry), from + i === index, width, look));
  return {
    title: `plan ${oneLine(standing.work.plan.name, 40)}`,
    summary: [
      span(look, `${inTime ? 'timeline' : 'tree'} ${entries.length === 0 ? 0 : index + 1}/${entries.length}`, 'muted'),
    ],
    head,
    body: [...list, ...detail],
    top: 0,
    count: entries.length,
    cursor: null,
    lineOf: linesFrom(from, room4list),
  };
}

function nothing({ state }: Room, width: number, look: Look): PopupContent {
  const has = state.session.plan === null ? 'There is no plan' : 'The plan has no tasks';
  const words = `${has}. "llmctl init" writes a first one; what stands under "tasks" in it is shown here, started, proved and landed.`;
  const body = wrapText(words, width).map((text): Line => [span(look, text, 'faint')]);
  return { title: 'plan', body, top: 0, count: 0, cursor: null };
}

function heldLines(holds: Readonly<Record<string, string>>, look: Look): readonly Line[] {
  const reasons = Object.values(holds);
  return reasons.length === 0 ? [] : [[span(look, `nothing new starts: ${oneLine(reasons.join('; '), 200)}`, 'warn')]];
}

/** What doesn't fit in the marked row: always as many lines, so that the list stands still. */
function detailLines(
  facts: PlanFacts,
  entry: PlanEntry | undefined,
  inTime: boolean,
  width: number,
  look: Look,
): readonly Line[] {
  const words = entry ? entryWords(facts, entry) : '';
  const said = wrapText(words, width).slice(0, 2);
  const lines: Line[] = said.map((text) => [span(look, text, 'muted')]);
  while (lines.length < 2) lines.push([]);
  if (!inTime) return [[], ...lines];
  const state = entry ? lookOf(facts.standing, entry) : null;
  const first: Line = [...(state ? stateSpans(state, look) : []), ...(lines[0] ?? [])];
  return [[span(look, LEGEND, 'faint')], first, lines[1]!];
}
