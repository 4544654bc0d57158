import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roundDiffs } from './diff.ts';
import { GuardedFile, MOST_BYTES, outdated } from './guarded-file.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { applyRound, backUp, mergeSides, planRound } from './round.ts';
import { StaleGuard } from './stale-guard.ts';

const HOUR = 60 * 60_000;

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const text = (...marks: readonly string[]): string =>
  `${['1', '2', '3', '4', '5', '6', '7', '8', '9', ...marks].sort().join('\n')}\n`;

/** Both have changed `f`, and have the merge of it. @returns the guard of the second */
async function merged(now?: () => number): Promise<StaleGuard> {
  await pair.start({ f: text() });
  pair.edit(0, 'f', text('2 by a'));
  pair.edit(1, 'f', text('8 by b'));
  await round('r');
  const guard = new StaleGuard(pair.worktrees[1], pair.scratch, undefined, now);
  got(await guard.remember('r'));
  return guard;
}

async function round(id: string): Promise<void> {
  const sides = await pair.sides();
  got(await backUp(id, sides));
  const { result } = got(await mergeSides(pair.scratch, sides));
  got(await planRound(id, pair.scratch, sides, result));
  got(await applyRound(id, pair.scratch, pair.worktrees));
}

const read = (path: string): string => readFileSync(join(pair.worktrees[1].dir, path), 'utf8');
const at = (path: string): string => join(pair.worktrees[1].dir, path);
const kept = (ref: string | null, name: string): string => pair.git(pair.repo, 'show', `${ref}:${name}`);

describe('the guard against stale writes', () => {
  it('merges back what a stale write took out, and tells each what the other did', async () => {
    const guard = await merged();
    const { diffs } = got(await roundDiffs(pair.worktrees[1], 'r'));
    expect(diffs).toEqual([{ path: 'f', diff: '@@ -2,2 +2,3 @@\n 2\n+2 by a\n 3' }]);
    pair.edit(1, 'f', text('5 more', '8 by b'));
    const put = got(await guard.check('f'));
    expect(put.finding).toBe('merged');
    expect(read('f')).toBe(text('2 by a', '5 more', '8 by b'));
    // Before somebody's file is written to, what it was is kept.
    expect(kept(put.kept, 'written')).toBe(text('5 more', '8 by b'));
    pair.edit(1, 'f', text('2 by a', '5 more', '6 fresh', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    expect((await pair.verdict()).paths).toEqual([]);
    // Stale again, and in the very line: nothing is taken for wanted.
    pair.edit(1, 'f', text('2 by me', '8 by b'));
    const over = got(await guard.check('f'));
    expect(over.finding).toBe('conflict');
    expect(kept(over.kept, 'merged')).toBe(text('2 by a', '5 more', '6 fresh', '8 by b'));
    expect((await pair.verdict()).paths).toEqual([{ path: 'f', verdict: 'conflict', sameRegion: true }]);
  });

  it('takes nothing for stale that is put back on purpose', async () => {
    const guard = await merged();
    pair.edit(1, 'f', text('8 by b'));
    got(await guard.accept('f'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    // Made from what was put back, and from nothing else.
    pair.edit(1, 'f', text('7 more', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    expect(read('f')).toBe(text('7 more', '8 by b'));
  });

  it('follows a file that was written from an old read and moved before anybody looked', async () => {
    const guard = await merged();
    pair.edit(1, 'f', text('5 more', '8 by b'));
    pair.write(pair.worktrees[1].dir, 'other', 'something else\n');
    renameSync(at('f'), at('g'));
    expect(got(await guard.check('f'))).toMatchObject({ finding: 'merged', path: 'g' });
    expect(read('g')).toBe(text('2 by a', '5 more', '8 by b'));
    expect(guard.paths).toEqual(['g']);
    // And from there on.
    pair.edit(1, 'g', text('5 more', '7 too', '8 by b'));
    expect(got(await guard.check('g')).finding).toBe('merged');
    expect(read('g')).toBe(text('2 by a', '5 more', '7 too', '8 by b'));
  });

  it('lets a file that was only moved be', async () => {
    const guard = await merged();
    renameSync(at('f'), at('g'));
    expect(got(await guard.check('f'))).toMatchObject({ finding: 'fresh', path: 'g', kept: null });
    expect(read('g')).toBe(text('2 by a', '8 by b'));
  });

  it('takes nothing for wanted of a file that was deleted unread, and keeps it', async () => {
    const guard = await merged();
    expect((await pair.verdict()).paths).toEqual([]);
    pair.edit(1, 'f', text('5 more', '8 by b'));
    rmSync(at('f'));
    const gone = got(await guard.check('f'));
    expect(gone).toMatchObject({ finding: 'deleted', path: 'f' });
    expect(kept(gone.kept, 'merged')).toBe(text('2 by a', '8 by b'));
    expect((await pair.verdict()).paths).toEqual([{ path: 'f', verdict: 'conflict', sameRegion: true }]);
    expect(got(await guard.check('f')).finding).toBe('fresh');
    // Written back from what was read before all that.
    pair.edit(1, 'f', text('5 more', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('merged');
    expect(read('f')).toBe(text('2 by a', '5 more', '8 by b'));
  });

  it('says nothing of a file that is deleted by somebody who knew it, nor of another one in its place', async () => {
    const guard = await merged();
    pair.edit(1, 'f', text('2 by a', '7 more', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    rmSync(at('f'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    pair.edit(1, 'f', 'something else\n');
    expect(got(await guard.check('f')).finding).toBe('fresh');
    expect(read('f')).toBe('something else\n');
    expect(guard.paths).toEqual([]);
  });

  it('has forgotten after a day what was read before, and lets a change be taken out again then', async () => {
    let now = 1_000_000;
    const guard = await merged(() => now);
    now += 23 * HOUR;
    pair.edit(1, 'f', text('5 more', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('merged');
    now += 2 * HOUR;
    pair.edit(1, 'f', text('8 by b'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    expect(read('f')).toBe(text('8 by b'));
    expect(guard.paths).toEqual([]);
  });

  it('has forgotten an hour after the merge where its agent has written to the file knowing of it', async () => {
    let now = 1_000_000;
    const guard = await merged(() => now);
    pair.edit(1, 'f', text('2 by a', '5 more', '8 by b'));
    expect(got(await guard.check('f')).finding).toBe('fresh');
    now += 30 * 60_000;
    got(await guard.check('f'));
    expect(guard.paths).toEqual(['f']);
    now += HOUR;
    got(await guard.check('f'));
    expect(guard.paths).toEqual([]);
  });

  it('keeps no more than it has room for of what is older than an hour, the youngest first', () => {
    const file = (since: number): GuardedFile => {
      const one = new GuardedFile();
      one.push(Buffer.alloc(MOST_BYTES / 4 + 1, `${since}`));
      one.since = since;
      return one;
    };
    const hours = [0, 1, 2, 3, 4];
    const files = new Map(hours.map((hour) => [`f${hour}`, file(hour * HOUR)] as const));
    expect(outdated(files, 4.5 * HOUR)).toEqual(['f1', 'f0']);
    // What is young stays, whatever it takes.
    for (const one of files.values()) one.since = 4 * HOUR;
    expect(outdated(files, 4.5 * HOUR)).toEqual([]);
  });

  it('that is told again knows what agents had made of a file by the next round', async () => {
    await merged();
    const own = text('2 by a', '3 own', '4 own', '5 own', '6 own', '8 by b');
    pair.edit(1, 'f', own);
    pair.edit(0, 'n', 'new\n');
    pair.edit(1, 'n', 'new\n');
    await round('r2');
    const again = new StaleGuard(pair.worktrees[1], pair.scratch);
    for (const id of ['r', 'r2']) got(await again.remember(id, 'again'));
    // Nearer to what lay there before the first round than to what came of it, and made from what lies there.
    pair.edit(1, 'f', text('3 own', '4 own', '5 own', '6 own', '8 by b'));
    expect(got(await again.check('f')).finding).toBe('fresh');
  });
});
