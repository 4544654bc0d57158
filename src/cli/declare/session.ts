/** Commands about a session as a whole. */
import type { Command } from 'commander';
import { EVENT_LEVELS } from '../../core/records/levels.ts';
import { define } from '../define.ts';

const START_OPTIONS = [
  ['--plan <file>', 'the plan (default: llmctl.yaml, else .llmctl/plan.yaml)'],
  ['--no-git', 'panes alone, in a folder that is no git repository'],
] as const;

export function declareSession(program: Command): void {
  define(program, {
    usage: 'tui',
    summary: 'attach the control room; start the session first where none runs',
    options: [
      ...START_OPTIONS,
      ['--read-only', 'look, but touch nothing'],
      ['--theme <name>', 'colours: see themes/'],
      ['--host <ssh>', 'the session of a repository on another machine, through `ssh HOST llmctl proxy`'],
    ],
    examples: ['llmctl tui', 'llmctl tui --read-only --theme light', 'llmctl tui --host me@box --repo /srv/project'],
    run: async (line) => (await import('../commands/tui.ts')).tui(line),
  });
  define(program, {
    usage: 'demo',
    summary: 'the control room on a throw-away repository with four scripted agents',
    detail:
      'The agents really edit, run tests and commit in a repository under $TMPDIR, which is deleted when you leave.\n' +
      'Detach with `d` to keep it running. Without a terminal it runs one round of work, prints its progress and ends.',
    options: [
      ['--keep', 'keep repository and session when you leave'],
      ['--speed <n>', 'how fast the agents work', '1'],
    ],
    examples: ['llmctl demo', 'llmctl demo --keep --speed 4'],
    run: async (line) => (await import('../commands/demo.ts')).demo(line),
  });
  define(program, {
    usage: 'init',
    summary: 'look at the repository and the agent CLIs here, and write a first plan',
    options: [['--force', 'write it although there is a plan already']],
    examples: ['llmctl init', 'llmctl init --json'],
    run: async (line) => (await import('../commands/init.ts')).init(line),
  });
  define(program, {
    usage: 'up',
    summary: 'start the session without a screen; nothing changes where it runs already',
    options: [...START_OPTIONS, ['--detach', 'return once it runs (that is what `up` does anyway)']],
    examples: ['llmctl up', 'llmctl up --plan plans/two.yaml --json'],
    run: async (line) => (await import('../commands/up.ts')).up(line),
  });
  define(program, {
    usage: 'down',
    summary: 'end the session: every agent is stopped',
    options: [
      ['--keep-worktrees', 'as without it: worktrees stay, with all they hold; `llmctl worktrees --clean` tidies up'],
    ],
    examples: ['llmctl down', 'llmctl down --repo ~/project --yes'],
    run: async (line) => (await import('../commands/down.ts')).down(line),
  });
  define(program, {
    usage: 'status',
    summary: 'agents, todos, build health and alerts',
    options: [['--watch', 'again at every change, until interrupted; with --json one document a line']],
    examples: ['llmctl status', "llmctl status --json | jq '.agents[].state'"],
    run: async (line) => (await import('../commands/status.ts')).status(line),
  });
  define(program, {
    usage: 'log',
    summary: 'the journal of events, oldest first',
    options: [
      ['--since <when>', '90s, 15m, 2h, 1d ago, or a date'],
      ['--agent <agent>', 'this agent only'],
      ['--type <type>', 'a type (landing.failed), or all of a kind (landing)'],
      ['--level <level>', 'this level and those above it', 'debug'],
      ['--grep <text>', 'events that say this, in whatever case'],
      ['--limit <n>', 'the last n events', '1000'],
      ['--follow', 'go on until interrupted; with --json one event a line'],
    ],
    choices: { level: EVENT_LEVELS },
    examples: ['llmctl log --since 15m', 'llmctl log --agent ana --follow', 'llmctl log --level warn --type landing'],
    run: async (line) => (await import('../commands/log.ts')).log(line),
  });
  define(program, {
    usage: 'report-session',
    summary:
      'what the session came to, as Markdown: plan, who did what, merges, gates, failures, cost; also after its end',
    options: [['--out <file>', 'write it there instead; as JSON where the name ends in .json']],
    examples: [
      'llmctl report-session',
      'llmctl report-session --out report.md',
      "llmctl report-session --json | jq '.cost'",
    ],
    run: async (line) => (await import('../commands/report-session.ts')).reportSession(line),
  });
}
