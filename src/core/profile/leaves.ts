/** Values that only profiles have: patterns, versions, argv with places to fill in, JSON. */
import { readArgv, shorten } from '../plan/reader.ts';
import { text } from '../plan/shape/leaves.ts';
import { list, oneOrMore } from '../plan/shape/record.ts';
import type { ReadContext, Shape } from '../plan/shape/shape.ts';
import { textPlace, treeKindName, type Tree } from '../plan/tree.ts';
import { didYouMean } from '../nearest.ts';
import { PLACES, unknownPlace } from './fill.ts';
import { compilePattern } from './pattern.ts';

/** A regular expression in JavaScript's syntax; kept as text, so that a profile stays plain data. */
export const pattern: Shape<string> = {
  schema: { type: 'string', minLength: 1, maxLength: 1000 },
  example: '"Do you want to"',
  read(tree, what, context) {
    const source = text({ max: 1000, line: false }).read(tree, what, context);
    if (source === null) return null;
    const compiled = compilePattern(source);
    if (compiled.ok) return source;
    const remedy = 'try it in JavaScript with the flag u';
    context.problems.error(tree.at, `${what} is no regular expression: ${compiled.reason}; ${remedy}`);
    return null;
  },
};

const VERSION = /^\d+(\.\d+){0,3}$/;

/** `2.1.328`. One with a single point looks like a number to YAML, and counts as it is written. */
export const version: Shape<string> = {
  schema: { type: ['string', 'number'], pattern: VERSION.source },
  example: '"2.1.0"',
  read(tree, what, { problems }) {
    const written = tree.kind === 'text' ? tree.value : tree.kind === 'number' ? tree.source : '';
    if (VERSION.test(written)) return written;
    const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
    problems.error(tree.at, `${what} can't be ${got}; write a version such as "2.1.0"`);
    return null;
  },
};

/** One word of a command line or environment, with `{places}` to be filled in. */
export const template: Shape<string> = {
  schema: { type: 'string', maxLength: 10_000 },
  read(tree, what, context) {
    if (tree.kind === 'number' || tree.kind === 'flag') return tree.source;
    const value = text({ max: 10_000, line: false, empty: true }).read(tree, what, context);
    return value === null || !placesAreKnown(tree, value, what, context) ? null : value;
  },
};

function placesAreKnown(tree: Tree, value: string, what: string, { problems }: ReadContext): boolean {
  const unknown = unknownPlace(value);
  if (unknown === null) return true;
  const near = didYouMean(unknown.name, PLACES) || `; known are ${PLACES.map((name) => `{${name}}`).join(', ')}`;
  problems.error(textPlace(tree, unknown.offset), `${what} has {${shorten(unknown.name)}}, which is not known${near}`);
  return false;
}

/** A list of words: never split, never given to a shell. */
export const words = list(template, 'a word', '["--model", "{model}"]', 200);

/** The program and its words, as a list or as one line that is split by its quotes. */
export const command: Shape<readonly string[]> = {
  schema: { anyOf: [{ type: 'string', minLength: 1, maxLength: 10_000 }, words.schema] },
  read(tree, what, context) {
    const argv = readArgv(tree, what, context.problems);
    if (argv === null) return null;
    const at = (index: number): Tree => (tree.kind === 'list' ? tree.items[index]! : tree);
    return argv.every((word, index) => placesAreKnown(at(index), word, what, context)) ? argv : null;
  },
};

const KEY = /^(?:[CMS]-)*(?:[A-Z][A-Za-z]+\d*|F\d{1,2}|\S)$/u;

/** Keys as `llmctl keys` names them. */
export const keys: Shape<readonly string[]> = oneOrMore(
  {
    schema: { type: ['string', 'integer'], pattern: KEY.source },
    read(tree, what, context) {
      // A digit is a key like any other; YAML takes it for a number.
      const name = tree.kind === 'number' ? tree.source : text({ max: 20 }).read(tree, what, context);
      if (name === null || KEY.test(name)) return name;
      context.problems.error(tree.at, `${what} can't be "${shorten(name)}"; write a key such as Esc, C-c, Down or y`);
      return null;
    },
  },
  'a key',
  '[Esc]',
);

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Any value, as it will stand in a JSON file; its texts may have `{places}`. */
export const json: Shape<Json> = {
  schema: {},
  read: (tree, what, context) => readJson(tree, what, context),
};

function readJson(tree: Tree, what: string, context: ReadContext): Json {
  switch (tree.kind) {
    case 'map':
      return Object.fromEntries(
        tree.entries.map(({ key, value }) => [key, readJson(value, `"${key}" of ${what}`, context)]),
      );
    case 'list':
      return tree.items.map((item) => readJson(item, what, context));
    case 'text':
      placesAreKnown(tree, tree.value, what, context);
      return tree.value;
    case 'number':
    case 'flag':
      return tree.value;
    case 'nothing':
      return null;
  }
}

const REGION = /^(?:screen|(?:top|bottom) [1-9]\d{0,2})$/;

/** Which rows of the screen a rule looks at. */
export const region: Shape<string> = {
  schema: { type: 'string', pattern: REGION.source },
  read(tree, what, { problems }) {
    if (tree.kind === 'text' && REGION.test(tree.value)) return tree.value;
    const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
    problems.error(tree.at, `${what} can't be ${got}; write screen, "top 5" or "bottom 12"`);
    return null;
  },
};
