/** blame-build: which landing broke a check. */
import { inquiryWords } from '../../core/select/inquiry.ts';
import { healthDocument } from '../../core/select/health.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { EXIT } from '../errors.ts';
import { printError, printJson } from '../io.ts';
import { command, log, snapshot } from '../requests.ts';

export async function blameBuild({ context, args }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const name = (args[0] as string | undefined) ?? null;
    const before = (await snapshot(connection)).seq;
    await command(connection, { type: 'health.blame', name });
    const { state } = await snapshot(connection);
    const entries = await log(connection, { since: null, agent: null, limit: 1000 });
    const asked = entries.flatMap(({ seq, event }) => (seq > before && event.type === 'health.blamed' ? [event] : []));
    const last = asked.at(-1);
    const check = last && state.health[last.name];
    if (!last || !check) {
      context.answer({ ok: true, name: null, inquiry: null }, 'no check ran: the plan names none');
      return;
    }
    const { inquiry } = last;
    const others = asked.slice(0, -1).map(({ name: other }) => other);
    const text = showControls(inquiryWords(last.name, inquiry));
    if (inquiry.verdict === 'green') {
      const all = [...others, last.name];
      const words = all.length === 1 ? text : `${all.join(', ')} are green: nobody broke them`;
      context.answer({ ok: true, name: last.name, inquiry, health: healthDocument(check) }, words);
      return;
    }
    if (context.json) printJson({ ok: false, name: last.name, inquiry, health: healthDocument(check) });
    const remedy = inquiry.blame === null ? '' : `; \`llmctl rollback ${inquiry.blame.landing}\` takes it out again`;
    printError(`${text}${remedy}`);
    process.exitCode = EXIT.failed;
  });
}
