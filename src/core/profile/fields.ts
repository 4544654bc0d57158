/** Fields of what a CLI says, by their paths: `tool_input.command`. */
import { compilePattern } from './pattern.ts';

/** @returns undefined where there is no such field */
export function fieldAt(body: unknown, path: string): unknown {
  let at: unknown = body;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** @returns '' where there is no such field, or it is a list or a map */
export function fieldText(body: unknown, path: string): string {
  const value = fieldAt(body, path);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** @param where patterns by the paths of the fields that must match them */
export function holds(where: Readonly<Record<string, string>>, body: unknown): boolean {
  return Object.entries(where).every(([path, source]) => {
    const pattern = compilePattern(source);
    return pattern.ok && pattern.regexp.test(fieldText(body, path));
  });
}
