/** What agents may do and spend. */
import { number, text, word } from '../shape/leaves.ts';
import { may, need, or, record } from '../shape/record.ts';
import type { Reads } from '../shape/shape.ts';
import { ids, readings } from './task.ts';

export const permission = record(
  {
    answer: need(
      word(['allow', 'deny', 'ask']),
      'What is said to questions that it is about.',
      'write "answer: allow", or deny, ask',
    ),
    tools: or(readings, [], 'Tools as the CLI calls them, or kinds: command, edit, read, fetch.'),
    paths: or(readings, [], 'Patterns as in .gitignore: "allow" wants all files of a question to match, "deny" any.'),
    commands: or(
      readings,
      [],
      'Command lines with * for anything. "allow" is never said to more than one program: to what has ;, |, > or $( in it.',
    ),
    agents: or(ids, [], 'Only these agents.'),
    why: or(text({ max: 500 }), '', 'What the agent is told after a no.'),
  },
  { noun: 'rule for permissions', nameKey: 'answer', example: '- {answer: allow, commands: ["npm test"]}' },
);

const amount = record(
  {
    costUsd: may(number(0, 1_000_000), 'In dollars, as the CLI counts them.'),
    tokens: may(number(0, 1_000_000_000_000, true), 'Tokens.'),
  },
  { noun: 'budget', example: '{costUsd: 5}' },
);
export type PlanAmount = Reads<typeof amount>;

export const budget = record(
  {
    session: may(amount, 'For all agents together.'),
    agent: may(amount, 'For each agent.'),
    task: may(amount, 'For each task.'),
    over: or(word(['warn', 'pause']), 'warn', 'What is done once it is spent: an alert, or the agents pause too.'),
  },
  { noun: 'set of budgets', example: '{session: {costUsd: 20}, over: pause}' },
);
export type PlanBudget = Reads<typeof budget>;
