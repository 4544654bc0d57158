/** alerts: what wants a person's eye. */
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { isoTime } from '../../core/select/time.ts';
import { age, columns } from '../table.ts';

export async function alerts({ context, options }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const open = (await snapshot(connection)).state.alerts;
    const ids = options.clearAll === true ? open.map(({ id }) => id) : [];
    if (typeof options.clear === 'string') ids.push(options.clear);
    for (const id of ids) await command(connection, { type: 'alert.clear', id });
    if (ids.length > 0) {
      context.answer({ ok: true, cleared: ids }, '');
      return;
    }
    const now = Date.now();
    const rows = open.map(({ id, level, agent, at, text }) => [id, level, agent ?? '', age(at, now), text]);
    context.answer(
      {
        alerts: open.map(({ id, level, text, agent, at, count }) => ({
          id,
          level,
          text,
          agent,
          at: isoTime(at),
          count,
        })),
      },
      rows.length === 0 ? 'no alerts' : columns(rows),
    );
  });
}
