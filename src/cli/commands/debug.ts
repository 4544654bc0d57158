/** debug at: the journal folded up to one event. */
import { eventWithoutSecrets, stateWithoutSecrets } from '../../core/select/secrets.ts';
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
    const last = recent.at(-1);
    const event = last === undefined ? null : { ...last, event: eventWithoutSecrets(last.event) };
    printJson({ seq: reached, state: stateWithoutSecrets(state), event });
  });
}
