/** Where the bundled programs are. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a bundle, `daemon.js` for example. Bundles and their chunks lie side by side in dist/; run from src/
 * (tests) it is the project's dist/. LLMCTL_DIST names another folder, for builds beside the usual one.
 */
export function distFile(name: string): string {
  return join(distFolder(), name);
}

function distFolder(): string {
  const named = process.env.LLMCTL_DIST;
  if (named) return named;
  const here = dirname(fileURLToPath(import.meta.url));
  const root = projectRoot(here);
  // Bundled code lies directly in the folder that it wants.
  return here.startsWith(join(root, 'src')) ? join(root, 'dist') : here;
}

function projectRoot(from: string): string {
  for (let at = from; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, 'package.json'))) return at;
  return dirname(from);
}

/** Absolute path of the project's or package's top folder. */
export function packageRoot(): string {
  return projectRoot(dirname(fileURLToPath(import.meta.url)));
}
