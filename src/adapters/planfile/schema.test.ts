/** The schema and the reader say the same: each key of the one is known to the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { planSchema } from '../../core/plan/schema.ts';
import type { JsonSchema } from '../../core/plan/shape/shape.ts';
import { packageRoot } from '../paths/dist.ts';
import { parsePlan } from './load.ts';

type Path = readonly (string | 0)[];

/** Every map with known keys in the schema, with the way to it; 0 is the item of a list. */
function* mapsOf(schema: JsonSchema, path: Path = []): Generator<readonly [Path, readonly string[], JsonSchema]> {
  if (schema.properties) {
    yield [path, Object.keys(schema.properties), schema];
    for (const [key, value] of Object.entries(schema.properties)) yield* mapsOf(value, [...path, key]);
  }
  if (schema.items) yield* mapsOf(schema.items, [...path, 0]);
  for (const choice of schema.anyOf ?? []) yield* mapsOf(choice, path);
  if (typeof schema.additionalProperties === 'object') yield* mapsOf(schema.additionalProperties, [...path, 'build']);
}

function nested(path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return first === 0 ? [nested(rest, value)] : { [first]: nested(rest, value) };
}

const NONE = 'zzzz-none';
const maps = [...mapsOf(planSchema())];

describe('the schema', () => {
  it('has a map for each section', () => {
    expect(maps.length).toBeGreaterThan(25);
  });

  it.each(maps.map(([path, keys]) => [path.join('.') || '(top)', path, keys] as const))('%s', (_name, path, keys) => {
    const loaded = parsePlan(JSON.stringify(nested(path, { [NONE]: 1 })), 'f');
    const messages = loaded.ok ? [] : loaded.problems.map(({ message }) => message);
    const known = messages
      .map((message) => new RegExp(`unknown key "${NONE}".*; known here: (.+)$`).exec(message)?.[1])
      .find(Boolean);
    expect(known?.split(', ').toSorted()).toEqual(keys.toSorted());
  });

  it('takes every plan that llmctl brings', () => {
    const folder = join(packageRoot(), 'plans');
    for (const name of readdirSync(folder)) {
      expect(mistakes(planSchema(), parse(readFileSync(join(folder, name), 'utf8')), name)).toEqual([]);
    }
  });

  it('refuses what the reader refuses', () => {
    const wrong = {
      version: 2,
      name: 'x',
      agents: [{ id: 'a', profile: 's' }],
      tasks: [{ title: 'no id' }],
      wombat: 1,
    };
    expect(mistakes(planSchema(), wrong, '')).toEqual([
      expect.stringContaining('version'),
      expect.stringContaining('tasks.0 lacks id'),
      expect.stringContaining('wombat'),
    ]);
  });
});

/** Values that few keys take. */
const WRONG: readonly unknown[] = [true, 7.5, -1, 'no such word \u00a7', [], [[1]], [true], {}, { zzzz: 1 }];

/** Every key of the schema with each value that the schema refuses there. */
function* refused(): Generator<readonly [name: string, path: Path]> {
  for (const [path, , schema] of maps) {
    for (const [key, one] of Object.entries(schema.properties ?? {})) {
      for (const [at, wrong] of WRONG.entries()) {
        if (mistakes(one, wrong, key).length > 0)
          yield [`${path.join('.')}.${key} = ${JSON.stringify(wrong)}`, [...path, key, `${at}`]];
      }
    }
  }
}

const plans = [...refused()];

describe('a value that the schema refuses', () => {
  it('comes in many hundreds', () => {
    expect(plans.length).toBeGreaterThan(600);
  });

  it.each(plans)('%s', (_name, path) => {
    const wrong = WRONG[Number(path.at(-1))];
    const text = JSON.stringify(nested(path.slice(0, -1), wrong));
    const loaded = parsePlan(text, 'f');
    const told = loaded.ok ? [] : loaded.problems;
    const key = String(path.at(-2));
    // The value's own place, or a place in it.
    const from = text.lastIndexOf(`"${key}"`) + key.length + 4;
    const problem = told.find(({ column }) => column >= from);
    expect(problem).toMatchObject({ severity: 'error', line: 1 });
    expect(problem!.message).toMatch(/; |must|write|did you mean|take/);
  });
});

/** As much of JSON Schema as planSchema uses. */
function mistakes(schema: JsonSchema, value: unknown, path: string): readonly string[] {
  if (schema.anyOf) {
    const tries = schema.anyOf.map((choice) => mistakes(choice, value, path));
    return tries.some((found) => found.length === 0)
      ? []
      : [`${path} fits none: ${tries.map(([first]) => first).join(' / ')}`];
  }
  if (schema.const !== undefined && schema.const !== value) return [`${path} is not ${schema.const}`];
  if (schema.enum) return schema.enum.includes(value as string) ? [] : [`${path} is none of ${schema.enum.join(', ')}`];
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const types = [schema.type ?? []].flat().map((name) => (name === 'integer' ? 'number' : name));
  if (types.length > 0 && !types.includes(type)) return [`${path} is ${type}, not ${types.join(', ')}`];
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    return [`${path} does not match ${schema.pattern}`];
  }
  if (Array.isArray(value))
    return value.flatMap((item, at) => (schema.items ? mistakes(schema.items, item, `${path}.${at}`) : []));
  if (type !== 'object') return [];
  const lacking = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(value as object, key))
    .map((key) => `${path} lacks ${key}`);
  const inner = Object.entries(value as object).flatMap(([key, one]) => {
    const known = schema.properties?.[key];
    if (known) return mistakes(known, one, path === '' ? key : `${path}.${key}`);
    if (typeof schema.additionalProperties === 'object')
      return mistakes(schema.additionalProperties, one, `${path}.${key}`);
    return schema.additionalProperties === false && !key.startsWith('x-') ? [`${path} has ${key}`] : [];
  });
  return [...inner, ...lacking];
}
