/** A profile out of a parsed document, and the JSON Schema of one. */
import { fieldsSchema, readFields } from '../plan/shape/record.ts';
import type { JsonSchema } from '../plan/shape/shape.ts';
import { Places } from '../plan/places.ts';
import { didYouMean } from '../nearest.ts';
import { MapReader, shorten } from '../plan/reader.ts';
import { treeKindName, type ProblemList, type Tree } from '../plan/tree.ts';
import { checkRules } from './check.ts';
import { PROFILE_FIELDS, RULE_LISTS, type Profile } from './profile.ts';

const PROFILE_ID = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

/** Rules for programs that no profile is of: it has no program of its own. */
export const GENERIC_PROFILE = 'generic';

/**
 * @param id the file's name without its ending
 * @param known what it may extend; one of the same id is extended without being named
 * @returns null after an error was noted
 */
export function profileOf(
  tree: Tree,
  id: string,
  from: Profile['from'],
  known: ReadonlyMap<string, Profile>,
  problems: ProblemList,
): Profile | null {
  if (!PROFILE_ID.test(id)) {
    const remedy = 'name the file with letters, digits, ".", "_" and "-"';
    problems.error(tree.at, `"${shorten(id)}" can't name a profile; ${remedy}`);
  }
  if (tree.kind !== 'map') {
    const remedy = 'write "command: [\\"my-agent\\"]", for example';
    problems.error(tree.at, `a profile is a map of keys, not ${treeKindName(tree)}; ${remedy}`);
    return null;
  }
  const reader = new MapReader(tree, `profile "${shorten(id)}"`, problems);
  const places = new Places();
  const fields = readFields(reader, PROFILE_FIELDS, { problems, places, sources: new Map() });
  reader.finish();
  if (!fields) return null;
  const { extends: named, title, ...rest } = fields;
  const base = baseOf(reader, named, id, known, problems);
  checkRules(rest, places, problems);
  const own: Profile = { ...rest, id, from, title: title ?? base?.title ?? id, places: {} };
  const merged = base === null ? own : extended(base, own, (key) => reader.take(key) !== null);
  const profile =
    from === 'person' ? { ...merged, places: { ...base?.places, ...placesOf(own, places, problems) } } : merged;
  const isBase = id === GENERIC_PROFILE;
  if (profile.command.length === 0 && !isBase && !reader.take('command')) {
    problems.error(tree.at, `${reader.what} has no command; write "command: [\\"my-agent\\"]"`);
  }
  return problems.hasErrors ? null : profile;
}

function baseOf(
  reader: MapReader,
  named: string | null,
  id: string,
  known: ReadonlyMap<string, Profile>,
  problems: ProblemList,
): Profile | null {
  if (named === null) return known.get(id) ?? null;
  const base = known.get(named);
  if (base) return base;
  const at = reader.entry('extends')!.value.at;
  const names = [...known.keys()];
  const remedy = didYouMean(named, names) || `; there are ${names.join(', ')}`;
  problems.error(at, `there is no profile "${shorten(named)}" to extend${remedy}`);
  return null;
}

function placesOf(own: Profile, places: Places, problems: ProblemList): Record<string, string> {
  const found = RULE_LISTS.flatMap((list) =>
    own[list].map((rule) => [`${list} ${ruleName(rule)}`, problems.where(places.of(rule))] as const),
  );
  return Object.fromEntries(found);
}

/** What a rule is called. */
export function ruleName(rule: { readonly id: string } | { readonly on: string }): string {
  return 'id' in rule ? rule.id : rule.on;
}

/** What is written counts; the rules of the base come behind those of the same kind. */
function extended(base: Profile, own: Profile, isWritten: (key: string) => boolean): Profile {
  const written = Object.fromEntries(Object.entries(own).filter(([key]) => isWritten(key)));
  const { id, from, title } = own;
  const merged: Profile = { ...base, ...written, id, from, title };
  const rules = RULE_LISTS.map((key) => {
    const ids = new Set(own[key].map((rule) => ('id' in rule ? rule.id : '')));
    return [key, [...own[key], ...base[key].filter((rule) => !('id' in rule && ids.has(rule.id)))]];
  });
  const failures = [...own.failures, ...base.failures];
  return { ...merged, failures, ...(Object.fromEntries(rules) as Pick<Profile, (typeof RULE_LISTS)[number]>) };
}

/** The whole schema, for editors: draft 2020-12. */
export function profileSchema(): JsonSchema & { readonly $schema: string; readonly title: string } {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'llmctl profile',
    ...fieldsSchema(PROFILE_FIELDS),
  };
}
