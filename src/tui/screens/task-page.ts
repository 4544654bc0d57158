import type { Todo } from '../../core/model/state.ts';
import { own, type TaskWork } from '../../core/model/work.ts';
import { healthCommandText } from '../../core/plan/model.ts';
import { taskBrief } from '../../core/plan/prompt/brief.ts';
import { hoursText } from '../../core/plan/prompt/values.ts';
import type { PlanDependency, PlanTask } from '../../core/plan/sections/task.ts';
import type { Standing } from '../../core/schedule/needs.ts';
import { standingOf } from '../../core/schedule/standing.ts';
import { forecastOf } from '../../core/select/forecast.ts';
import { oneLine, showControls } from '../../core/text.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { todosOfTasks } from '../plan/entries.ts';
import { actorName, progressBar } from '../presentation/agent.ts';
import { eventLine } from '../presentation/events.ts';
import { type Look, span } from '../presentation/look.ts';
import { doerName, gateLook, groupLook, taskLook, taskWhy } from '../presentation/plan.ts';
import { clock } from '../presentation/time.ts';
import { type Line, spread, wrapText } from '../widgets/line.ts';
import { type Fact, factLines, paragraphs } from './fact-lines.ts';
import { stateSpans } from './plan-rows.ts';
import { joined, timeWords } from './plan-words.ts';
import { type PopupContent, listRow, topFor } from './popup-box.ts';

const OUTPUT_LINES = 12;

/** One task: how it stands, its todos to tick, then all else that is known of it. */
export function taskPage(
  room: Room,
  popup: Extract<Popup, { kind: 'task' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const { state } = room;
  const standing = standingOf(state);
  const task = standing?.index.tasks.get(popup.task);
  const title = `task ${oneLine(popup.task, 60)}`;
  if (!standing || !task) {
    const body = [[span(look, 'the plan has no such task any more', 'faint')]];
    return { title, body, top: 0, count: 0, cursor: null };
  }
  const known = own(standing.work.tasks, task.id)!;
  const head = headLines(room, standing, task, known, width, look);
  const todos = todosOfTasks(state.todos).get(task.id) ?? [];
  const inner = width - 2;
  const rest = restLines(room, standing, task, known, inner, look);
  const count = todos.length + rest.length;
  const index = Math.max(0, Math.min(popup.index, count - 1));
  const marked = todos[index];
  const lines = [
    ...todos.flatMap((todo, i) => {
      const row = listRow(todoRow(todo, inner, look), i === index, width, look);
      return i === index ? [row, ...todoDetail(todo, inner, look)] : [row];
    }),
    ...rest.map((line, i) => listRow(line, todos.length + i === index, width, look)),
  ];
  const extra = marked ? todoDetail(marked, inner, look).length : 0;
  const space = Math.max(1, rows - head.length);
  const done = todos.filter((todo) => todo.done).length;
  const summary = [span(look, todos.length === 0 ? 'no todo' : `${done}/${todos.length} todos`, 'muted')];
  return { title, summary, head, body: lines, top: topFor(index + extra, space), count, cursor: null };
}

/** `☑ the parser is there                     ana 14:03` */
function todoRow({ done, text, by, at }: Todo, width: number, look: Look): Line {
  const who = done && by ? ` ${actorName(by)}${at == null ? '' : ` ${clock(at)}`}` : '';
  return spread(
    [span(look, done ? '☑ ' : '☐ ', done ? 'ok' : 'muted'), span(look, oneLine(text), done ? 'faint' : 'text')],
    [span(look, who, 'faint')],
    width,
  );
}

/** Below the marked one: what doesn't fit in its row, what it is, and what proves it. */
function todoDetail({ text, kind, proof }: Todo, width: number, look: Look): Line[] {
  const proved = proof ? `, proved by ${oneLine(proof, 200)}` : ', by somebody’s word';
  const full = oneLine(text).length > width - 20 ? `${oneLine(text)} · ` : '';
  return wrapText(`${full}${kind ?? 'todo'}${proved}`, Math.max(10, width - 4)).map((part): Line => [
    span(look, `    ${part}`, 'muted'),
  ]);
}

function headLines(
  { state }: Room,
  standing: Standing,
  task: PlanTask,
  known: TaskWork,
  width: number,
  look: Look,
): Line[] {
  const { now } = look;
  const forecast = forecastOf(standing, now)?.tasks.get(task.id);
  const milestone = standing.work.plan.milestones.find(({ tasks }) => tasks.includes(task.id))?.id ?? '';
  const when = [
    ...(forecast ? timeWords(forecast, now) : []),
    task.estimateHours === null ? 'no estimate' : `estimate ${hoursText(task.estimateHours)}`,
  ];
  const where = [task.phase ?? '', milestone, `priority ${task.priority}`, ...task.labels];
  const attempts = known.attempts === 0 ? '' : `${known.attempts} in vain`;
  const facts: readonly Fact[] = [
    ['why', taskWhy(standing, task.id)],
    ['when', joined(when)],
    ['in', joined(where)],
    ['attempts', attempts],
    ['landed', known.commit === null ? '' : known.commit.slice(0, 12)],
  ];
  const bar = known.stage === 'open' ? '' : ` ${progressBar(known.progress, 5)} ${Math.round(known.progress)}%`;
  return [
    [span(look, oneLine(task.title ?? task.id, 200), 'strong')],
    [
      ...stateSpans(taskLook(standing, task.id), look),
      span(look, `since ${clock(known.since, true)} `, 'muted'),
      span(look, doerName(state, standing, task.id), 'accent'),
      span(look, bar, 'progress'),
      span(look, known.forced ? ' by force' : '', 'warn'),
    ],
    ...factLines(facts, width, look),
    [],
  ];
}

/** All that is not a todo, section by section; what a task has nothing of is left out. */
function restLines(room: Room, standing: Standing, task: PlanTask, known: TaskWork, width: number, look: Look): Line[] {
  const { plan } = standing.work;
  const list = (texts: readonly string[]): Line[] =>
    texts.flatMap((text) => wrapText(oneLine(text), width).map((part): Line => [span(look, part)]));
  const dependents = plan.tasks.filter(({ dependsOn }) => dependsOn.some(({ target }) => target === task.id));
  const agent = known.agent ?? null;
  const prompt = taskBrief(plan, task, agent);
  const sections: readonly (readonly [string, readonly Line[]])[] = [
    ['depends on', task.dependsOn.map((one) => dependencyLine(standing, one, look))],
    ['needed by', dependents.map(({ id }) => nodeLine(standing, id, '', look))],
    ['files', list(task.files)],
    ['reads', list([...task.inputs, ...task.references])],
    ['checked by', list(task.validation.map(healthCommandText))],
    ['made', list(known.artefacts.map(({ path, text, by }) => joined([path, text, by])))],
    ['notes', list(task.notes === null ? [] : [task.notes])],
    ['prompt', paragraphs(prompt.trimEnd(), width, look, showControls)],
    ['history', historyLines(room, task.id, look)],
    [`output of ${agent ?? 'nobody'}`, outputLines(room, agent, look)],
  ];
  return sections.flatMap(([name, lines]) =>
    lines.length === 0 ? [] : [[], [span(look, oneLine(name, 80), 'sectionTitle')] as Line, ...lines],
  );
}

function dependencyLine(standing: Standing, dependency: PlanDependency, look: Look): Line {
  const { target, on, percent, deliverables, soft } = dependency;
  const part = percent === null ? deliverables.join(', ') : `${percent} %`;
  const how = on === 'done' ? '' : on === 'partial' ? ` (${part})` : ` (${on})`;
  return nodeLine(standing, target, `${how}${soft ? ' (preferred)' : ''}`, look);
}

/** `● running   parser` for a task, gate, milestone or phase. */
function nodeLine(standing: Standing, id: string, more: string, look: Look): Line {
  const { index } = standing;
  const stands = index.tasks.has(id)
    ? taskLook(standing, id)
    : index.gates.has(id)
      ? gateLook(standing, id)
      : groupLook(standing, id);
  const title = index.tasks.get(id)?.title ?? '';
  return [
    ...stateSpans(stands, look),
    span(look, oneLine(id, 60), 'strong'),
    span(look, `${oneLine(more)}  ${oneLine(title)}`),
  ];
}

/** What is still in sight of the journal. */
function historyLines({ recent }: Room, task: string, look: Look): Line[] {
  return recent.flatMap(({ at, event }): Line[] => {
    if (!('task' in event) || event.task !== task) return [];
    const line = eventLine(event);
    return line ? [[span(look, `${clock(at, true)} `, 'faint'), span(look, line.text, line.token)]] : [];
  });
}

function outputLines({ state, screenText }: Room, agent: string | null, look: Look): Line[] {
  const pane = agent === null ? undefined : own(state.agents, agent)?.pane;
  const lines = pane === undefined ? [] : screenText(pane);
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines
    .slice(Math.max(0, last + 1 - OUTPUT_LINES), last + 1)
    .map((line): Line => [span(look, showControls(line.trimEnd()), 'muted')]);
}
