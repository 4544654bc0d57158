/** What can be wrong with a profile whose parts are right. */
import { shorten } from '../plan/reader.ts';
import type { Places } from '../plan/places.ts';
import type { ProblemList } from '../plan/tree.ts';
import { compilePattern } from './pattern.ts';
import type { EventRule, Profile, ScreenRule, TextRule } from './profile.ts';

type Rule = ScreenRule | TextRule | EventRule;
type RuleLists = Pick<Profile, 'screen' | 'titles' | 'notifications' | 'hooks' | 'api'>;

export function checkRules(profile: RuleLists, places: Places, problems: ProblemList): void {
  const onText = [profile.screen, profile.titles, profile.notifications];
  for (const rules of onText) {
    const seen = new Set<string>();
    for (const rule of rules) {
      if (seen.has(rule.id)) {
        problems.error(places.field(rule, 'id'), `two rules are called "${shorten(rule.id)}"; give one another name`);
      }
      seen.add(rule.id);
      checkMeaning(rule, places, problems);
      checkGroups(rule, places, problems);
    }
  }
  for (const rule of [...profile.hooks, ...(profile.api?.rules ?? [])]) checkMeaning(rule, places, problems);
  for (const rule of profile.screen) {
    if (rule.answer === null || rule.for === 'permission') continue;
    const message = `rule "${shorten(rule.id)}" has an answer but no permission to give`;
    problems.error(places.field(rule, 'answer'), `${message}; write "for: permission", or take the answer out`);
  }
}

function checkMeaning(rule: Rule, places: Places, problems: ProblemList): void {
  if (rule.for !== null && rule.state !== 'waiting') {
    const remedy = 'write "state: waiting", or take "for" out';
    problems.error(places.field(rule, 'for'), `only what waits waits for a ${rule.for}; ${remedy}`);
  }
  if (rule.until !== null && rule.state !== 'limited') {
    const remedy = 'write "state: limited", or take "until" out';
    problems.error(places.field(rule, 'until'), `only a limit has an end; ${remedy}`);
  }
}

const GROUP = /\$<([^>]*)>/g;

/** `$<name>` needs a group of that name. */
function checkGroups(rule: ScreenRule | TextRule, places: Places, problems: ProblemList): void {
  const compiled = compilePattern(`${rule.match}|`);
  const known = compiled.ok ? Object.keys(compiled.regexp.exec('')?.groups ?? {}) : [];
  for (const key of ['text', 'until'] as const) {
    for (const { 1: name } of (rule[key] ?? '').matchAll(GROUP)) {
      if (known.includes(name!)) continue;
      const there = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
      const message = `"match" of rule "${shorten(rule.id)}" has no group "${shorten(name!)}" (${there})`;
      problems.error(places.field(rule, key), `${message}; write (?<${shorten(name!)}>…) in it`);
    }
  }
}
