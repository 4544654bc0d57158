/** Commands about the plan, its todos and the build. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

export function declarePlan(program: Command): void {
  const plan = group(program, 'plan', 'check, draw and import plans', [
    'llmctl plan check',
    'llmctl plan import PLAN.md -o llmctl.yaml',
  ]);
  define(plan, {
    usage: 'check [file]',
    summary: 'validate a plan: every problem with file:line:column and a remedy; totals and the critical path',
    examples: ['llmctl plan check', 'llmctl plan check plans/two.yaml --json'],
    run: async (line) => (await import('../commands/plan.ts')).planCheck(line),
  });
  define(plan, {
    usage: 'graph [file]',
    summary: 'what waits for what: schedule and critical path as text, or the graph for Mermaid or Graphviz',
    options: [['--format <format>', 'text, mermaid or dot', 'text']],
    choices: { format: ['text', 'mermaid', 'dot'] },
    examples: ['llmctl plan graph', 'llmctl plan graph plans/ml-research.yaml --format dot | dot -Tsvg > plan.svg'],
    run: async (line) => (await import('../commands/plan.ts')).planGraph(line),
  });
  define(plan, {
    usage: 'status',
    summary: 'how far the plan of the session is, what is critical now, and when it will be over',
    detail: 'The forecast takes what is left of the estimates at the pace at which work has gone so far.',
    examples: ['llmctl plan status', "llmctl plan status --json | jq '.criticalPath.left'"],
    run: async (line) => (await import('../commands/plan-status.ts')).status(line),
  });
  define(plan, {
    usage: 'import <documents...>',
    summary: 'read a plan out of Markdown: agents, tasks, milestones, gates, prompts, with the line each came from',
    detail: 'Several documents make one plan. What was not understood is listed; nothing is guessed.',
    options: [
      ['-o, --output <file>', 'write the plan there instead of to standard output'],
      ['--profile <name>', 'what the agents run', 'claude'],
      ['--force', 'write over a file that is there'],
    ],
    examples: ['llmctl plan import PLAN.md -o llmctl.yaml', 'llmctl plan import PLAN.md README.md --json'],
    run: async (line) => (await import('../commands/import.ts')).planImport(line),
  });
  define(plan, {
    usage: 'schema',
    summary: 'the JSON Schema of plans, for editors',
    detail: 'Name it on the first line of a plan: # yaml-language-server: $schema=llmctl.schema.json',
    examples: ['llmctl plan schema > llmctl.schema.json'],
    run: async () => (await import('../commands/plan.ts')).planSchemaCommand(),
  });
  define(program, {
    usage: 'rehearse <file>',
    summary: 'run a whole plan with scripted agents in a throw-away repository: order, overlaps, gates, time',
    detail:
      'A daemon, terminals and git as they are; scripts in place of the agents, answers in place of the commands and of persons.\n' +
      'Nothing of yours is touched, and nothing is left. With --chaos agents fail, ask, hang, are killed, break the build and meet\n' +
      'in one file; gates fail, and a person says no. The same seed brings the same. Exits 1 where the plan does not come to its end.',
    options: [
      ['--speed <n>', 'how many times faster than life; default: so that it takes some seconds'],
      ['--chaos <seed>', 'a whole number: what goes wrong follows from it'],
      ['--keep', 'keep the repository and the journal'],
      ['--tui', 'watch it in the control room; leave with d or q for the report'],
    ],
    examples: ['llmctl rehearse llmctl.yaml', 'llmctl rehearse plans/llamafile.yaml --chaos 7 --json | jq .gates'],
    run: async (line) => (await import('../commands/rehearse.ts')).rehearse(line),
  });
  const todo = group(program, 'todo', 'list, check and add todos', ['llmctl todo list', 'llmctl todo check 3']);
  define(todo, {
    usage: 'list',
    summary: 'every todo with its id: lines of your own, deliverables and acceptance of tasks, checklists',
    options: [
      ['--task <task>', 'those of this task only'],
      ['--open', 'those that are not done'],
    ],
    examples: ['llmctl todo list', 'llmctl todo list --task parser --open', 'llmctl todo list --json'],
    run: async (line) => (await import('../commands/todo.ts')).list(line),
  });
  for (const verb of ['check', 'uncheck'] as const) {
    define(todo, {
      usage: `${verb} <ids...>`,
      summary: verb === 'check' ? 'mark todos done' : 'mark todos open again',
      examples: [`llmctl todo ${verb} 3`],
      run: async (line) => (await import('../commands/todo.ts')).mark(line, verb === 'check'),
    });
  }
  define(todo, {
    usage: 'add <text...>',
    summary: 'add a line of your own, or one to a task',
    options: [['--task <task>', 'a task of the plan that it belongs to']],
    examples: ['llmctl todo add "Ask Ana about the parser"', 'llmctl todo add --task parser "Errors name the line"'],
    run: async (line) => (await import('../commands/todo.ts')).add(line),
  });
  define(todo, {
    usage: 'remove <ids...>',
    summary: 'take todos off the list',
    examples: ['llmctl todo remove 3'],
    run: async (line) => (await import('../commands/todo.ts')).remove(line),
  });
  define(program, {
    usage: 'build [name]',
    summary: 'run a health check of the plan now and wait for its result',
    detail: 'Exits 1 when it is red, with the first error on stderr.',
    examples: ['llmctl build', 'llmctl build test --json'],
    run: async (line) => (await import('../commands/build.ts')).build(line),
  });
}
