/** Commands that steer the plan's work by hand. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

const FORCE = 'although the plan has something against it; the journal says so';
const REASON = ['--reason <text>', 'why: kept with it'] as const;

export function declareWork(program: Command): void {
  declareTasks(program);
  declareGates(program);
}

function declareTasks(program: Command): void {
  const task = group(program, 'task', 'list, start, end and give away tasks of the plan', [
    'llmctl task list',
    'llmctl task start parser',
  ]);
  define(task, {
    usage: 'list',
    summary: 'every task with its state, who does it, and what it waits for',
    examples: ['llmctl task list', 'llmctl task list --json | jq \'.tasks[] | select(.state == "ready").id\''],
    run: async (line) => (await import('../commands/task.ts')).list(line),
  });
  define(task, {
    usage: 'start <task>',
    summary: 'begin it now: its agent is started where it must be, and told',
    detail: 'Ready tasks start by themselves, in the order of priority and critical path; this starts one out of turn.',
    options: [
      ['--agent <agent>', 'this agent does it'],
      ['--force', FORCE],
    ],
    examples: ['llmctl task start parser', 'llmctl task start parser --agent ben --force'],
    run: async (line) => (await import('../commands/task.ts')).start(line),
  });
  define(task, {
    usage: 'done <task>',
    summary: 'it is done: its checks run, its work lands, what waited for it begins',
    detail: 'Waits for all of that; exits 1 where a check fails. With --force it counts as done without any proof.',
    options: [['--force', FORCE]],
    examples: ['llmctl task done parser', 'llmctl task done parser --force'],
    run: async (line) => (await import('../commands/task.ts')).done(line),
  });
  define(task, {
    usage: 'fail <task>',
    summary: 'it will come to nothing: its agent is free, what waits for it goes on waiting',
    options: [REASON],
    examples: ['llmctl task fail parser --reason "needs another grammar"'],
    run: async (line) => (await import('../commands/task.ts')).fail(line),
  });
  define(task, {
    usage: 'retry <task>',
    summary: 'begin it anew',
    options: [['--force', 'although it is done']],
    examples: ['llmctl task retry parser'],
    run: async (line) => (await import('../commands/task.ts')).retry(line),
  });
  define(task, {
    usage: 'assign <task> <agent>',
    summary: 'give it to another agent, or to a person (coordinator); whoever had it is told to stop',
    examples: ['llmctl task assign parser ben', 'llmctl task assign review coordinator'],
    run: async (line) => (await import('../commands/task.ts')).assign(line),
  });
  define(task, {
    usage: 'hold [reason...]',
    summary: 'start nothing new; what runs goes on',
    examples: ['llmctl task hold "deploying"'],
    run: async (line) => (await import('../commands/task.ts')).hold(line),
  });
  define(task, {
    usage: 'go',
    summary: 'start ready tasks again after a hold',
    examples: ['llmctl task go'],
    run: async (line) => (await import('../commands/task.ts')).go(line),
  });
}

function declareGates(program: Command): void {
  const gate = group(program, 'gate', 'list, run and decide gates of the plan', [
    'llmctl gate list',
    'llmctl gate pass ready',
  ]);
  define(gate, {
    usage: 'list',
    summary: 'every gate with its checks and their evidence',
    examples: ['llmctl gate list', 'llmctl gate list --json'],
    run: async (line) => (await import('../commands/gate.ts')).list(line),
  });
  define(gate, {
    usage: 'run <gate>',
    summary: 'run its commands now and wait; exits 1 where it fails',
    options: [['--force', FORCE]],
    examples: ['llmctl gate run ready'],
    run: async (line) => (await import('../commands/gate.ts')).decide('run', line),
  });
  const verbs = [
    ['pass', 'go: what waits for it begins'],
    ['fail', 'no-go: what the plan has for that case happens'],
    ['waive', 'leave it out: it holds nothing back any more'],
  ] as const;
  for (const [verb, summary] of verbs) {
    define(gate, {
      usage: `${verb} <gate>`,
      summary,
      options: verb === 'waive' ? [REASON] : [REASON, ['--force', FORCE]],
      examples: [`llmctl gate ${verb} ready${verb === 'pass' ? '' : ' --reason "too slow"'}`],
      run: async (line) => (await import('../commands/gate.ts')).decide(verb, line),
    });
  }
}
