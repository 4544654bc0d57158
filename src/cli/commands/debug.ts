/** debug at: the journal folded up to one event. */
import { LlmctlError } from '../../client/error.ts';
import type { CommandLine } from '../define.ts';
import { printJson } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { stateAt } from '../requests.ts';

export async function debugAt({ context, args }: CommandLine): Promise<void> {
  const seq = wholeNumber(args[0], 'debug at');
  await context.withSession(async (connection) => {
    const { state, seq: reached, recent } = await stateAt(connection, seq);
    if (reached < seq) throw new LlmctlError('not-found', `there is no event ${seq}: the journal ends at ${reached}`);
    printJson({ seq: reached, state, event: recent.at(-1) ?? null });
  });
}
