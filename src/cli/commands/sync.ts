/** sync: how things stand, on one page. */
import { digestOf, digestSummary, digestText } from '../../core/select/digest.ts';
import { own } from '../../core/model/work.ts';
import { isoTime } from '../../core/select/time.ts';
import { showControls } from '../../core/text.ts';
import { BY_HAND, syncPoints } from '../../core/watch/sync-points.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function sync({ context, args, options }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state: before } = await snapshot(connection);
    const points = syncPoints(before);
    if (options.list === true) {
      const held = points.map(({ point, title, at, on, digest, actions }) => {
        const last = own(before.watch.syncs, point);
        return {
          point,
          title,
          at,
          on,
          digest,
          actions,
          heldAt: last ? isoTime(last.at) : null,
          file: last?.path || null,
        };
      });
      const rows = held.map(({ point, at, on, title, heldAt }) => [
        point,
        at ?? on ?? 'by hand',
        heldAt ?? '',
        showControls(title),
      ]);
      context.answer({ syncPoints: held }, rows.length === 0 ? 'the plan has no sync points' : columns(rows));
      return;
    }
    const name = (args[0] as string | undefined) ?? BY_HAND.point;
    await command(connection, { type: 'sync.hold', point: name });
    const { state } = await snapshot(connection);
    const point = points.find((one) => one.point === name) ?? BY_HAND;
    const now = Date.now();
    const digest = digestOf(state, point, { since: own(before.watch.syncs, point.point)?.at ?? null }, now);
    const file = own(state.watch.syncs, point.point)?.path || null;
    context.answer({ ...digest, summary: digestSummary(digest), file }, digestText(digest, now).trimEnd());
  });
}
