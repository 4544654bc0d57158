/** How a command ends: the exit statuses that scripts rely on, and the errors that carry them. */

export const EXIT = { done: 0, failed: 1, usage: 2, noSession: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One line for the user: what, where, what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: ExitCode;
  readonly code: string;

  constructor(message: string, exit: ExitCode = EXIT.failed, code = 'failed') {
    super(message);
    this.exit = exit;
    this.code = code;
  }
}

/** Wrong usage: the command line itself doesn't make sense. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage, 'usage');
}

export function noSession(repo: string): CliError {
  return new CliError(
    `no session is running for ${repo}: start one with \`llmctl up\` or \`llmctl tui\``,
    EXIT.noSession,
    'no-session',
  );
}
