import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../main.tsx', import.meta.url));
const STATIC = /^(?:import|export) (?!type )(?:[^'"]*? from )?'([^']+)'/gm;

/** Packages that are read, over any number of files, before anything runs. */
function packagesRead(file: string, seen = new Set<string>(), found = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return found;
  seen.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(STATIC)) {
    if (name!.startsWith('.')) packagesRead(join(dirname(file), name!), seen, found);
    else if (!name!.startsWith('node:')) found.add(name!);
  }
  return found;
}

it('reads neither Ink nor React before the first frame', () => {
  expect([...packagesRead(ENTRY)]).toEqual(['string-width']);
});
