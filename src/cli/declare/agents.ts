/** Commands about agents. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';

const STEERING = {
  pause: 'stop every process of agents; returns once nothing of them runs',
  resume: 'let paused agents go on',
  restart: 'stop agents and start them again',
  stop: 'end agents with all their processes',
} as const;

export function declareAgents(program: Command): void {
  define(program, {
    usage: 'run <name> <cmd...>',
    summary: 'start a program as a new agent',
    options: [
      ['--cwd <dir>', 'folder it starts in (default: the top of its worktree)'],
      ['--prompt <text>', 'sent once it is ready'],
      ['--shared', 'in the repository itself, not in a worktree of its own'],
      ['--no-git', 'panes alone, in a folder that is no git repository'],
    ],
    examples: ['llmctl run ana -- claude', 'llmctl run watch --shared -- npm test -- --watch'],
    run: async (line) => (await import('../commands/add.ts')).runProgram(line),
  });
  define(program, {
    usage: 'add',
    summary: 'start a new agent of a profile',
    options: [
      ['--profile <profile>', 'what kind of agent: shell, demo, claude, … (default: as the settings say)'],
      ['--name <name>', 'its name (default: the profile and a number)'],
      ['--prompt <text>', 'sent once it is ready'],
      ['--shared', 'in the repository itself, not in a worktree of its own'],
      ['--cwd <dir>', 'folder it starts in (default: the top of its worktree)'],
      ['--no-git', 'panes alone, in a folder that is no git repository'],
    ],
    examples: ['llmctl add --profile shell', 'llmctl add --profile claude --name ana --prompt "Fix the parser."'],
    run: async (line) => (await import('../commands/add.ts')).addProfile(line),
  });
  define(program, {
    usage: 'remove <agents...>',
    summary: 'take agents out of the session; they are stopped first',
    examples: ['llmctl remove ana'],
    run: async (line) => (await import('../commands/steer.ts')).remove(line),
  });
  for (const verb of ['pause', 'resume', 'restart', 'stop'] as const) {
    define(program, {
      usage: `${verb} [agents...]`,
      summary: STEERING[verb],
      options: [
        ['--all', 'every agent'],
        ...(verb === 'pause'
          ? ([['--soft', 'end its turn first; it goes on with it once it is resumed']] as const)
          : []),
      ],
      examples: [`llmctl ${verb} ana bob`, `llmctl ${verb} --all`],
      run: async (line) => {
        if (line.options.soft === true) return (await import('../commands/interrupt.ts')).pauseSoftly(line);
        return (await import('../commands/steer.ts')).steer(verb, line);
      },
    });
  }
  define(program, {
    usage: 'interrupt [agents...]',
    summary: 'make agents end their turn and listen, by the keys that their profile has for it',
    options: [['--all', 'every agent that runs']],
    examples: ['llmctl interrupt ana'],
    run: async (line) => (await import('../commands/interrupt.ts')).interrupt(line),
  });
  define(program, {
    usage: 'send <agent> <text...>',
    summary: 'type a message into an agent, as a bracketed paste, and press Enter',
    detail: 'TEXT - reads standard input. A text that begins with a dash goes behind `--`.',
    options: [['--no-enter', 'leave it in the input box']],
    examples: ['llmctl send ana "Please run the tests."', 'git diff | llmctl send ana -'],
    run: async (line) => (await import('../commands/send.ts')).send(line),
  });
  define(program, {
    usage: 'keys <agent> <keys...>',
    summary: 'press keys in an agent',
    detail:
      'Names: Enter, Esc, Tab, Space, Backspace, Up, Down, Left, Right, Home, End, PageUp, PageDown, Insert,\nDelete, F1 to F12; C-x, M-x and S-x for Ctrl, Alt and Shift; a single character is itself.',
    examples: ['llmctl keys ana Esc', 'llmctl keys ana C-c', 'llmctl keys ana Down Down Enter'],
    run: async (line) => (await import('../commands/send.ts')).keys(line),
  });
  define(program, {
    usage: 'output <agent>',
    summary: 'what an agent printed, as text',
    options: [
      ['--lines <n>', 'the last n lines'],
      ['--screen', 'the screen as the pane shows it'],
      ['--ansi', 'with colours'],
      ['--follow', 'go on until interrupted; with --json one object a line'],
    ],
    examples: ['llmctl output ana --lines 50', 'llmctl output ana --screen --ansi', 'llmctl output ana --follow'],
    run: async (line) => (await import('../commands/output.ts')).output(line),
  });
  const permission = group(program, 'permission', 'what agents ask before they do it', [
    'llmctl permission list',
    'llmctl permission allow ana',
  ]);
  define(permission, {
    usage: 'list',
    summary: 'questions that wait for an answer',
    examples: ['llmctl permission list', "llmctl permission list --json | jq '.permissions[].command'"],
    run: async (line) => (await import('../commands/permission.ts')).list(line),
  });
  define(permission, {
    usage: 'allow <agent>',
    summary: 'yes, this once; AGENT may be the id of one question',
    examples: ['llmctl permission allow ana'],
    run: async (line) => (await import('../commands/permission.ts')).answer('allow', line),
  });
  define(permission, {
    usage: 'always <agent>',
    summary: 'yes, and to all that is alike for the rest of the session',
    detail: 'Alike is the same program, any edit in its own worktree, or the same tool. What goes further asks again.',
    examples: ['llmctl permission always ana'],
    run: async (line) => (await import('../commands/permission.ts')).answer('always', line),
  });
  define(permission, {
    usage: 'deny <agent> [why...]',
    summary: 'no; the agent is told why',
    examples: ['llmctl permission deny ana "Use the test database."'],
    run: async (line) => (await import('../commands/permission.ts')).answer('deny', line),
  });
  const agent = group(program, 'agent', 'about one agent', ['llmctl agent explain ana']);
  define(agent, {
    usage: 'explain <agent>',
    summary: 'why an agent is in the state it is in',
    examples: ['llmctl agent explain ana'],
    run: async (line) => (await import('../commands/explain.ts')).explain(line),
  });
  define(agent, {
    usage: 'schema',
    summary: 'the JSON Schema of profiles, for editors',
    detail:
      'Profiles of your own are YAML files in $XDG_CONFIG_HOME/llmctl/profiles; `llmctl doctor` says what is wrong with one.',
    examples: ['llmctl agent schema > llmctl-profile.schema.json'],
    run: async () => (await import('../commands/profile-schema.ts')).printProfileSchema(),
  });
}
