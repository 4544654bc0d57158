/** Maps with known keys, lists, and maps with keys of a person's own. */
import { MapReader, shorten } from '../reader.ts';
import { treeKindName } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { JsonSchema, ReadContext, Shape } from './shape.ts';

export interface Field<T> {
  readonly shape: Shape<unknown>;
  readonly about: string;
  /** What to write where the key is missing; null: it may be. */
  readonly remedy: string | null;
  /** What a missing key stands for. */
  readonly missing: T | null;
}

/** A key that must be there. @param remedy as in `write "id: a"` */
export function need<T>(shape: Shape<T>, about: string, remedy: string): Field<T> {
  return { shape, about, remedy, missing: null };
}

/** A key that may be left out: null then. */
export function may<T>(shape: Shape<T>, about: string): Field<T | null> {
  return { shape, about, remedy: null, missing: null };
}

/** A key that stands for `missing` where it is left out. */
export function or<T>(shape: Shape<T>, missing: T, about: string): Field<T> {
  return { shape, about, remedy: null, missing };
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ReadFields<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** JSON Schema of a map with these keys; `also` are keys that are read by hand. */
export function fieldsSchema(fields: Fields, also: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const properties: Record<string, JsonSchema> = { ...also };
  for (const [key, field] of Object.entries(fields)) {
    const preset = field.missing === null || typeof field.missing === 'object' ? {} : { default: field.missing };
    properties[key] = { ...field.shape.schema, description: field.about, ...preset };
  }
  const required = Object.entries(fields).flatMap(([key, { remedy }]) => (remedy === null ? [] : [key]));
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    patternProperties: { '^x-': true },
    additionalProperties: false,
  };
}

/**
 * Reads every field out of a map; all of its problems are noted.
 * @returns null where a key that must be there could not be read
 */
export function readFields<F extends Fields>(reader: MapReader, fields: F, context: ReadContext): ReadFields<F> | null {
  const values: Record<string, unknown> = {};
  let whole = true;
  for (const [key, field] of Object.entries(fields)) {
    const tree = reader.take(key);
    const value = tree && field.shape.read(tree, `"${key}" of ${reader.what}`, context);
    if (!tree && field.remedy !== null) {
      const at = reader.entry(key)?.keyAt ?? reader.tree.at;
      context.problems.error(at, `${reader.what} has no ${key}; ${field.remedy}`);
    }
    if (value === null && field.remedy !== null) whole = false;
    values[key] = value ?? field.missing;
  }
  if (!whole) return null;
  context.places.setTree(values, reader.tree);
  return values as ReadFields<F>;
}

export interface RecordOptions {
  /** What one is called: `task`. */
  readonly noun: string;
  /** The key whose value names it in messages. */
  readonly nameKey?: string;
  readonly example: string;
  /** Keys that other versions of llmctl know. */
  readonly later?: readonly string[];
}

/** A map with known keys. */
export function record<F extends Fields>(fields: F, options: RecordOptions): Shape<ReadFields<F>> {
  const article = /^[aeiou]/.test(options.noun) ? 'an' : 'a';
  return {
    schema: fieldsSchema(fields),
    example: options.example,
    read(tree, what, context) {
      if (tree.kind !== 'map') {
        const got = treeKindName(tree);
        context.problems.error(
          tree.at,
          `${article} ${options.noun} is a map of keys, not ${got}; write ${options.example}`,
        );
        return null;
      }
      const named = options.nameKey === undefined ? null : nameOf(tree, options.nameKey);
      const reader = new MapReader(tree, named === null ? what : `${options.noun} "${named}"`, context.problems);
      const values = readFields(reader, fields, context);
      reader.finish(options.later);
      return values;
    },
  };
}

function nameOf(tree: Tree & { kind: 'map' }, key: string): string | null {
  const value = tree.entries.find((entry) => entry.key === key)?.value;
  if (value?.kind === 'text' && value.value.trim() !== '') return shorten(value.value);
  return value?.kind === 'number' ? value.source : null;
}

/** A list; items that can't be read are left out after their problem was noted. */
export function list<T>(item: Shape<T>, noun: string, example: string, max = 10_000): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema },
    example,
    read(tree, what, context) {
      if (tree.kind !== 'list') {
        context.problems.error(tree.at, `${what} must be a list, not ${treeKindName(tree)}; write ${example}`);
        return null;
      }
      if (tree.items.length > max) {
        context.problems.error(tree.items[max]!.at, `${what} has ${tree.items.length} entries; ${max} at most`);
      }
      const values: T[] = [];
      for (const entry of tree.items.slice(0, max)) {
        const value = item.read(entry, `${noun} of ${ownerOf(what)}`, context);
        if (value !== null) values.push(value);
      }
      context.places.setTree(values, tree);
      return values;
    },
  };
}

/** `"files" of task "a"` belongs to `task "a"`. */
function ownerOf(what: string): string {
  const at = what.indexOf('" of ');
  return what.startsWith('"') && at > 0 ? what.slice(at + 5) : what;
}

/** One value where a list of one is meant. */
export function oneOrMore<T>(item: Shape<T>, noun: string, example: string): Shape<readonly T[]> {
  const many = list(item, noun, example);
  return {
    schema: { anyOf: [item.schema, many.schema] },
    example,
    read(tree, what, context) {
      if (tree.kind === 'list') return many.read(tree, what, context);
      const value = item.read(tree, what, context);
      if (value === null) return null;
      const values = [value];
      context.places.setTree(values, tree);
      return values;
    },
  };
}

/** A map whose keys are a person's own; `name` checks them. */
export function mapOf<T>(
  value: Shape<T>,
  name: { readonly pattern: RegExp; readonly remedy: string },
  example: string,
): Shape<Readonly<Record<string, T>>> {
  return {
    schema: {
      type: 'object',
      propertyNames: { pattern: name.pattern.source },
      additionalProperties: value.schema,
    },
    example,
    read(tree, what, context) {
      if (tree.kind !== 'map') {
        context.problems.error(tree.at, `${what} must be a map, not ${treeKindName(tree)}; write ${example}`);
        return null;
      }
      const reader = new MapReader(tree, what, context.problems);
      const pairs: [string, T][] = [];
      for (const entry of reader.keys()) {
        if (!name.pattern.test(entry.key)) {
          context.problems.error(entry.keyAt, `"${shorten(entry.key)}" can't be a name in ${what}; ${name.remedy}`);
          continue;
        }
        const read = value.read(entry.value, `"${entry.key}" of ${what}`, context);
        if (read !== null) pairs.push([entry.key, read]);
      }
      const values = Object.fromEntries(pairs);
      context.places.setTree(values, tree);
      return values;
    },
  };
}
