import type { AddRequest } from '../../client/api.ts';
import { splitArgv } from '../../core/plan/argv.ts';
import type { LaunchEntry } from '../screens/palette-entries.ts';

/**
 * What to ask the session for; one line when the command can't be read.
 * @param taken ids in use: a second `claude` becomes `claude-2`
 */
export function launchRequest(entry: LaunchEntry, taken: readonly string[]): AddRequest | string {
  const path = process.env['PATH'];
  if (entry.kind === 'profile') {
    const { name } = entry.profile;
    return { id: freeId(name, taken), profile: name, start: true, ...(path ? { path } : {}) };
  }
  const split = splitArgv(entry.command);
  if (!split.ok) return split.reason;
  const id = freeId(baseName(split.argv[0] ?? 'agent'), taken);
  return { id, command: split.argv, start: true, ...(path ? { path } : {}) };
}

/** `wanted` in letters that an id may have, with a number where it is taken. */
export function freeId(wanted: string, taken: readonly string[]): string {
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 24) || 'agent';
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
}
