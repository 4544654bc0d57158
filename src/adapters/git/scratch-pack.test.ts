import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Git } from './plumb.ts';
import { packScratch } from './scratch-pack.ts';
import { Snapshots } from './snapshot.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const files = (): readonly string[] =>
  readdirSync(join(pair.scratch.dir, 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?:[0-9a-f]{2}\/[0-9a-f]+|pack\/.*\.pack)$/.test(name),
  );

const text = (mark: string): string => `${Array.from({ length: 9 }, (_, n) => `${n}`).join('\n')}\n${mark}\n`;

it('packs what snapshots leave behind, and everything is found as before', async () => {
  await pair.start({ f: text('') });
  const [a] = pair.worktrees;
  const snapshots = new Snapshots(a, pair.scratch, 'scratch');
  const taken: string[] = [];
  for (let n = 0; n < 6; n++) {
    pair.edit(0, 'f', text(`a ${n}`));
    taken.push(got(await snapshots.take(n === 0 ? undefined : new Set(['f']))).snapshot.commit);
  }
  expect(files().length).toBeGreaterThan(15);
  expect(got(await packScratch(a, pair.scratch)).packed).toBe(0);
  expect(got(await packScratch(a, pair.scratch, 0)).packed).toBeGreaterThan(15);
  expect(files()).toEqual([expect.stringMatching(/^pack\//)]);
  // The reader of before, and the next snapshot, know nothing of it.
  pair.edit(0, 'f', text('a 0'));
  pair.edit(1, 'f', text('b'));
  expect(got(await snapshots.take(new Set(['f']))).snapshot.commit).toBe(taken[0]);
  expect((await pair.verdict()).paths).toMatchObject([{ path: 'f', verdict: 'conflict' }]);
  // Again: into one pack with the first.
  got(await packScratch(a, pair.scratch, 0));
  expect(files()).toHaveLength(1);
  const git = new Git(a, pair.scratch.env);
  const blobs = await Promise.all(taken.map((commit) => git.line(['show', `${commit}:f`])));
  expect(blobs).toEqual(taken.map((_, n) => text(`a ${n}`).trimEnd()));
});
