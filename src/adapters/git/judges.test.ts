import { afterEach, beforeEach, expect, it } from 'vitest';
import { changedLines } from './hunks.ts';
import { Judges } from './judges.ts';
import { mergeCommits, mergeTrees } from './merge-tree.ts';
import { writeObject } from './objects.ts';
import { PairOfAgents } from './pair.testkit.ts';
import { Git } from './plumb.ts';
import { formatTree } from './trees.ts';

let pair: PairOfAgents;
let git: Git;
let judges: Judges;
beforeEach(async () => {
  pair = new PairOfAgents();
  await pair.start({ f: 'f\n' });
  git = new Git(pair.worktrees[0], pair.scratch.env);
  judges = new Judges(git);
});
afterEach(() => {
  judges.close();
  pair.remove();
});

const LIKE = '0'.repeat(40);
const blob = (text: string | Buffer) => writeObject(git, 'blob', Buffer.from(text), LIKE);

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const entries = await Promise.all(
    Object.entries(files).map(async ([name, text]) => [name, { mode: '100644', oid: await blob(text) }] as const),
  );
  return writeObject(git, 'tree', formatTree(new Map(entries)), LIKE);
}

const lines = (change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 20 }, (_, n) => `${change[n] ?? `line ${n}`}\n`).join('');

it('merge as git does when it is started for it, one question after the other and many at once', async () => {
  const base = await tree({ a: lines(), b: lines(), 'odd\nname "x"': lines() });
  const sides = await Promise.all([
    tree({ a: lines({ 2: 'x' }), b: lines(), 'odd\nname "x"': lines({ 3: 'x' }) }),
    tree({ a: lines({ 2: 'y' }), b: lines({ 9: 'y' }), 'odd\nname "x"': lines({ 3: 'y' }) }),
    tree({ a: lines({ 15: 'z' }), b: lines({ 9: 'z' }), 'odd\nname "x"': lines() }),
    // Of the size of many buffers of output.
    tree(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`file-${'n'.repeat(60)}-${n}`, `${n}\n`]))),
    base,
  ]);
  const pairs = sides.flatMap((a) => sides.map((b) => [a, b] as const));
  const asked = (one: string, other: string) => judges.merge(one, other);
  const [told, expected] = [
    await Promise.all(pairs.map(([a, b]) => mergeTrees(git, base, a, b, asked))),
    await Promise.all(pairs.map(([a, b]) => mergeTrees(git, base, a, b, (x, y) => mergeCommits(git, x, y)))),
  ];
  expect(told).toEqual(expected);
  // Both deleted all: what comes next has its own answer still.
  const none = await tree({});
  expect(await mergeTrees(git, base, none, none, asked)).toEqual(await mergeTrees(git, base, none, none));
  expect(await mergeTrees(git, base, sides[0]!, sides[2]!, asked)).toEqual(expected[2]);
  expect(told.some(({ conflicts }) => conflicts.has('odd\nname "x"'))).toBe(true);
});

it('tell which lines changed as git does when it is started for it', async () => {
  const texts = [
    lines(),
    lines({ 2: 'x' }),
    lines({ 2: 'x', 19: 'END' }),
    'END',
    '',
    lines().slice(0, 40),
    Buffer.from('a\0b\n'),
  ];
  const blobs = await Promise.all(texts.map((text) => blob(text)));
  for (const from of blobs) {
    for (const to of blobs) {
      const expected = from === to ? [] : await changedLines(git, from, to);
      expect(await judges.changed(from, to)).toEqual(expected);
    }
  }
});

it('are started again after one ended, and follow what attributes say', async () => {
  const [base, a, b] = await Promise.all([
    tree({ f: lines() }),
    tree({ f: lines({ 2: 'a' }) }),
    tree({ f: lines({ 2: 'b' }) }),
  ]);
  const merged = () => mergeTrees(git, base, a, b, (one, other) => judges.merge(one, other));
  expect([...(await merged()).conflicts]).toEqual(['f']);
  pair.write(pair.worktrees[0].dir, '.gitattributes', 'f merge=union\n');
  expect([...(await merged()).conflicts]).toEqual([]);
  await expect(judges.merge('1'.repeat(40), '2'.repeat(40))).rejects.toThrow('ended while it was asked');
  expect([...(await merged()).conflicts]).toEqual([]);
});
