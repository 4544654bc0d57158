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
  return search(lines, (rule) => rule.weak !== true) ?? search(lines, (rule) => rule.weak === true);
}

/** Most lines of a log hold none of these; the rules are tried on the others only. */
const WORTH_TRYING =
  /error|fail|panic|fatal|not ok|✖|not found|denied|no such file|no rule|exception|interrupt|:\d+[:)]/i;

function search(lines: readonly string[], wanted: (rule: ErrorRule) => boolean): FirstError | null {
  const rules = ERROR_RULES.filter(wanted);
  for (const [index, raw] of lines.entries()) {
    const line = raw.slice(0, 1000);
    if (!WORTH_TRYING.test(line) && !line.startsWith('E  ')) continue;
    for (const rule of rules) {
      const match = rule.pattern.exec(line);
      if (match) return found(match.groups ?? {}, rule, lines, index);
    }
  }
  return null;
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
