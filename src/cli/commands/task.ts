/** task: tasks of the plan by hand. */
import type { State } from '../../core/model/state.ts';
import { COORDINATOR as PERSON } from '../../core/plan/model.ts';
import { holdDocuments, milestoneDocuments, taskDocuments } from '../../core/select/work-documents.ts';
import type { WorkClientCommand } from '../../core/model/work-commands.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const document = {
      tasks: taskDocuments(state),
      milestones: milestoneDocuments(state),
      holds: holdDocuments(state),
    };
    context.answer(document, taskTable(state) || 'no tasks: the plan has none, or there is no plan');
  });
}

/** '' where there are none. */
export function taskTable(state: State): string {
  const rows = taskDocuments(state).map((task) => {
    const done = task.todos.filter((todo) => todo.done).length;
    const why = task.reason || (task.waitsFor.length === 0 ? '' : `waits for ${task.waitsFor.join(', ')}`);
    const todos = task.todos.length === 0 ? '' : `${done}/${task.todos.length}`;
    const title = task.title === task.id ? '' : task.title;
    const about = [title, why].filter((part) => part !== '').join(' · ');
    return [task.id, task.state, task.agent, `${task.progress} %`, todos, showControls(about)];
  });
  if (rows.length === 0) return '';
  const table = columns([['TASK', 'STATE', 'AGENT', 'DONE', 'TODOS', ''], ...rows]);
  const held = holdDocuments(state).map(({ reason }) => `nothing new starts: ${showControls(reason)}`);
  return [table, ...held].join('\n');
}

export async function start(line: CommandLine): Promise<void> {
  const task = line.args[0] as string;
  const agent = typeof line.options.agent === 'string' ? line.options.agent : null;
  await ask(line, { type: 'task.start', task, agent, force: line.options.force === true }, task);
}

export async function done(line: CommandLine): Promise<void> {
  const task = line.args[0] as string;
  await ask(line, { type: 'task.done', task, force: line.options.force === true }, task);
}

export async function fail(line: CommandLine): Promise<void> {
  const task = line.args[0] as string;
  await ask(line, { type: 'task.fail', task, reason: text(line.options.reason) }, task);
}

export async function retry(line: CommandLine): Promise<void> {
  const task = line.args[0] as string;
  await ask(line, { type: 'task.retry', task, force: line.options.force === true }, task);
}

export async function assign(line: CommandLine): Promise<void> {
  const [task, agent] = line.args as readonly string[];
  await ask(line, { type: 'task.assign', task: task!, agent: agent === PERSON ? null : agent! }, task!);
}

export async function hold({ context, args }: CommandLine): Promise<void> {
  const reason = ((args[0] ?? []) as readonly string[]).join(' ');
  await context.withSession(async (connection) => {
    await command(connection, { type: 'schedule.hold', reason });
    context.answer({ ok: true }, 'no new task starts; `llmctl task go` ends that');
  });
}

export async function go({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    await command(connection, { type: 'schedule.hold', reason: null });
    context.answer({ ok: true }, 'ready tasks start again');
  });
}

async function ask({ context }: CommandLine, asked: WorkClientCommand, id: string): Promise<void> {
  await context.withSession(async (connection) => {
    await command(connection, asked);
    const { state } = await snapshot(connection);
    const task = taskDocuments(state).find((one) => one.id === id) ?? null;
    context.answer({ ok: true, task }, task === null ? '' : `task ${id} is ${task.state}`);
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
