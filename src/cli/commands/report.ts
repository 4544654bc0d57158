/** report: an agent's word to the coordinator, said from inside its pane. */
import { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
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
  const seq = await patiently(async () => {
    const connection = await DaemonConnection.open(socket, token ? { ...greeting, token } : greeting);
    try {
      return await command(connection, { type: 'agent.report', agent, kind, percent, text, artefact });
    } finally {
      connection.close();
    }
  });
  context.answer({ ok: true, agent, seq }, '');
}

/** A daemon that is being replaced is back in a moment; a word of an agent is worth waiting for, and said twice it does no harm. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 250;

async function patiently<T>(say: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await say();
    } catch (error) {
      const gone = error instanceof LlmctlError && (error.code === 'no-session' || error.code === 'lost');
      if (!gone || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

function percentOf(text: string | undefined): number {
  const percent = wholeNumber(text?.replace(/%$/, ''), 'report progress');
  if (percent > 100) throw usageError(`report progress takes 0 to 100, not ${percent}`);
  return percent;
}
