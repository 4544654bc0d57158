/** up: a session without a screen. */
import type { CommandLine } from '../define.ts';
import { prepareStart } from '../prepare.ts';
import { snapshot } from '../requests.ts';
import { connectOrStart } from '../session.ts';
import { counted } from '../table.ts';
import { cutOffAgents } from '../../core/select/cut-off.ts';
import { statusDocument } from '../../core/select/status.ts';
import { userName } from '../user.ts';

export async function up({ context, options }: CommandLine): Promise<void> {
  const start = await prepareStart(context, options);
  const greeting = { kind: 'cli', readOnly: false, user: userName() } as const;
  const { connection, started } = await connectOrStart(context.paths, start, greeting);
  try {
    const seen = await snapshot(connection);
    const { session } = statusDocument(seen.state, seen.clients);
    const agents = counted(seen.state.order.length, 'agent');
    const text = started
      ? `session ${session.id} runs with ${agents}: \`llmctl tui\` shows it, \`llmctl down\` ends it`
      : `session ${session.id} runs already with ${agents}: nothing changed`;
    const cutOff = cutOffAgents(seen.state);
    const names = cutOff.join(' ');
    const offer = names === '' ? '' : `\ncut off before: ${names}; \`llmctl restart ${names}\` goes on where they were`;
    context.answer({ ok: true, started, session, cutOff }, text + offer);
  } finally {
    connection.close();
  }
}
