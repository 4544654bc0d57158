/** alerts: what wants a person's eye. */
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { alertDocument } from '../../core/select/status.ts';
import { showControls } from '../../core/text.ts';
import { age, columns } from '../table.ts';

export async function alerts({ context, options }: CommandLine): Promise<void> {
  if (options.test === true) {
    const { testNotifications } = await import('./notifications.ts');
    await testNotifications(context);
    return;
  }
  await context.withSession(async (connection) => {
    const open = (await snapshot(connection)).state.alerts;
    if (typeof options.ack === 'string') {
      await command(connection, { type: 'alert.ack', id: options.ack });
      context.answer({ ok: true, acked: [options.ack] }, '');
      return;
    }
    const ids = options.clearAll === true ? open.map(({ id }) => id) : [];
    if (typeof options.clear === 'string') ids.push(options.clear);
    for (const id of ids) await command(connection, { type: 'alert.clear', id });
    if (ids.length > 0) {
      context.answer({ ok: true, cleared: ids }, '');
      return;
    }
    const now = Date.now();
    const rows = open.map(({ id, level, agent, at, text, ackedBy }) => [
      id,
      level,
      agent ?? '',
      age(at, now),
      ackedBy ? `seen by ${ackedBy.name}` : '',
      showControls(text),
    ]);
    context.answer(
      {
        alerts: open.map(alertDocument),
      },
      rows.length === 0 ? 'no alerts' : columns(rows),
    );
  });
}
