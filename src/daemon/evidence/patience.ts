/** Rules that a person wrote, on the daemon's own thread: one that takes too long is found and told of, and holds up nothing. */
import { within } from '../../adapters/patterns/within.ts';
import { ruleName } from '../../core/profile/read.ts';
import type { ProfileRules, RuleList } from './rules.ts';

/** All of them together. */
const PATIENCE_MS = 200;
/** One by itself, twice: a machine may stand still for a moment. */
const SLOW_MS = 50;

const LISTS = ['titles', 'notifications', 'hooks', 'events'] as const;

/** @returns what `act` makes of the rules; null where it took too long */
export function patiently<T>(
  rules: ProfileRules,
  onSlow: (profile: string, list: RuleList, rule: string) => void,
  act: (rules: ProfileRules) => T,
): T | null {
  if (!rules.personal) return act(rules);
  const done = within(PATIENCE_MS, () => act(rules));
  if (done.done) return done.value;
  for (const { list, name, alone } of oneByOne(rules)) {
    const isQuick = (): boolean => within(SLOW_MS, () => act(alone)).done;
    if (!isQuick() && !isQuick()) onSlow(rules.name, list, name);
  }
  return null;
}

function oneByOne(rules: ProfileRules) {
  const none = { ...rules, titles: [], notifications: [], hooks: [], events: [] };
  return LISTS.flatMap((list) =>
    rules[list].map((rule) => ({
      list,
      name: ruleName('rule' in rule ? rule.rule : rule),
      alone: { ...none, [list]: [rule] } as ProfileRules,
    })),
  );
}
