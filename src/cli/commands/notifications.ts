/** alerts --test: whether a person's notifications arrive. */
import { loadConfig } from '../../adapters/config/load.ts';
import { channelsOf, deliver, type Channel, type NoticeDocument } from '../../adapters/notify/deliver.ts';
import { isoTime } from '../../core/select/time.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';

interface Trial {
  readonly channel: Channel;
  /** null: it was told. */
  readonly error: string | null;
}

/** @throws CliError where one of them failed, or there are none */
export async function testNotifications(context: Context): Promise<void> {
  const { config, path } = await loadConfig();
  const rules = config.notifications;
  const { id, repo } = context.paths;
  const at = isoTime(Date.now());
  const notice: NoticeDocument = {
    level: 'info',
    text: 'a test: notifications arrive',
    agent: null,
    cause: 'test',
    at,
    session: id,
    repo,
  };
  const channels = channelsOf(rules);
  if (channels.length === 0) {
    throw new CliError(`no desktop, command or webhook is to be told: write "notifications:" into ${path}`);
  }
  const trials = await Promise.all(
    channels.map(async (channel): Promise<Trial> => {
      const error = await deliver(channel, rules, notice).then(
        () => null,
        (why: Error) => why.message,
      );
      return { channel, error };
    }),
  );
  const failed = trials.flatMap(({ error }) => error ?? []);
  if (failed.length > 0) throw new CliError(failed.join('; '));
  context.answer({ ok: true, told: channels }, `told: ${channels.join(', ')}`);
}
