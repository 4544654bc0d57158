/** Commands about health checks. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

export function declareHealth(program: Command): void {
  const health = group(program, 'health', 'list and run checks, read what failed and send it to whom it concerns', [
    'llmctl health list',
    'llmctl health run build',
  ]);
  define(health, {
    usage: 'list',
    summary: 'every check: how it stands, how long it took against its usual, tests, figures, the first failure',
    examples: ['llmctl health list', "llmctl health list --json | jq '.health.build.usualMs'"],
    run: async (line) => (await import('../commands/health.ts')).list(line),
  });
  define(health, {
    usage: 'run <check>',
    summary: 'run it now and wait; exits 1 where it is red, with the first error on stderr',
    examples: ['llmctl health run build', 'llmctl health run test --json'],
    run: async (line) => (await import('../commands/build.ts')).build(line),
  });
  define(health, {
    usage: 'failures <check>',
    summary: 'all that failed, sorted by kind, with file and line, and whom it concerns',
    examples: ['llmctl health failures test', "llmctl health failures test --json | jq '.failures[].owner'"],
    run: async (line) => (await import('../commands/health.ts')).failures(line),
  });
  define(health, {
    usage: 'send <check>',
    summary: 'send failures to an agent as a brief; without --to each goes to its owner',
    options: [
      ['--to <agent>', 'who is told'],
      ['--failure <n>', 'only this one, counted from 1 as `llmctl health failures` does'],
    ],
    examples: ['llmctl health send build', 'llmctl health send test --failure 2 --to ben'],
    run: async (line) => (await import('../commands/health.ts')).send(line),
  });
  define(health, {
    usage: 'output <check>',
    summary: 'what it printed: now, last time, or some runs before',
    options: [
      ['--follow', 'go on while it runs, and with the runs after that, until interrupted'],
      ['--back <n>', 'so many runs before the last one: 4 are kept', '0'],
      ['--lines <n>', 'the last n lines only'],
    ],
    examples: ['llmctl health output build --lines 50', 'llmctl health output test --follow'],
    run: async (line) => (await import('../commands/health-output.ts')).output(line),
  });
  define(health, {
    usage: 'history <check>',
    summary: 'its last runs: result, duration, tests, figures',
    examples: ['llmctl health history bench'],
    run: async (line) => (await import('../commands/health.ts')).history(line),
  });
  define(health, {
    usage: 'baseline <check>',
    summary: 'write the figures of its last run into the files that its thresholds are compared with',
    detail: 'The files are those that the plan names as "baseline:". Commit them: they are part of the project.',
    options: [
      ['--show', 'print what they hold instead'],
      ['--value <figure>', 'this figure instead of the measured one, as in "1.2 s"'],
      ['--threshold <name>', 'only this one, where the check has several'],
    ],
    examples: [
      'llmctl health baseline bench',
      'llmctl health baseline bench --show',
      'llmctl health baseline bench --value "1.2 s"',
    ],
    run: async (line) => (await import('../commands/health-baseline.ts')).baseline(line),
  });
}
