/** Messages that a CLI would change, or choke on, in its input box: it is told where to read them instead. */
import { fillWord } from './fill.ts';
import { compilePattern } from './pattern.ts';
import type { Profile } from './profile.ts';

/** How many are kept for one run; the oldest makes way. A CLI reads them one after the other, and has not so many in its queue. */
export const MESSAGES = 16;

export function goesAside({ briefing: { aside } }: Pick<Profile, 'briefing'>, text: string): boolean {
  if (aside === null) return false;
  if (aside.over !== null && text.length > aside.over) return true;
  const compiled = aside.match === null ? null : compilePattern(aside.match);
  return compiled?.ok === true && compiled.regexp.test(text);
}

/** What is typed instead of message `name`. */
export function asideWords({ briefing: { aside } }: Pick<Profile, 'briefing'>, name: string): string {
  return aside === null ? '' : (fillWord(aside.say, { message: name }) ?? '');
}
