/** todo list, check, uncheck, add, remove. */
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const todos = state.todos.map(({ id, text, done, task, agent }) => ({ id, text, done, task, agent }));
    const rows = todos.map(({ id, text, done, agent }) => [done ? '[x]' : '[ ]', id, agent ?? '', text]);
    context.answer({ todos }, rows.length === 0 ? 'no todos: `llmctl todo add TEXT` writes one' : columns(rows));
  });
}

export async function mark({ context, args }: CommandLine, done: boolean): Promise<void> {
  await each(context, args[0] as readonly string[], (id) => ({ type: 'todo.check', id, done }) as const);
}

export async function remove({ context, args }: CommandLine): Promise<void> {
  await each(context, args[0] as readonly string[], (id) => ({ type: 'todo.remove', id }) as const);
}

export async function add({ context, args }: CommandLine): Promise<void> {
  const text = (args[0] as readonly string[]).join(' ');
  await context.withSession(async (connection) => {
    await command(connection, { type: 'todo.add', text });
    const { state } = await snapshot(connection);
    const todo = state.todos.findLast((one) => one.text === text && one.task === null);
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
