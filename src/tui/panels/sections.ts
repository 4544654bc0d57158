import type { Room } from '../app/room.ts';
import { focusedId } from '../app/room.ts';
import { taskInHand } from '../../core/select/in-hand.ts';
import { type AgentView, agentView } from '../presentation/agent.ts';
import { eventLine } from '../presentation/events.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { clock } from '../presentation/time.ts';
import { showControls } from '../../core/text.ts';
import type { Line } from '../widgets/line.ts';
import { fitLine, pad, spread, wrapLine } from '../widgets/line.ts';
import { healthLines } from './health-lines.ts';
import { repoLines, worktreeLines } from './git-lines.ts';
import { openOverlaps, overlapLines } from './overlap-lines.ts';
import { planSection } from './plan-section.ts';
import { todosSection } from './todos-section.ts';

/** One part of the coordinator panel. */
export interface Section {
  readonly id: 'agents' | 'overlaps' | 'plan' | 'todos' | 'git' | 'build' | 'alerts' | 'log';
  /** The key that opens its page; '' where there is none. */
  readonly key: string;
  readonly title: string;
  /** At the right of the title. */
  readonly summary: Line;
  /** Most telling first (the log: newest last). */
  readonly lines: readonly Line[];
  /** What stays when rows are short: the last lines instead of the first. */
  readonly keepEnd: boolean;
}

/** The same sections with what is too long for a line gone on below: for panels with rows to spare. */
export function wrappedSections(room: Room, width: number, look: Look): readonly Section[] {
  return sectionsOf(room, width, look).map((one) => {
    if (one.id === 'plan' || one.id === 'agents' || one.id === 'overlaps' || one.id === 'git') return one;
    return { ...one, lines: one.lines.flatMap((line) => wrapLine(line, width, 2)) };
  });
}

export function sectionsOf(room: Room, width: number, look: Look): readonly Section[] {
  return [
    agentsSection(room, width, look),
    ...overlapsSection(room, width, look),
    ...planSection(room, width, look),
    buildSection(room, width, look),
    gitSection(room, width, look),
    todosSection(room, look),
    alertsSection(room, look),
    logSection(room, look),
  ];
}

export function agentViews(room: Room): AgentView[] {
  return room.state.order.flatMap((id, i) => {
    const agent = room.state.agents[id];
    return agent ? [agentView(agent, i + 1, taskInHand(room.state, id))] : [];
  });
}

function agentsSection(room: Room, width: number, look: Look): Section {
  const views = agentViews(room);
  const focus = focusedId(room);
  const waiting = views.filter((view) => view.state === 'waiting').length;
  const summary =
    waiting > 0 ? [span(look, `${waiting} waiting`, 'state.waiting')] : [span(look, `${views.length}`, 'muted')];
  const lines = views.map((view) => agentRow(view, view.id === focus, width, look));
  const empty = [[span(look, 'none yet: n adds one', 'faint')]];
  return section('agents', '', 'agents', summary, views.length > 0 ? lines : empty);
}

/** `▸1 ● ada   working    ±3  12s` */
export function agentRow(view: AgentView, focused: boolean, width: number, look: Look): Line {
  const name = Math.max(4, Math.min(16, width - 26));
  const left: Line = [
    span(look, focused ? '▸' : ' ', 'accent'),
    span(look, `${view.number}`.padEnd(2), 'key'),
    span(look, `${view.glyph} `, view.token),
    span(look, pad(view.name, name), focused ? 'strong' : 'text'),
    span(look, ' '),
    span(look, pad(view.word, 9), view.token),
  ];
  const progress = view.progress === null ? '' : `${Math.round(view.progress)}%`;
  const changed = view.changed ? `±${view.changed}` : '';
  const task = width >= TASK_FROM && view.task !== '' ? [span(look, view.task, 'accent')] : [];
  const right: Line = [
    ...(width >= 40 && progress ? [span(look, progress, 'progress'), span(look, ' ')] : []),
    ...(changed ? [span(look, changed, 'warn')] : []),
    span(look, ' '),
    ageSpan(look, view.since, 'muted'),
  ];
  return spread([...left, ...task], right, width);
}

/** Narrower than this, a row says no more of what an agent does than its state. */
const TASK_FROM = 28;

/** Only while there is something to see: rows are dear. */
function overlapsSection(room: Room, width: number, look: Look): readonly Section[] {
  const open = openOverlaps(room.state);
  if (open.length === 0) return [];
  const urgent = open.filter(({ state }) => state === 'needs-person').length;
  const summary = [span(look, urgent > 0 ? `${urgent} for you` : `${open.length}`, urgent > 0 ? 'error' : 'warn')];
  return [section('overlaps', 'c', 'overlaps', summary, overlapLines(room.state, width, look))];
}

function gitSection(room: Room, width: number, look: Look): Section {
  const { git, session } = room.state;
  if (!session.git) return section('git', 'g', 'git', [], [[span(look, 'not a git repository', 'faint')]]);
  if (!git) return section('git', 'g', 'git', [], [[span(look, 'not looked at yet', 'faint')]]);
  const summary = git.stale ? [span(look, 'stale', 'warn')] : [];
  return section('git', 'g', 'git', summary, [
    ...repoLines(git, look),
    ...worktreeLines(agentViews(room), width, look),
  ]);
}

function buildSection(room: Room, width: number, look: Look): Section {
  const checks = Object.values(room.state.health);
  const lines = checks.length > 0 ? healthLines(checks, width, look) : [[span(look, 'no check in the plan', 'faint')]];
  return section('build', 'b', 'build', [], lines);
}

function alertsSection(room: Room, look: Look): Section {
  const alerts = [...room.state.alerts].reverse();
  const summary =
    alerts.length > 0
      ? [span(look, `${alerts.length}`, alerts.some((a) => a.level === 'error' && !a.ackedBy) ? 'error' : 'warn')]
      : [];
  const lines = alerts.map((alert): Line => {
    const count = alert.count > 1 ? ` ×${alert.count}` : '';
    const [sign, token] = alert.ackedBy ? (['✓ ', 'muted'] as const) : (['⚠ ', alert.level] as const);
    return [
      span(look, sign, token),
      ageSpan(look, alert.at, 'faint'),
      span(look, ` ${showControls(alert.text)}${count}`),
    ];
  });
  return section('alerts', 'a', 'alerts', summary, lines.length > 0 ? lines : [[span(look, 'none', 'faint')]]);
}

function logSection(room: Room, look: Look): Section {
  const lines = room.recent.flatMap((entry): Line[] => {
    const line = eventLine(entry.event);
    if (!line) return [];
    const who = line.who === '' ? [] : [span(look, `${line.who} `, 'muted')];
    return [[span(look, `${clock(entry.at)} `, 'faint'), ...who, span(look, line.text, line.token)]];
  });
  return {
    ...section('log', 'l', 'log', [], lines.length > 0 ? lines : [[span(look, 'nothing yet', 'faint')]]),
    keepEnd: true,
  };
}

function section(id: Section['id'], key: string, title: string, summary: Line, lines: readonly Line[]): Section {
  return { id, key, title, summary, lines, keepEnd: false };
}

/** Rows for each section out of `rows`: one for all, then one more for each in turn that has use for it. */
export function allotRows(sections: readonly Section[], rows: number): number[] {
  const given = sections.map(() => 0);
  let left = rows;
  while (left > 0) {
    const wanting = sections.flatMap((one, i) => (given[i]! < one.lines.length ? [i] : [])).slice(0, left);
    if (wanting.length === 0) break;
    for (const i of wanting) given[i]!++;
    left -= wanting.length;
  }
  // What is left over is the log's: it is the last, and its blank rows are the calmest.
  if (given.length > 0) given[given.length - 1]! += left;
  return given;
}

/** `rows` lines of the section, each in exactly `width` columns. */
export function sectionBody(one: Section, width: number, rows: number): Line[] {
  const from = one.keepEnd ? Math.max(0, one.lines.length - rows) : 0;
  const shown = one.lines.slice(from, from + rows).map((line) => fitLine(line, width));
  while (shown.length < rows) shown.push(fitLine([], width));
  return shown;
}
