/** output: scrollback or screen of an agent as text. */
import type { CommandLine } from '../define.ts';
import { usageError } from '../errors.ts';
import { print, untilInterrupted } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { output as ask } from '../requests.ts';

export async function output({ context, args, options }: CommandLine): Promise<void> {
  const agent = args[0] as string;
  const lines = options.lines === undefined ? null : wholeNumber(options.lines, '--lines');
  const screen = options.screen === true;
  const ansi = options.ansi === true;
  const follow = options.follow === true;
  if (screen && follow) throw usageError('--screen and --follow exclude each other: a screen has no end to follow');

  const connection = await context.connect({
    onMessage: (message) => {
      if (message.type !== 'output' || message.agent !== agent) return;
      if (context.json) print(JSON.stringify({ agent, lines: message.lines }));
      else print(message.lines.join('\n'));
    },
    onClose: () => process.exit(),
  });
  try {
    const reply = await ask(connection, { agent, lines, screen, ansi });
    if (!follow) context.answer(reply, reply.lines.join('\n'));
    else {
      if (context.json) print(JSON.stringify({ agent, lines: reply.lines }));
      else if (reply.lines.length > 0) print(reply.lines.join('\n'));
      await connection.request({ method: 'follow', agent });
      await untilInterrupted();
    }
  } finally {
    connection.close();
  }
}
