/**
 * Writes what is kept as data into the README: the table of keys, and the newest figures of merging and hooks (`npm run readme`). A test
 * tells when the keys are due.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { BINDINGS } from '../src/tui/keys/bindings.ts';
import { keysMarkdown, withKeys } from '../src/tui/keys/markdown.ts';
import { hooksTable, type HookFigures } from '../test/bench/hooks/targets.ts';
import { mergeTable, type MergeResults } from '../test/bench/merge/targets.ts';

const file = new URL('../README.md', import.meta.url);
const bench = new URL('../bench/', import.meta.url);

/** As it is where nothing has been measured. @param textOf its day and results, as the README is to have them */
function withBench<T>(readme: string, part: string, textOf: (day: string, results: T) => string): string {
  const [begin, end] = [`<!-- bench-${part}:begin -->`, `<!-- bench-${part}:end -->`];
  const newest = readdirSync(bench)
    .filter((name) => name.endsWith(`-${part}.json`))
    .toSorted()
    .at(-1);
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (!newest || from < 0 || to < from) return readme;
  const { at, results } = JSON.parse(readFileSync(new URL(newest, bench), 'utf8')) as {
    readonly at: string;
    readonly results: T;
  };
  return `${readme.slice(0, from + begin.length)}\n\n${textOf(at.slice(0, 10), results)}\n\n${readme.slice(to)}`;
}

const keys = withKeys(readFileSync(file, 'utf8'), keysMarkdown(BINDINGS));
const merging = withBench<MergeResults[]>(
  keys,
  'merge',
  (day, results) => `Eight worktrees, ${day}, two shared cores:\n\n${mergeTable(results)}`,
);
const hooks = withBench<HookFigures>(
  merging,
  'hooks',
  (day, results) =>
    `${day}, two shared cores at a load of ${Math.round(results.load ?? 0)}; busy: two programs more for each core that want all of ` +
    `it.\n\n${hooksTable(results)}`,
);
writeFileSync(file, hooks);
