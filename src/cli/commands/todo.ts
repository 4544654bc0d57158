/** todo list, check, uncheck, add, remove. */
import { todoDocument } from '../../core/select/work-documents.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function list({ context, options }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const todos = state.todos
      .filter(
        ({ task, done }) => (options.task === undefined || task === options.task) && !(options.open === true && done),
      )
      .map(todoDocument);
    const rows = todos.map(({ id, text, done, agent, task, by }) => [
      done ? '[x]' : '[ ]',
      id,
      task ?? '',
      agent ?? '',
      `${showControls(text)}${done && by !== null ? ` (${by})` : ''}`,
    ]);
    context.answer({ todos }, rows.length === 0 ? 'no todos: `llmctl todo add TEXT` writes one' : columns(rows));
  });
}

export async function mark({ context, args }: CommandLine, done: boolean): Promise<void> {
  await each(context, args[0] as readonly string[], (id) => ({ type: 'todo.check', id, done }) as const);
}

export async function remove({ context, args }: CommandLine): Promise<void> {
  await each(context, args[0] as readonly string[], (id) => ({ type: 'todo.remove', id }) as const);
}

export async function add({ context, args, options }: CommandLine): Promise<void> {
  const text = (args[0] as readonly string[]).join(' ');
  await context.withSession(async (connection) => {
    const task = typeof options.task === 'string' ? options.task : null;
    await command(connection, { type: 'todo.add', text, task });
    const { state } = await snapshot(connection);
    const todo = state.todos.findLast((one) => one.text === text && one.task === task);
    context.answer({ ok: true, id: todo?.id ?? null }, `${todo?.id ?? ''} ${text}`.trim());
  });
}

type TodoCommand = { type: 'todo.check'; id: string; done: boolean } | { type: 'todo.remove'; id: string };

async function each(
  context: CommandLine['context'],
  ids: readonly string[],
  wanted: (id: string) => TodoCommand,
): Promise<void> {
  await context.withSession(async (connection) => {
    for (const id of new Set(ids)) await command(connection, wanted(id));
    context.answer({ ok: true, ids }, '');
  });
}
