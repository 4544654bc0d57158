/** Tools by which an agent tells the coordinator how it goes. */
import { z } from 'zod';
import { command } from '../requests.ts';
import { tool } from './tool.ts';

const words = (what: string) => z.string().max(2000).describe(what);

export const report = tool(
  {
    name: 'report',
    title: 'Report',
    description:
      'Tell the coordinator how your work goes. started: you begin. progress: how far you are, with percent. blocked: you cannot go on, and why (a person is called). done: all of it is done and what you were asked to check holds. failed: it cannot be done, and why.',
    input: z.strictObject({
      state: z.enum(['started', 'progress', 'blocked', 'done', 'failed']).describe('How it goes'),
      text: words('One line about it; needed with blocked and failed').default(''),
      percent: z.number().min(0).max(100).optional().describe('How much of your task is done; with progress'),
      artifacts: z
        .array(z.string().min(1).max(1000))
        .max(50)
        .default([])
        .describe('Files that you made and others need'),
    }),
    readOnly: false,
  },
  async ({ connection, agent }, { state, text, percent, artifacts }) => {
    if ((state === 'blocked' || state === 'failed') && text.trim() === '') {
      throw new Error(`report: ${state} needs "text": say why`);
    }
    const told = {
      type: 'agent.report',
      agent,
      kind: state,
      percent: percent ?? null,
      text,
      artefacts: artifacts,
    } as const;
    await command(connection, told);
    return `noted: ${state}`;
  },
);

export const askCoordinator = tool(
  {
    name: 'ask_coordinator',
    title: 'Ask the coordinator',
    description:
      'Ask the person in charge a question that only a person can answer. The answer comes as a message in your terminal, not as the result of this call: go on with what does not depend on it, or end your turn.',
    input: z.strictObject({ question: z.string().trim().min(1).max(2000).describe('One clear question') }),
    readOnly: false,
  },
  async ({ connection, agent }, { question }) => {
    await command(connection, { type: 'agent.report', agent, kind: 'ask', percent: null, text: question });
    return 'asked: the answer comes as a message in your terminal';
  },
);

export const tickTodo = tool(
  {
    name: 'tick_todo',
    title: 'Tick a todo',
    description: 'Mark one of your todos as done, or as open again. my_task lists them with their ids.',
    input: z.strictObject({
      id: z.string().min(1).max(200).describe('Its id'),
      done: z.boolean().default(true).describe('false: it is open again'),
    }),
    readOnly: false,
  },
  async ({ connection, see, agent }, { id, done }) => {
    const { status } = await see();
    const todo = status.todos.find((one) => one.id === id);
    const mine = status.todos.filter((one) => one.agent === agent).map((one) => one.id);
    if (!todo) throw new Error(`there is no todo ${id}; yours: ${mine.join(', ') || 'none'}`);
    if (todo.agent !== null && todo.agent !== agent) throw new Error(`todo ${id} is of ${todo.agent}, not yours`);
    await command(connection, { type: 'todo.check', id, done });
    return `${done ? 'ticked' : 'open again'}: ${todo.text}`;
  },
);
