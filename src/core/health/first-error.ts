/** The line of a failed build that a person wants to read first. */
import { ERROR_RULES } from './rules.ts';
import type { ErrorRule } from './rules.ts';

export interface FirstError {
  /** One line: what is wrong, as the tool said it. */
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** Lines around an error in which its place and its reason are looked for. */
const NEAR = 15;
const MAX_TEXT = 300;

/** @param lines plain text without escape sequences, oldest first. null where nothing looks like an error. */
export function firstError(lines: readonly string[]): FirstError | null {
  return errorsIn(lines, 1)[0]?.error ?? null;
}

export interface FoundError {
  readonly error: FirstError;
  /** Id of the rule that it was found by. */
  readonly rule: string;
  /** Its line. */
  readonly index: number;
}

/** In the order of the lines, each once, though a runner tells of it while it runs and at its end. */
export function errorsIn(lines: readonly string[], limit: number): readonly FoundError[] {
  const strong = search(lines, (rule) => rule.weak !== true, limit);
  // What weak rules find is mostly one failure told in several ways.
  return strong.length > 0 ? strong : search(lines, (rule) => rule.weak === true, 1);
}

/** Most lines of a log hold none of these; the rules are tried on the others only. */
const WORTH_TRYING =
  /error|fail|panic|fatal|not ok|✖|not found|denied|no such file|no rule|exception|interrupt|dumped|aborted|undefined reference|:\d+[:)]/i;

function search(lines: readonly string[], wanted: (rule: ErrorRule) => boolean, limit: number): FoundError[] {
  const rules = ERROR_RULES.filter(wanted);
  const all: FoundError[] = [];
  const known = new Set<string>();
  for (const [index, raw] of lines.entries()) {
    const line = raw.slice(0, 1000);
    if (!WORTH_TRYING.test(line) && !line.startsWith('E  ')) continue;
    for (const rule of rules) {
      const match = rule.pattern.exec(line);
      if (!match) continue;
      const error = found(match.groups ?? {}, rule, lines, index);
      const keys = keysOf(rule, error);
      if (!keys.some((key) => known.has(key)) && !isToldBy(all.at(-1), error, index)) {
        all.push({ error, rule: rule.id, index });
      }
      for (const key of keys) known.add(key);
      break;
    }
    if (all.length >= limit) break;
  }
  return all;
}

/** What the one before has in its text already. */
function isToldBy(before: FoundError | undefined, { text }: FirstError, index: number): boolean {
  return before !== undefined && index - before.index <= NEAR && before.error.text.includes(text);
}

/** A place that was looked for near the error holds for all lines that tell of it. */
function keysOf(rule: ErrorRule, { text, file, line, column }: FirstError): string[] {
  const said = `${rule.id}\n${text}`;
  if (file === null || line === null) return [said];
  const place = `${file}:${line}:${column ?? ''}`;
  const near = rule.place !== undefined || rule.placeBefore !== undefined;
  return near ? [place, `${said}\n${file}`] : [`${place}\n${said}`];
}

type Groups = Readonly<Record<string, string | undefined>>;

function found(groups: Groups, rule: ErrorRule, lines: readonly string[], index: number): FirstError {
  const after = lines.slice(index + 1, index + 1 + NEAR);
  const before = lines.slice(Math.max(0, index - NEAR), index).toReversed();
  const place = firstMatch(rule.place, after) ?? firstMatch(rule.placeBefore, before) ?? groups;
  const detail = firstMatch(rule.detail, after)?.['text']?.trim();
  const said = groups['text']?.trim() ?? '';
  const text = [said, detail].filter(Boolean).join(': ') || nextText(lines, index);
  return {
    text: text.replace(/^: /, '').slice(0, MAX_TEXT),
    file: place['file'] ?? groups['file'] ?? null,
    line: place['line'] ? Number(place['line']) : null,
    column: place['column'] ? Number(place['column']) : null,
  };
}

function firstMatch(pattern: RegExp | undefined, lines: readonly string[]): Groups | null {
  if (!pattern) return null;
  for (const line of lines) {
    const groups = pattern.exec(line.slice(0, 1000))?.groups;
    if (groups) return groups;
  }
  return null;
}

function nextText(lines: readonly string[], index: number): string {
  return (
    lines
      .slice(index + 1)
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}

/** `src/a.c:3:5: expected ';'`, shorter where a part is not known. */
export function firstErrorLine(error: FirstError): string {
  if (error.file === null) return error.text;
  const place = [error.file, error.line, error.column].filter((part) => part !== null).join(':');
  return `${place}: ${error.text}`;
}
