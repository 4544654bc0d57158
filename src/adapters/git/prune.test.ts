import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Git } from './plumb.ts';
import { pruneBackups } from './prune.ts';
import { backupRef, landedRef, updateRefs } from './refs.ts';

const DAY = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 5, 1);

let pair: PairOfAgents;
let git: Git;
beforeEach(async () => {
  pair = new PairOfAgents();
  await pair.start({ f: 'f\n' });
  git = new Git(pair.worktrees[0]);
});
afterEach(() => pair.remove());

/** A round's or landing's refs, so many days old. */
async function keeps(ids: readonly string[], days: number, refOf = (id: string) => backupRef(id, 'a', 'snap')) {
  const head = await git.line(['rev-parse', 'HEAD']);
  await updateRefs(
    git,
    ids.map((id) => [refOf(id), head] as const),
  );
  for (const id of ids) age(refOf(id), days);
}

function age(file: string, days: number) {
  const seconds = (NOW - days * DAY) / 1000;
  utimesSync(join(pair.worktrees[0].commonDir, file), seconds, seconds);
}

const refs = () =>
  pair
    .git(pair.repo, 'for-each-ref', '--format=%(refname)', 'refs/llmctl')
    .split('\n')
    .filter((ref) => /backup|landed/.test(ref));
const prune = async (...keep: string[]) => got(await pruneBackups(git, { keep: new Set(keep), now: NOW })).pruned;
const many = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n}`);

describe('backups', () => {
  it('stay for 14 days, however many there are', async () => {
    await keeps(many('r', 210), 13);
    expect(await prune()).toEqual([]);
    expect(refs()).toHaveLength(210);
  });

  it('go where they are older, but for the last 200 and those that can be undone', async () => {
    await keeps(many('new', 198), 1);
    await keeps(['old', 'undoable', 'id with spaces', 'gone'], 30);
    await keeps(['old', 'undoable-undo'], 30, landedRef);
    await keeps(['latest of the old'], 20);
    // One young ref keeps all of its round.
    await updateRefs(git, [[backupRef('old', 'b', 'plan'), await git.line(['rev-parse', 'HEAD'])]]);
    age(backupRef('old', 'b', 'plan'), 2);
    expect(await prune('undoable', 'id with spaces')).toEqual(['gone']);
    expect(refs()).toContain(backupRef('undoable', 'a', 'snap'));
    expect(refs()).toContain(landedRef('undoable-undo'));
    expect(refs()).toContain(landedRef('old'));
    expect(refs()).not.toContain(backupRef('gone', 'a', 'snap'));
  });

  it('that are packed are as old as the packing', async () => {
    await keeps(many('r', 205), 30);
    pair.git(pair.repo, 'pack-refs', '--all');
    age('packed-refs', 10);
    expect(await prune()).toEqual([]);
    age('packed-refs', 15);
    expect(await prune()).toHaveLength(5);
    expect(refs()).toHaveLength(200);
  });
});
