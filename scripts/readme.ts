/**
 * Writes what is kept as data into the README: the table of keys, and the newest figures of merging (`npm run readme`). A test
 * tells when the keys are due.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { BINDINGS } from '../src/tui/keys/bindings.ts';
import { keysMarkdown, withKeys } from '../src/tui/keys/markdown.ts';
import { mergeTable, type MergeResults } from '../test/bench/merge/targets.ts';

const file = new URL('../README.md', import.meta.url);
const bench = new URL('../bench/', import.meta.url);

/** As it is where nothing has been measured. */
function withMerging(readme: string): string {
  const [begin, end] = ['<!-- bench-merge:begin -->', '<!-- bench-merge:end -->'];
  const newest = readdirSync(bench)
    .filter((name) => name.endsWith('-merge.json'))
    .toSorted()
    .at(-1);
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (!newest || from < 0 || to < from) return readme;
  const { at, results } = JSON.parse(readFileSync(new URL(newest, bench), 'utf8')) as {
    at: string;
    results: MergeResults[];
  };
  const text = `Eight worktrees, ${at.slice(0, 10)}, two shared cores:\n\n${mergeTable(results)}`;
  return `${readme.slice(0, from + begin.length)}\n\n${text}\n\n${readme.slice(to)}`;
}

const readme = withKeys(readFileSync(file, 'utf8'), keysMarkdown(BINDINGS));
writeFileSync(file, withMerging(readme));
