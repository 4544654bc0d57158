import * as fc from 'fast-check';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Snapshots } from './snapshot.ts';

/** More of them by hand: SNAPSHOT_RUNS=300. */
const RUNS = Number(process.env.SNAPSHOT_RUNS ?? 12);

/** Files, folders of the same names, ignored ones and ones that a rule is about. */
const PATHS = [
  'a',
  'a/x',
  'a/y/z',
  'b.txt',
  'b/é "q"\n',
  'c.log',
  'c/d.log',
  'out/x',
  'e.crlf',
  'i.id',
  'f/g/h',
  'f',
  'k.bin',
];
const TEXTS = ['one\n', 'two\nlines\n', 'with\r\ncr\r\n', '$Id$\n$Id: 12 $\n', '', '\0binary\r\n'];
const RULES = [
  ['.gitignore', '*.log\nout/\n'],
  ['.gitignore', '*.txt\n'],
  ['a/.gitignore', 'x\n'],
  ['.gitattributes', '*.crlf text eol=crlf\n*.id ident\n'],
  ['.gitattributes', '* text=auto\n*.bin -text\n'],
] as const;

const path = fc.constantFrom(...PATHS);
const edit = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), path, text: fc.constantFrom(...TEXTS) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rename' as const), path, to: path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mode' as const), path }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('link' as const), path, to: fc.constantFrom('b.txt', '/etc') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rules' as const), rule: fc.constantFrom(...RULES) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('git' as const),
      args: fc.constantFrom(
        ['add', '-A'],
        ['commit', '-qam', 'x'],
        ['add', '-f', '-A'],
        ['rm', '-rq', '--cached', '.'],
        ['status'],
      ),
    }),
  },
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Does it as far as it can be done. @returns what a watcher would tell */
function carryOut(pair: PairOfAgents, edit: Edit): string[] {
  const { dir } = pair.worktrees[0];
  const at = (path: string) => join(dir, path);
  try {
    switch (edit.kind) {
      case 'write':
      case 'link':
        makeWay(dir, edit.path);
        rmSync(at(edit.path), { recursive: true, force: true });
        if (edit.kind === 'link') symlinkSync(edit.to, at(edit.path));
        else writeFileSync(at(edit.path), edit.text);
        return [edit.path];
      case 'remove':
        rmSync(at(edit.path), { recursive: true, force: true });
        return [edit.path];
      case 'rename':
        makeWay(dir, edit.to);
        renameSync(at(edit.path), at(edit.to));
        return [edit.path, edit.to];
      case 'mode':
        chmodSync(at(edit.path), lstatSync(at(edit.path)).mode ^ 0o111);
        return [edit.path];
      case 'rules':
        makeWay(dir, edit.rule[0]);
        writeFileSync(at(edit.rule[0]), edit.rule[1]);
        return [edit.rule[0]];
      case 'git':
        pair.git(dir, ...edit.args);
        return [];
      default:
        return edit satisfies never;
    }
  } catch {
    return edit.kind === 'rename' ? [edit.path, edit.to] : 'path' in edit ? [edit.path] : [];
  }
}

/** A file where a folder is to be makes room for it. */
function makeWay(dir: string, path: string): void {
  const folder = dirname(path);
  if (folder === '.') return;
  makeWay(dir, folder);
  const found = lstatSync(join(dir, folder), { throwIfNoEntry: false });
  if (found && !found.isDirectory()) rmSync(join(dir, folder));
  mkdirSync(join(dir, folder), { recursive: true });
}

/** Folders that a file was put in may have been made or been in the way. */
function told(paths: readonly string[]): string[] {
  return paths.flatMap((path) => path.split('/').map((_, n, names) => names.slice(0, n + 1).join('/')));
}

describe('snapshots of what is said to have changed', () => {
  it(
    'are those of a look at everything',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 8 }),
          async (turns) => {
            const pair = new PairOfAgents();
            try {
              await pair.start({
                'a/x': 'x\n',
                'b.txt': 'b\n',
                'c.log': 'forced\n',
                'f/g/h': 'h\n',
                '.gitignore': '*.log\nout/\n',
              });
              const [worktree] = pair.worktrees;
              const hinted = new Snapshots(worktree, pair.scratch, 'scratch');
              got(await hinted.take());
              for (const edits of turns) {
                const hint = new Set(edits.flatMap((edit) => told(carryOut(pair, edit))));
                const { tree } = got(await hinted.take(hint)).snapshot;
                const fresh = new Snapshots(worktree, pair.scratch, 'repository');
                const { tree: whole } = got(await fresh.take()).snapshot;
                const unlike = tree === whole ? '' : pair.git(pair.repo, 'diff-tree', '-r', whole, tree);
                expect({ unlike, edits }).toEqual({ unlike: '', edits });
              }
            } finally {
              pair.remove();
            }
          },
        ),
        { numRuns: RUNS },
      );
    },
    60_000 + RUNS * 10_000,
  );
});
