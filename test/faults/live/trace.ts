/** Where a lost line was written, where it was seen last, and what keeps it: what one needs to find out how it went. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, SIDES } from './ledger.ts';

/** Of the writers' doings at a file, as many are told of as came last. */
const DOINGS = 40;

interface Doing {
  readonly t: number;
  readonly at: string;
  readonly op: string;
  readonly path: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** @param folder of the writers' logs. @param trees of the two, by agent */
export function traceOf(
  repo: string,
  folder: string,
  trees: Readonly<Record<'a' | 'b', string>>,
  lost: readonly string[],
): string {
  const doings = SIDES.flatMap((side) =>
    readFileSync(join(folder, `${side}.log`), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => ({ side, ...(JSON.parse(line) as Doing) })),
  ).toSorted((x, y) => x.t - y.t);
  const refs = git(repo, 'for-each-ref', '--format=%(refname)', 'refs/llmctl/backup').split('\n').filter(Boolean);
  const trails = lost.map((token) => {
    const paths = new Set(doings.filter(({ added }) => added.includes(token)).map(({ path }) => path));
    for (const ref of refs) for (const path of namesIn(repo, token, ref)) paths.add(path);
    const told = doings.filter(({ path, at }) => paths.has(path) && at !== 'may').slice(-DOINGS);
    return [
      `${token}: ${[...paths].join(', ')}`,
      ...SIDES.map((side) => `  tree of ${side}: ${placesIn(trees[side], token).join(', ') || '-'}`),
      ...refs.flatMap((ref) => {
        const places = namesIn(repo, token, ref);
        return places.length > 0 ? [`  ${ref}: ${places.join(', ')}`] : [];
      }),
      ...told.map(
        ({ t, side, at, op, path, added, removed }) =>
          `  ${new Date(t).toISOString().slice(14, 23)} ${side} ${at} ${op} ${path} +${added.join()} -${removed.join()}`,
      ),
    ].join('\n');
  });
  return trails.join('\n');
}

function placesIn(dir: string, token: string): string[] {
  return Object.entries(contentsOf(dir)).flatMap(([path, text]) => (text.includes(token) ? [path] : []));
}

function namesIn(repo: string, token: string, ref: string): string[] {
  if (!/\/(snap|merged)$|\/(lost|stale)-[^/]*\/[^/]*\/files$/.test(ref)) return [];
  return git(repo, 'grep', '-l', '-F', '-e', token, ref)
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(ref.length + 1));
}

function git(cwd: string, ...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Nothing there.
    return '';
  }
}
