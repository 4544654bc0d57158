/** send and keys: what a person would have typed into the pane. */
import { text } from 'node:stream/consumers';
import type { CommandLine } from '../define.ts';
import { usageError } from '../errors.ts';
import { command } from '../requests.ts';

export async function send({ context, args, options }: CommandLine): Promise<void> {
  const agent = args[0] as string;
  const words = args[1] as readonly string[];
  const message = words.length === 1 && words[0] === '-' ? (await text(process.stdin)).trimEnd() : words.join(' ');
  if (message === '') throw usageError('nothing to send: the text is empty');
  await context.withSession(async (connection) => {
    const seq = await command(connection, { type: 'agent.send', agent, text: message, enter: options.enter !== false });
    context.answer({ ok: true, agent, seq }, '');
  });
}

export async function keys({ context, args }: CommandLine): Promise<void> {
  const agent = args[0] as string;
  const names = args[1] as readonly string[];
  await context.withSession(async (connection) => {
    const seq = await command(connection, { type: 'agent.keys', agent, keys: names });
    context.answer({ ok: true, agent, seq }, '');
  });
}
