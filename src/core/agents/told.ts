/** What llmctl tells an agent, in a shape that does no harm to a program that takes it for commands. */
import type { Agent } from '../model/agent.ts';

/** No coding agent that is known: a shell, or any program. */
const PLAIN: readonly string[] = ['shell', 'command'];

/**
 * A shell would run it, and expand what file names and diffs hold. There it comes as one quoted word to the command that does
 * nothing; as a comment it would not be safe, for zsh has none on its command line.
 */
export function toldAs(agent: Agent | undefined, text: string): string {
  if (agent !== undefined && !isPlain(agent)) return text;
  return `: '${text.replaceAll("'", "'\\''")}'`;
}

/** True for a program that may take what it reads for commands. */
export function isPlain({ spec }: Agent): boolean {
  return PLAIN.includes(spec.profile);
}
