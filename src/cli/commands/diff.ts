/** diff: what an agent changed, against where its branch began or against another agent. */
import { bytesOf } from '../../adapters/git/path-bytes.ts';
import type { CommandLine } from '../define.ts';
import { print, printError } from '../io.ts';
import { inert } from '../merge/conflict.ts';
import { diff as ask } from '../requests.ts';

export async function diff({ context, args, options }: CommandLine): Promise<void> {
  const [agent, path] = args as [string, string | undefined];
  const against = typeof options.against === 'string' ? options.against : null;
  await context.withSession(async (connection) => {
    const { lines, cut } = await ask(connection, { agent, against, path: path ?? null });
    if (context.json) return context.answer({ agent, against, path: path ?? null, lines, cut }, '');
    if (lines.length > 0) show(lines);
    if (cut) printError('the diff is longer: name a path to see all of it');
  });
}

/** A terminal gets what does nothing to it; a pipe every byte, so that `git apply` takes it. */
function show(lines: readonly string[]): void {
  if (process.stdout.isTTY === true) print(lines.map(inert).join('\n'));
  else process.stdout.write(bytesOf(`${lines.join('\n')}\n`));
}
