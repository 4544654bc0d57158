/** rollback: takes a landing out of the integration branch again, or puts it back. */
import { findLanding, landingDocument } from '../../core/select/landings.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';

export async function rollback({ context, args, options }: CommandLine): Promise<void> {
  const wanted = args[0] as string;
  const undo = options.undo === true;
  await context.withSession(async (connection) => {
    const known = findLanding((await snapshot(connection)).state, wanted, undo ? 'undone' : 'landed');
    const untested = options.untested === true;
    await command(connection, { type: 'landing.rollback', landing: known?.id ?? wanted, undo, untested });
    const { state } = await snapshot(connection);
    const landing = state.landings.find(({ id }) => id === known?.id) ?? null;
    const done = state.rollbacks.findLast((one) => one.landing === known?.id && one.state === 'done');
    const branch = showControls(state.session.integration ?? '');
    const agent = showControls(landing?.agent ?? wanted);
    const text = undo
      ? `the landing of ${agent} is back on ${branch}`
      : `the landing of ${agent} is out of ${branch}, which is at ${(done?.to ?? '').slice(0, 12)} now; ${agent} keeps its work`;
    const facts = done && { id: done.id, from: done.from, to: done.to };
    context.answer(
      { ok: true, integration: branch, landing: landing && landingDocument(landing), rollback: facts },
      text,
    );
  });
}
