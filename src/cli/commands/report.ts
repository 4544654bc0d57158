/** report: an agent's word to the coordinator, said from inside its pane. */
import { DaemonConnection } from '../../client/connection.ts';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { wholeNumber } from '../numbers.ts';
import { command } from '../requests.ts';

type Kind = 'started' | 'progress' | 'blocked' | 'done' | 'failed' | 'claim' | 'ask';

export async function report({ context, args, options }: CommandLine): Promise<void> {
  const kind = args[0] as Kind;
  const words = [...((args[1] ?? []) as readonly string[])];
  const percent = kind === 'progress' ? percentOf(words.shift()) : null;
  const artefact = typeof options.artifact === 'string' ? options.artifact : null;
  const text = words.join(' ');
  if (kind === 'ask' && text === '') throw usageError('report ask needs the question as its text');

  const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = process.env;
  if (!socket || !agent) {
    throw new CliError('report speaks for an agent: run it inside one (LLMCTL_SOCKET and LLMCTL_AGENT are not set)');
  }
  const greeting = { kind: 'agent', readOnly: false, user: agent } as const;
  const connection = await DaemonConnection.open(socket, token ? { ...greeting, token } : greeting);
  try {
    const seq = await command(connection, { type: 'agent.report', agent, kind, percent, text, artefact });
    context.answer({ ok: true, agent, seq }, '');
  } finally {
    connection.close();
  }
}

function percentOf(text: string | undefined): number {
  const percent = wholeNumber(text?.replace(/%$/, ''), 'report progress');
  if (percent > 100) throw usageError(`report progress takes 0 to 100, not ${percent}`);
  return percent;
}
