/** health output: what a check printed, and prints. */
import type { CommandLine } from '../define.ts';
import { CliError } from '../errors.ts';
import { print, untilInterrupted } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { healthOutput } from '../requests.ts';
import { checkNamed } from './health.ts';

export async function output({ context, args, options }: CommandLine): Promise<void> {
  const name = args[0] as string;
  const back = wholeNumber(options.back, '--back', 0);
  const last = options.lines === undefined ? Number.POSITIVE_INFINITY : wholeNumber(options.lines, '--lines', 1);
  await context.withSession(async (connection) => {
    const { state, commit } = await checkNamed(connection, name);
    const first = await healthOutput(connection, { name, back, after: null, wait: false });
    if (!first.there)
      throw new CliError(`nothing is kept of ${back === 0 ? 'a run' : `the run ${back} before the last`} of ${name}`);
    const lines = first.lines.slice(-last);
    if (options.follow !== true) {
      context.answer({ name, state, commit, running: first.running, lines }, lines.join('\n'));
      return;
    }
    const tell = (text: readonly string[]): void => {
      for (const line of text) print(context.json ? JSON.stringify({ name, line }) : line);
    };
    tell(lines);
    let after = { run: first.run, offset: first.offset };
    let gone = false;
    const leave = async (): Promise<void> => {
      await untilInterrupted();
      gone = true;
      connection.close();
    };
    void leave();
    for (;;) {
      const more = await healthOutput(connection, { name, back: 0, after, wait: true }).catch((error: Error) => {
        // The session has ended, or whoever looked on has.
        if (gone || connection.closed) return null;
        throw error;
      });
      if (more === null) return;
      tell(more.lines);
      after = { run: more.run, offset: more.offset };
    }
  });
}
