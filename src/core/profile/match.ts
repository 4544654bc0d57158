/** Rules of a profile, made ready to be matched: against a screen, a title, a notification, a hook. */
import type { Saying } from '../agents/board.ts';
import { oneLine } from '../text.ts';
import { fieldText, holds } from './fields.ts';
import { compilePattern } from './pattern.ts';
import type { EventRule, ScreenRule, TextRule } from './profile.ts';
import { resetTime } from './reset-time.ts';

/** When it is, for what says when a limit ends. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How far local time is ahead of UTC. */
  readonly zoneMinutes: number;
}

export interface ReadyRule {
  readonly rule: TextRule | ScreenRule;
  readonly match: RegExp;
  readonly also: readonly RegExp[];
  readonly unless: RegExp | null;
  /** With the flag g: every place is of interest, the last one counts. */
  readonly after: RegExp | null;
}

/** Whether a rule is true of a version; one that isn't known is any. */
export function isOf(
  rule: { readonly since: string | null; readonly before: string | null },
  version: string | null,
): boolean {
  if (version === null) return true;
  const from = rule.since === null || compareVersions(version, rule.since) >= 0;
  return from && (rule.before === null || compareVersions(version, rule.before) < 0);
}

export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const difference = (left[n] ?? 0) - (right[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Those of this version, the first that matches is the one that counts. */
export function readyRules(rules: readonly (TextRule | ScreenRule)[], version: string | null): readonly ReadyRule[] {
  const priority = (rule: TextRule | ScreenRule): number => ('priority' in rule ? rule.priority : 0);
  return rules
    .filter((rule) => isOf(rule, version))
    .toSorted((a, b) => priority(b) - priority(a))
    .flatMap((rule) => {
      const match = regexpOf(rule.match);
      if (match === null) return [];
      const more = 'also' in rule ? rule : { also: [], after: null };
      const also = more.also.flatMap((source) => regexpOf(source) ?? []);
      const after = more.after === null ? null : regexpOf(more.after, 'g');
      return [{ rule, match, also, unless: rule.unless === null ? null : regexpOf(rule.unless), after }];
    });
}

/** Patterns were checked when the profile was read. */
function regexpOf(source: string, flags = ''): RegExp | null {
  const compiled = compilePattern(source, flags);
  return compiled.ok ? compiled.regexp : null;
}

/** @param text in which the rule looks: a title, or the rows of its region */
export function sayingOf(ready: ReadyRule, whole: string, clock: Clock): Saying | null {
  const { rule, match } = ready;
  const text = ready.after === null ? whole : behindLast(whole, ready.after);
  const found = match.exec(text);
  if (!found || ready.unless?.test(text) === true || !ready.also.every((also) => also.test(text))) return null;
  const fill = (template: string): string =>
    oneLine(
      template.replaceAll(/\$<([^>]*)>/g, (_, name: string) => clean(found.groups?.[name] ?? '')),
      300,
    );
  return {
    state: rule.state,
    waitingFor: rule.for,
    text: rule.text === null ? oneLine(clean(found[0]), 200) : fill(rule.text),
    until: rule.until === null ? null : resetTime(fill(rule.until), clock.now, clock.zoneMinutes),
    rule: rule.id,
    matched: oneLine(clean(found[0]), 200),
    sure: 'sure' in rule && rule.sure,
  };
}

function behindLast(text: string, after: RegExp): string {
  let from = 0;
  for (const { index, 0: found } of text.matchAll(after)) from = index + found.length;
  return text.slice(from);
}

/** Strokes of frames, and blanks in a row, are no text. */
function clean(text: string): string {
  return text
    .replaceAll(/[─-▟]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export function firstSaying(rules: readonly ReadyRule[], text: string, clock: Clock): Saying | null {
  for (const rule of rules) {
    const saying = sayingOf(rule, text, clock);
    if (saying) return saying;
  }
  return null;
}

/** @returns what a hook or an event says by the first rule that is of it; null where none is */
export function eventSaying(
  rules: readonly EventRule[],
  name: string,
  body: unknown,
  version: string | null,
  clock: Clock,
): Saying | null {
  const rule = rules.find((one) => one.on === name && isOf(one, version) && holds(one.where, body));
  if (!rule) return null;
  const text = rule.text === null ? '' : fillFields(rule.text, body);
  const until = rule.until === null ? '' : fillFields(rule.until, body);
  return {
    state: rule.state,
    waitingFor: rule.for,
    text,
    until: until === '' ? null : resetTime(until, clock.now, clock.zoneMinutes),
    rule: rule.on,
    matched: oneLine(JSON.stringify(body) ?? '', 200),
    sure: false,
  };
}

function fillFields(template: string, body: unknown): string {
  const filled = template.replaceAll(/\{([\w.|]+)\}/g, (_, paths: string) => {
    const texts = paths.split('|').map((path) => fieldText(body, path));
    return texts.find((text) => text !== '') ?? '';
  });
  return oneLine(filled.trim(), 300);
}
