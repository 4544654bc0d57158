/** Commands about the plan, its todos and the build. */
import type { Command } from 'commander';
import { define } from '../define.ts';

export function declarePlan(program: Command): void {
  const plan = program.command('plan').summary('check a plan').description('Check a plan.');
  define(plan, {
    usage: 'check [file]',
    summary: 'validate a plan: every problem with file:line:column and a remedy',
    examples: ['llmctl plan check', 'llmctl plan check plans/two.yaml --json'],
    run: async (line) => (await import('../commands/plan.ts')).planCheck(line),
  });
  const todo = program.command('todo').summary('list, check and add todos').description('List, check and add todos.');
  define(todo, {
    usage: 'list',
    summary: 'every todo with its id',
    examples: ['llmctl todo list', 'llmctl todo list --json'],
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
    summary: 'add a line of your own',
    examples: ['llmctl todo add "Ask Ana about the parser"'],
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
