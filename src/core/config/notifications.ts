/** The `notifications:` of the settings. */
import { readHours, DEFAULT_RULES, type NotifyRules, type TerminalNotice } from '../notify/rules.ts';
import { LEVELS } from '../notify/notices.ts';
import type { MapReader } from '../plan/reader.ts';
import { shorten } from '../plan/reader.ts';
import type { ProblemList } from '../plan/tree.ts';

const TERMINALS: readonly TerminalNotice[] = ['off', 'osc9', 'osc777'];

export function readNotifications(settings: MapReader, problems: ProblemList): NotifyRules {
  const map = settings.map('notifications', '"webhook: https://…" under it');
  if (!map) return DEFAULT_RULES;
  const wrong = (key: string, value: string, remedy: string): void => {
    problems.error(map.entry(key)!.value.at, `"${key}" of ${map.what} can't be "${shorten(value)}"; ${remedy}`);
  };
  const one = <T extends string>(key: string, words: readonly T[], otherwise: T): T => {
    const value = map.text(key, { max: 40 });
    const found = words.find((word) => word === value);
    if (value !== null && found === undefined) wrong(key, value, `write ${words.join(', ')}`);
    return found ?? otherwise;
  };
  const quiet = map.text('quiet', { max: 40 });
  const hours = quiet === null ? null : readHours(quiet);
  if (quiet !== null && hours === null) wrong('quiet', quiet, 'write hours such as "22:00-07:00"');
  const webhook = map.text('webhook', { max: 2000 });
  const isWeb = webhook !== null && /^https?:\/\/[^\s/]+/i.test(webhook);
  if (webhook !== null && !isWeb) wrong('webhook', webhook, 'write an address such as "https://example.org/hook"');
  const rules: NotifyRules = {
    level: one('level', LEVELS, DEFAULT_RULES.level),
    quiet: hours,
    bell: map.flag('bell') ?? DEFAULT_RULES.bell,
    terminal: one('terminal', TERMINALS, DEFAULT_RULES.terminal),
    desktop: map.flag('desktop') ?? DEFAULT_RULES.desktop,
    command: map.argv('command'),
    webhook: isWeb ? webhook : null,
  };
  map.finish();
  return rules;
}
