/** Commands that look around: metrics, doctor, debug; and what runs inside an agent. */
import type { Command } from 'commander';
import { define, group } from '../define.ts';
import { EXIT } from '../errors.ts';

const REPORTS = ['started', 'progress', 'blocked', 'done', 'failed', 'claim', 'release', 'ask'] as const;

export function declareTools(program: Command): void {
  define(program, {
    usage: 'metrics',
    summary: 'what each agent uses: processes, CPU, memory, output; over one second, or all through the session',
    detail:
      'With --session: output, CPU, memory, activity, tokens and cost of each agent, tasks done, overlaps, merges, landings, and how\n' +
      'long checks took, in equal stretches of time.',
    options: [
      ['--session', 'all through the session, instead of now'],
      ['--points <n>', 'into how many stretches the session is divided at most', '120'],
      ['--csv', 'as a table for spreadsheets'],
    ],
    examples: [
      'llmctl metrics',
      "llmctl metrics --json | jq '.agents[].rssBytes'",
      'llmctl metrics --session --csv > session.csv',
    ],
    run: async (line) => (await import('../commands/metrics.ts')).metrics(line),
  });
  define(program, {
    usage: 'report <kind> [text...]',
    summary: 'inside an agent: its word to the coordinator',
    detail:
      'KIND is started, progress N, blocked, done, failed, ask, claim or release. What is said is about the task in hand: `done` has\n' +
      'its checks run and its work land, `blocked` and `ask` call a person. `claim PATH…` says which files or folders are yours to\n' +
      'write until you are done, `release [PATH…]` lets them go (without a path: all).\n' +
      'Uses LLMCTL_SOCKET, LLMCTL_AGENT and LLMCTL_TOKEN.',
    choices: { kind: REPORTS },
    options: [['--artifact <path>', 'a file that was made: those who wait for it are told where it is']],
    examples: [
      'llmctl report progress 40 "parser done"',
      'llmctl report claim src/parser.ts test/parser/',
      'llmctl report ask "May I change the API?"',
      'llmctl report done',
    ],
    run: async (line) => (await import('../commands/report.ts')).report(line),
  });
  define(program, {
    usage: 'mcp',
    summary: 'inside an agent: the same and more as an MCP server on standard input and output',
    detail:
      'For an agent CLI to start: it reads its task, the plan and who works on what, reports, claims files, ticks todos.\n' +
      'Uses LLMCTL_SOCKET, LLMCTL_AGENT and LLMCTL_TOKEN of its environment; without a session its tools say so.',
    examples: [
      'llmctl mcp',
      `claude --mcp-config '{"mcpServers": {"llmctl": {"command": "llmctl", "args": ["mcp"]}}}'`,
    ],
    options: [
      ['--messages <folder>', 'serve the messages that are kept in the folder of the run, as message://1 and so on'],
    ],
    run: async (line) => (await import('../commands/mcp.ts')).mcp(line),
  });
  define(program, {
    usage: 'hook <name>',
    summary: 'run by an agent CLI around its turns and tools: what it does, who edits which file, and whether it may',
    detail:
      'NAME is what the CLI calls the hook (PreToolUse, BeforeTool, Stop, …); standard input is one JSON document as Claude Code,\n' +
      'Codex and Gemini CLI hand it over. Profiles put it into place for each run. It ends with status 0 whatever happens, and waits\n' +
      'for nothing; only where the plan locks files or denies tools PreToolUse and BeforeTool wait for the answer, a second at\n' +
      'most, and PermissionRequest waits for a person.',
    examples: ['llmctl hook PreToolUse', 'llmctl hook Stop'],
    run: async ({ args }) => (await import('../hook/hook.ts')).hook(args[0] as string),
  });
  const debug = group(program, 'debug', 'the state as it was', ['llmctl debug at 120 --json']);
  define(debug, {
    usage: 'at <seq>',
    summary: 'the whole state as it was after an event',
    examples: ['llmctl debug at 120 --json'],
    run: async (line) => (await import('../commands/debug.ts')).debugAt(line),
  });
  define(program, {
    usage: 'doctor',
    summary: 'what this machine and terminal can do, and what to change',
    examples: ['llmctl doctor', 'llmctl doctor --json'],
    run: async (line) => (await import('../commands/doctor.ts')).doctor(line),
  });
  define(program, {
    usage: 'proxy',
    summary: "join standard input and output to the session's socket: what `tui --host` runs on the other machine",
    hidden: true,
    examples: ['ssh box llmctl proxy --repo /srv/project'],
    run: async (line) => (await import('../commands/proxy.ts')).proxy(line),
  });
  program.helpCommand(false);
  define(program, {
    usage: 'help [topic...]',
    summary: 'this help; of a command; or `keys`: the keys of the control room',
    examples: ['llmctl help', 'llmctl help output', 'llmctl help keys --json'],
    run: async ({ context, args }) => {
      const topic = (args[0] ?? []) as readonly string[];
      if (topic[0] === 'keys' && topic.length === 1) {
        (await import('../commands/keytable.ts')).keyTable(context);
        return;
      }
      const command = topic.reduce<Command | undefined>(
        (at, name) => at?.commands.find((child) => child.name() === name),
        program,
      );
      if (command === undefined) program.error(`unknown command '${topic.join(' ')}'`, { exitCode: EXIT.usage });
      command.outputHelp();
    },
  });
}
