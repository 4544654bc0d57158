/** Builds the command line and runs it: errors become one line and an exit status here and nowhere else. */
import { Command, CommanderError } from 'commander';
import { LlmctlError } from '../client/error.ts';
import { declareAgents } from './declare/agents.ts';
import { declareGithub } from './declare/github.ts';
import { declareHealth } from './declare/health.ts';
import { declareMerge } from './declare/merge.ts';
import { declarePlan } from './declare/plan.ts';
import { declareSession } from './declare/session.ts';
import { declareWatch } from './declare/watch.ts';
import { declareWork } from './declare/work.ts';
import { declareTools } from './declare/tools.ts';
import { CliError, EXIT, type ExitCode } from './errors.ts';
import { oneLine, printError, printJson } from './io.ts';
import { version } from './version.ts';

/**
 * @param argv without node and the script
 * @returns the exit status
 */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const program = buildProgram();
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return EXIT.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
    return (process.exitCode as ExitCode | undefined) ?? EXIT.done;
  } catch (error) {
    return report(error, argv);
  }
}

export function buildProgram(): Command {
  const program = new Command('llmctl');
  program
    .description('A terminal control room for several AI coding agents on one repository.')
    .version(version(), '-V, --version', 'print the version')
    .option('--repo <dir>', 'the repository (default: the git top level here)')
    .option('--json', 'one JSON document on stdout, nothing else there')
    .option('--yes', 'answer every question with yes')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      '\nStart with:\n  $ llmctl demo     # four scripted agents in a throw-away repository\n  $ llmctl tui      # the control room of the repository you are in',
    );
  declareSession(program);
  declareAgents(program);
  declarePlan(program);
  declareWork(program);
  declareWatch(program);
  declareHealth(program);
  declareMerge(program);
  declareGithub(program);
  declareTools(program);
  return program;
}

interface Failure {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly nearest: readonly string[];
}

function report(error: unknown, argv: readonly string[]): ExitCode {
  // Help and version end this way too; help for a command group that was given no command counts as wrong usage.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const helped = error instanceof CommanderError && error.code === 'commander.help';
  const failure = helped ? NO_COMMAND : explain(error);
  if (!helped) printError(failure.message);
  if (argv.includes('--json') && !argv.slice(0, argv.indexOf('--json')).includes('--')) {
    const { code, message, nearest } = failure;
    printJson({ ok: false, code, error: oneLine(message), nearest });
  }
  return failure.exit;
}

const NO_COMMAND: Failure = {
  exit: EXIT.usage,
  code: 'usage',
  message: 'no command is named: see `llmctl --help`',
  nearest: [],
};

function explain(error: unknown): Failure {
  if (error instanceof CommanderError) {
    const message = oneLine(error.message)
      .replace(/^error: /, '')
      .replace(/\.$/, '')
      .replace(/ \(Did you mean (.*)\?\)$/, '; did you mean $1?');
    const pointer = message.endsWith('?') ? '' : ': see `llmctl --help`';
    return { exit: EXIT.usage, code: 'usage', message: message + pointer, nearest: [] };
  }
  if (error instanceof CliError) return { exit: error.exit, code: error.code, message: error.message, nearest: [] };
  if (error instanceof LlmctlError) {
    const hint = error.nearest.length > 0 ? ` (did you mean ${error.nearest.join(', ')}?)` : '';
    const known = hint !== '' && error.message.includes('mean ');
    const exit = error.code === 'no-session' ? EXIT.noSession : EXIT.failed;
    return { exit, code: error.code, message: error.message + (known ? '' : hint), nearest: error.nearest };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    exit: EXIT.failed,
    code: 'failed',
    message: process.env.LLMCTL_DEBUG ? String((error as Error).stack) : text,
    nearest: [],
  };
}
