/** Single values: texts, names, paths, numbers, lengths of time, commands. */
import { didYouMean } from '../../nearest.ts';
import { parseDuration } from '../duration.ts';
import type { HealthCommand } from '../model.ts';
import { insidePath } from '../inside-path.ts';
import { readArgv, readText, shorten } from '../reader.ts';
import type { TextRule } from '../reader.ts';
import { treeKindName } from '../tree.ts';
import type { Shape } from './shape.ts';

/** A text; one line unless the rule says otherwise. */
export function text(rule: TextRule = {}): Shape<string> {
  return {
    schema: { type: 'string', maxLength: rule.max ?? 1000, ...(rule.empty === true ? {} : { minLength: 1 }) },
    read: (tree, what, { problems }) => readText(tree, what, problems, rule),
  };
}

export const line = text({ max: 1000 });
export const prose = text({ line: false, max: 100_000 });

/** Names that other parts of the plan point at: also a word on the command line and part of a git ref. */
export const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** An id, or a reference to one; a number is taken as it is written. */
export const id: Shape<string> = {
  schema: { type: ['string', 'integer'], pattern: NODE_ID.source },
  read(tree, what, { problems }) {
    const value = tree.kind === 'number' ? tree.source : readText(tree, what, problems, { max: 200 });
    if (value === null || (NODE_ID.test(value) && !value.includes('..') && !value.endsWith('.lock'))) return value;
    const remedy = 'use letters, digits, ".", "_" and "-", a letter or digit first, 64 at most';
    problems.error(tree.at, `${what} can't be "${shorten(value)}"; ${remedy}`);
    return null;
  },
};

/** A file, folder or glob inside the repository. */
export const path: Shape<string> = {
  schema: { type: 'string', minLength: 1, maxLength: 1000 },
  read(tree, what, { problems }) {
    const written = readText(tree, what, problems);
    if (written === null) return null;
    const inside = insidePath(written);
    if (inside === null || inside === '.git' || inside.startsWith('.git/')) {
      const remedy = 'write a path inside the repository, such as "src/parser.ts"';
      problems.error(tree.at, `${what} leaves the repository: "${shorten(written)}"; ${remedy}`);
      return null;
    }
    return written.endsWith('/') && inside !== '.' ? `${inside}/` : inside;
  },
};

/** One of some words. */
export function word<const W extends string>(words: readonly W[]): Shape<W> {
  return {
    schema: { enum: words },
    read(tree, what, { problems }) {
      if (tree.kind === 'text') {
        const found = words.find((candidate) => candidate === tree.value);
        if (found !== undefined) return found;
      }
      const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
      const near = tree.kind === 'text' ? didYouMean(tree.value, words) : '';
      problems.error(tree.at, `${what} can't be ${got}${near === '' ? `; write one of ${words.join(', ')}` : near}`);
      return null;
    },
  };
}

export const flag: Shape<boolean> = {
  schema: { type: 'boolean' },
  read(tree, what, { problems }) {
    if (tree.kind === 'flag') return tree.value;
    problems.error(tree.at, `${what} must be true or false, not ${treeKindName(tree)}`);
    return null;
  },
};

/** A number within bounds. @param whole no fractions */
export function number(min: number, max: number, whole = false): Shape<number> {
  return {
    schema: { type: whole ? 'integer' : 'number', minimum: min, maximum: max },
    read(tree, what, { problems }) {
      const fits = tree.kind === 'number' && tree.value >= min && tree.value <= max;
      if (fits && (!whole || Number.isInteger(tree.value))) return tree.value;
      const kind = whole ? 'a whole number' : 'a number';
      const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
      problems.error(tree.at, `${what} must be ${kind} from ${min} to ${max}, not ${got}`);
      return null;
    },
  };
}

/** A share: 10, 10% or "10 %"; read as percent. */
export const percent: Shape<number> = {
  schema: {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 100 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' },
    ],
  },
  read(tree, what, { problems }) {
    const written = tree.kind === 'number' ? tree.source : tree.kind === 'text' ? tree.value.trim() : '';
    const value = Number(written.replace(/\s*%$/, ''));
    if (written !== '' && value >= 0 && value <= 100) return value;
    const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
    problems.error(tree.at, `${what} must be a share from 0 to 100, such as "10%", not ${got}`);
    return null;
  },
};

/** A length of time in milliseconds: 90, 90s, 30m, 1h30m. */
export function duration(minMs: number, maxMs: number): Shape<number> {
  return {
    schema: { type: ['number', 'string'], pattern: '^\\s*\\d' },
    read(tree, what, { problems }) {
      const written = tree.kind === 'number' ? tree.source : tree.kind === 'text' ? tree.value : '';
      const ms = parseDuration(written);
      if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
      const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
      const most = `${Math.round(maxMs / 3_600_000)}h at most`;
      problems.error(tree.at, `${what} can't be ${got}; write seconds or a time such as 90s, 5m, 1h (${most})`);
      return null;
    },
  };
}

/** A command: a person's own shell line, or a list of words. */
export const command: Shape<HealthCommand> = {
  schema: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 10_000 },
      { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
    ],
  },
  read(tree, what, { problems }) {
    if (tree.kind === 'text') {
      const written = readText(tree, what, problems, { max: 10_000, line: false });
      return written === null ? null : { kind: 'shell', line: written };
    }
    if (tree.kind === 'list') {
      const argv = readArgv(tree, what, problems);
      return argv && { kind: 'argv', argv };
    }
    const got = treeKindName(tree);
    problems.error(tree.at, `${what} must be a command such as "npm test" or a list of words, not ${got}`);
    return null;
  },
};

/** Estimated hours as [low, high]: 3, [2, 4], "2-4h", "30 minutes". */
export const hours: Shape<readonly [number, number]> = {
  schema: {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 10_000 },
      { type: 'array', items: { type: 'number', minimum: 0, maximum: 10_000 }, minItems: 2, maxItems: 2 },
      { type: 'string', pattern: '^\\s*~?\\s*\\d' },
    ],
  },
  read(tree, what, { problems }) {
    const read =
      tree.kind === 'list' ? tree.items.map((item) => (item.kind === 'number' ? item.value : Number.NaN)) : [];
    if (tree.kind === 'number') read.push(tree.value, tree.value);
    if (tree.kind === 'text') read.push(...(hoursIn(tree.value) ?? []));
    const [low = Number.NaN, high = Number.NaN] = read;
    if (read.length === 2 && low >= 0 && high >= low && high <= 10_000) return [low, high];
    const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
    const order = low > high ? ' from more to less' : '';
    problems.error(tree.at, `${what} can't be ${got}${order}; write hours such as 3, [2, 4] or "2-4h"`);
    return null;
  },
};

const UNIT_HOURS: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, d: 8, w: 40 };

/** `2-4 hours`, `30 minutes`, `1 day` (8 hours), `1 week` (40) as [low, high] in hours; null where it is no estimate. */
export function hoursIn(written: string): readonly [number, number] | null {
  const range =
    /^\s*~?\s*(\d+(?:\.\d+)?)(?:\s*(?:-|–|—|to|\.\.)\s*(\d+(?:\.\d+)?))?\s*(h|hrs?|hours?|m|mins?|minutes?|d|days?|w|weeks?)?\s*$/i;
  const found = range.exec(written);
  if (!found) return null;
  const unit = UNIT_HOURS[(found[3] ?? 'h')[0]!.toLowerCase()] ?? 1;
  return [Number(found[1]) * unit, Number(found[2] ?? found[1]) * unit];
}
