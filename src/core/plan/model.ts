/** A plan as this version understands it: who runs, with what, and what is to be done. */

/** Two shapes only, because the agents of a plan share the repository's own checkout. */
export type Workspace = 'shared';

export interface Plan {
  readonly version: 1;
  readonly name: string;
  /** Branch that the work starts from; null: whatever is checked out. */
  readonly base: string | null;
  readonly workspace: Workspace;
  readonly health: readonly PlanHealth[];
  readonly agents: readonly PlanAgent[];
  readonly todos: readonly PlanTodo[];
}

/** A health command: a string is the person's own shell line, a list is argv. */
export type HealthCommand =
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'argv'; readonly argv: readonly string[] };

export interface PlanHealth {
  readonly name: string;
  readonly run: HealthCommand;
  readonly timeoutMs: number;
}

export interface PlanAgent {
  readonly id: string;
  readonly name: string;
  /** argv, never a shell line; null: the profile's own command. */
  readonly command: readonly string[] | null;
  readonly profile: string | null;
  readonly prompt: string | null;
  /** Relative to the repository, `/` between the parts, never out of it; '.' is the repository itself. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly task: string | null;
  readonly todos: readonly PlanTodo[];
}

export interface PlanTodo {
  /** Made from its text and its agent, so that it stays the same when lines around it move. */
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
  readonly agent: string | null;
}

export const DEFAULT_HEALTH_TIMEOUT_MS = 600_000;

/** One thing wrong with a file a person wrote. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to write instead, one line. */
  readonly message: string;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** `file:line:column: message`, as compilers print it. */
export function problemLine(problem: Problem): string {
  const kind = problem.severity === 'warning' ? 'warning: ' : '';
  return `${problem.file}:${problem.line}:${problem.column}: ${kind}${problem.message}`;
}

/** The health command as one line for people. */
export function healthCommandText(command: HealthCommand): string {
  if (command.kind === 'shell') return command.line;
  return command.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
