import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settled } from '../../core/merge/round.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { applyRound, backUp, mergeSides, planRound, rollBack } from './round.ts';
import { undoRound } from './undo.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const lines = (...changed: readonly (readonly [number, string])[]) => {
  const all = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
  for (const [at, text] of changed) all[at - 1] = text;
  return `${all.join('\n')}\n`;
};

async function round(id: string, settled: readonly Settled[] = [], scope: 'paths' | 'tree' = 'paths') {
  const sides = await pair.sides();
  got(await backUp(id, sides));
  const { result } = got(await mergeSides(pair.scratch, sides, scope));
  const unsettled = result.conflicts.filter(({ path }) => !settled.some((choice) => choice.path === path));
  if (unsettled.length > 0) return result;
  got(await planRound(id, pair.scratch, sides, result, settled));
  got(await applyRound(id, pair.scratch, pair.worktrees));
  return result;
}

const at = (side: 0 | 1, path: string) => join(pair.worktrees[side].dir, path);
const text = (side: 0 | 1, path: string) => readFileSync(at(side, path), 'utf8');
const status = (side: 0 | 1) => pair.git(pair.worktrees[side].dir, 'status', '--porcelain');

describe('a clean round', () => {
  it('gives both worktrees the merged file and leaves all else as it was', async () => {
    await pair.start({ 'src/f': lines(), other: 'x\n' });
    pair.edit(0, 'src/f', lines([3, 'by a']));
    pair.edit(1, 'src/f', lines([20, 'by b']));
    pair.edit(0, 'only-a', 'a\n');
    pair.edit(1, 'other', 'by b\n');
    pair.git(pair.worktrees[1].dir, 'add', 'src/f');
    const index = readFileSync(join(pair.worktrees[1].gitDir, 'index'));
    expect((await pair.verdict()).paths).toEqual([{ path: 'src/f', verdict: 'clean', sameRegion: false }]);
    await round('r1');
    for (const side of [0, 1] as const) expect(text(side, 'src/f')).toBe(lines([3, 'by a'], [20, 'by b']));
    expect(existsSync(at(1, 'only-a'))).toBe(false);
    expect(text(0, 'other')).toBe('x\n');
    expect(readFileSync(join(pair.worktrees[1].gitDir, 'index'))).toEqual(index);
    expect(status(0)).toBe(' M src/f\n?? only-a\n');
    expect((await pair.verdict()).paths).toEqual([]);
    for (const part of ['a/snap', 'a/head', 'a/index', 'b/plan', 'b/files', 'merged']) {
      expect(pair.git(pair.repo, 'rev-parse', `refs/llmctl/backup/r1/${part}`)).toMatch(/^[0-9a-f]{40}\n$/);
    }
  });

  it('gives both a file that one renamed and the other changed, under its new name', async () => {
    await pair.start({ 'src/f': lines(), other: 'x\n' });
    renameSync(at(0, 'src/f'), at(0, 'moved'));
    pair.edit(1, 'src/f', lines([20, 'by b']));
    const { merged, conflicts } = await round('r1');
    expect([merged.map(({ path }) => path), conflicts]).toEqual([['moved', 'src/f'], []]);
    for (const side of [0, 1] as const) {
      expect(text(side, 'moved')).toBe(lines([20, 'by b']));
      expect(existsSync(at(side, 'src/f'))).toBe(false);
    }
    expect((await pair.verdict()).paths).toEqual([]);
    got(await undoRound('r1', pair.scratch, pair.worktrees));
    expect([text(0, 'moved'), text(1, 'src/f')]).toEqual([lines(), lines([20, 'by b'])]);
    expect(existsSync(at(1, 'moved'))).toBe(false);
  });

  it('measures what comes after from what the round came to', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'by a']));
    pair.edit(1, 'f', lines([5, 'by b']));
    expect((await pair.verdict()).paths).toEqual([{ path: 'f', verdict: 'clean', sameRegion: true }]);
    await round('r1');
    // A goes on in the very line that B's copy got from A.
    pair.edit(0, 'f', lines([3, 'by a again'], [5, 'by b']));
    expect((await pair.verdict()).paths).toEqual([]);
    pair.edit(1, 'f', lines([3, 'by a'], [5, 'by b'], [20, 'more by b']));
    expect((await pair.verdict()).paths).toEqual([{ path: 'f', verdict: 'clean', sameRegion: false }]);
    await round('r2');
    for (const side of [0, 1] as const) {
      expect(text(side, 'f')).toBe(lines([3, 'by a again'], [5, 'by b'], [20, 'more by b']));
    }
  });

  it('does not take going back behind a round for taking the other one’s work out', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'by a']));
    pair.edit(1, 'f', lines([20, 'by b']));
    await round('r1');
    pair.edit(1, 'f', lines([20, 'by b']));
    pair.edit(0, 'f', lines([3, 'by a'], [10, 'more by a'], [20, 'by b']));
    await round('r2');
    for (const side of [0, 1] as const)
      expect(text(side, 'f')).toBe(lines([3, 'by a'], [10, 'more by a'], [20, 'by b']));
  });

  it('follows a rename to the other path', async () => {
    await pair.start({ f: lines() });
    renameSync(at(0, 'f'), at(0, 'g'));
    pair.edit(1, 'f', lines([20, 'by b']));
    await round('r1');
    for (const side of [0, 1] as const) {
      expect(existsSync(at(side, 'f'))).toBe(false);
      expect(text(side, 'g')).toBe(lines([20, 'by b']));
    }
    expect((await pair.verdict()).paths).toEqual([]);
  });

  it('carries modes, symlinks, CRLF and names of any bytes', async () => {
    await pair.start({
      '.gitattributes': '*.crlf text eol=crlf\n',
      'run me': lines(),
      'x.crlf': lines().replaceAll('\n', '\r\n'),
    });
    const odd = Buffer.concat([Buffer.from(`${pair.worktrees[0].dir}/"q"\n`), Buffer.from([0xff, 0xfe])]);
    const oddB = Buffer.concat([Buffer.from(`${pair.worktrees[1].dir}/"q"\n`), Buffer.from([0xff, 0xfe])]);
    pair.edit(0, 'run me', lines([3, 'a']));
    chmodSync(at(0, 'run me'), 0o755);
    pair.edit(1, 'run me', lines([20, 'b']));
    pair.edit(0, 'x.crlf', lines([3, 'a']).replaceAll('\n', '\r\n'));
    pair.edit(1, 'x.crlf', lines([20, 'b']).replaceAll('\n', '\r\n'));
    writeFileSync(odd, lines([3, 'a']));
    writeFileSync(oddB, lines([3, 'a']));
    expect((await pair.verdict()).paths.map(({ path }) => path)).toEqual(['run me', 'x.crlf']);
    writeFileSync(oddB, lines([4, 'b']));
    const result = await round('r1', [{ path: '"q"\n\udcff\udcfe', take: 'both' }]);
    expect(result.conflicts.map(({ path }) => path)).toEqual(['"q"\n\udcff\udcfe']);
    expect(statSync(at(1, 'run me')).mode & 0o777).toBe(0o755);
    expect(text(1, 'run me')).toBe(lines([3, 'a'], [20, 'b']));
    expect(text(1, 'x.crlf')).toBe(lines([3, 'a'], [20, 'b']).replaceAll('\n', '\r\n'));
    expect(text(0, 'x.crlf')).toBe(text(1, 'x.crlf'));
    expect(readFileSync(odd, 'utf8')).toBe(readFileSync(oddB, 'utf8'));
    expect(readFileSync(odd, 'utf8')).toContain('b');
  });

  it('moves an ignored file aside that it would overwrite', async () => {
    await pair.start({ '.gitignore': 'out/\n', 'out/x': lines() });
    pair.edit(0, 'out/x', lines([3, 'a']));
    pair.git(pair.worktrees[1].dir, 'rm', '-q', '--cached', 'out/x');
    pair.git(pair.worktrees[1].dir, 'commit', '-qm', 'out is not for git');
    pair.edit(1, 'out/x', 'mine\n');
    const conflict = await round('r1');
    expect(conflict.conflicts.map(({ path }) => path)).toEqual(['out/x']);
    await round('r2', [{ path: 'out/x', take: 'A' }]);
    expect(text(1, 'out/x')).toBe(lines([3, 'a']));
    expect(text(1, 'out/x.llmctl-saved')).toBe('mine\n');
    got(await undoRound('r2', pair.scratch, pair.worktrees));
    expect(text(1, 'out/x')).toBe('mine\n');
    expect(existsSync(at(1, 'out/x.llmctl-saved'))).toBe(false);
  });
});

describe('a conflict', () => {
  const cases: readonly (readonly [Settled, string])[] = [
    [{ path: 'f', take: 'A' }, lines([3, 'a'], [20, 'a2'])],
    [{ path: 'f', take: 'B' }, lines([3, 'b'])],
    [{ path: 'f', take: 'both' }, lines([3, 'a\nb'], [20, 'a2'])],
    [{ path: 'f', take: 'edit', content: Buffer.from('mine\n').toString('base64') }, 'mine\n'],
  ];
  it.each(cases)('is settled by %j', async (choice, expected) => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'a'], [20, 'a2']));
    pair.edit(1, 'f', lines([3, 'b']));
    expect((await pair.verdict()).paths).toEqual([{ path: 'f', verdict: 'conflict', sameRegion: true }]);
    const before = await round('r1');
    expect(before.conflicts.map(({ path }) => path)).toEqual(['f']);
    expect(text(0, 'f')).toBe(lines([3, 'a'], [20, 'a2']));
    await round('r1', [choice]);
    for (const side of [0, 1] as const) expect(text(side, 'f')).toBe(expected);
    expect((await pair.verdict()).paths).toEqual([]);
    got(await undoRound('r1', pair.scratch, pair.worktrees));
    expect([text(0, 'f'), text(1, 'f')]).toEqual([lines([3, 'a'], [20, 'a2']), lines([3, 'b'])]);
  });

  it('of a binary file, a deletion, a file and a folder', async () => {
    await pair.start({ bin: Buffer.from([0, 1, 2]), gone: lines(), place: 'x\n' });
    pair.edit(0, 'bin', Buffer.from([0, 1, 3]));
    pair.edit(1, 'bin', Buffer.from([0, 1, 4]));
    unlinkSync(at(0, 'gone'));
    pair.edit(1, 'gone', lines([3, 'b']));
    rmSync(at(0, 'place'));
    pair.edit(0, 'place/inside', 'a\n');
    pair.edit(1, 'place', 'changed\n');
    const paths = (await pair.verdict()).paths.filter(({ verdict }) => verdict === 'conflict').map(({ path }) => path);
    // Not what git calls the file that has to give way to the folder: nobody has that.
    expect(paths).toEqual(['bin', 'gone', 'place']);
    const { conflicts } = await round('r1');
    const settled = conflicts.map(({ path }): Settled => ({ path, take: 'A' }));
    await round('r1', settled);
    expect(existsSync(at(1, 'gone'))).toBe(false);
    expect(readFileSync(at(1, 'bin'))).toEqual(Buffer.from([0, 1, 3]));
    // The folder's files are A's alone; only the file in its place was both's.
    expect(existsSync(at(1, 'place'))).toBe(false);
    expect((await pair.verdict()).paths).toEqual([]);
  });
});

describe('a round that must not go on', () => {
  it('writes nothing where a file changed after the snapshot', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(1, 'f', lines([20, 'b']));
    const sides = await pair.sides();
    const { result } = got(await mergeSides(pair.scratch, sides));
    pair.edit(1, 'f', lines([20, 'b'], [25, 'late']));
    const plan = await planRound('r1', pair.scratch, sides, result);
    expect(plan).toMatchObject({ ok: false, moved: true });
    expect(text(0, 'f')).toBe(lines([3, 'a']));
  });

  it('rolls back what it wrote and leaves what somebody else wrote', async () => {
    await pair.start({ f: lines(), g: lines() });
    for (const path of ['f', 'g']) {
      pair.edit(0, path, lines([3, 'a']));
      pair.edit(1, path, lines([20, 'b']));
    }
    const sides = await pair.sides();
    got(await backUp('r1', sides));
    const { result } = got(await mergeSides(pair.scratch, sides));
    got(await planRound('r1', pair.scratch, sides, result));
    pair.edit(1, 'g', 'late\n');
    expect(await applyRound('r1', pair.scratch, pair.worktrees)).toMatchObject({ ok: false, moved: true });
    expect(got(await rollBack('r1', pair.scratch, pair.worktrees)).left).toEqual([{ agent: 'b', path: 'g' }]);
    expect([text(0, 'f'), text(0, 'g')]).toEqual([lines([3, 'a']), lines([3, 'a'])]);
    expect([text(1, 'f'), text(1, 'g')]).toEqual([lines([20, 'b']), 'late\n']);
  });

  it('never writes through a symlink', async () => {
    await pair.start({ 'd/f': lines() });
    pair.edit(0, 'd/f', lines([3, 'a']));
    rmSync(at(1, 'd'), { recursive: true });
    const outside = join(pair.folder, 'outside');
    pair.write(outside, 'f', 'precious\n');
    symlinkSync(outside, at(1, 'd'));
    const { conflicts } = await round('r1');
    expect(conflicts.length).toBeGreaterThan(0);
    const sides = await pair.sides();
    const { result } = got(await mergeSides(pair.scratch, sides));
    const settled = result.conflicts.map(({ path }): Settled => ({ path, take: 'A' }));
    await planRound('r1', pair.scratch, sides, result, settled);
    await applyRound('r1', pair.scratch, pair.worktrees);
    expect(readFileSync(join(outside, 'f'), 'utf8')).toBe('precious\n');
    expect(lstatSync(at(1, 'd')).isSymbolicLink() ? readlinkSync(at(1, 'd')) : text(1, 'd/f')).toBe(lines([3, 'a']));
  });
});

describe('undo', () => {
  it('keeps what was written since and names what it can’t take back', async () => {
    await pair.start({ f: lines(), g: lines() });
    for (const path of ['f', 'g']) {
      pair.edit(0, path, lines([3, 'a']));
      pair.edit(1, path, lines([20, 'b']));
    }
    await round('r1');
    pair.edit(0, 'f', lines([3, 'a'], [20, 'b'], [29, 'since']));
    pair.edit(0, 'g', lines([3, 'a'], [20, 'changed since']));
    const undone = got(await undoRound('r1', pair.scratch, pair.worktrees));
    expect(undone.left).toEqual([{ agent: 'a', path: 'g' }]);
    expect(text(0, 'f')).toBe(lines([3, 'a'], [29, 'since']));
    expect(text(0, 'g')).toBe(lines([3, 'a'], [20, 'changed since']));
    expect(text(1, 'f')).toBe(lines([20, 'b']));
  });

  it('restores mixed line ends byte for byte', async () => {
    await pair.start({ '.gitattributes': '* text=auto\n', f: lines() });
    const mixed = lines([3, 'a']).replace('line 9\n', 'line 9\r\n');
    pair.edit(0, 'f', mixed);
    pair.edit(1, 'f', lines([20, 'b']));
    await round('r1');
    expect(text(0, 'f')).toBe(lines([3, 'a'], [20, 'b']));
    got(await undoRound('r1', pair.scratch, pair.worktrees));
    expect(text(0, 'f')).toBe(mixed);
  });
});

describe('a round over the whole tree', () => {
  const whole = (id: string, settled: readonly Settled[] = []) => round(id, settled, 'tree');
  const inSide = (side: 0 | 1, ...args: string[]) => pair.git(pair.worktrees[side].dir, ...args).trimEnd();
  const heads = () => ([0, 1] as const).map((side) => inSide(side, 'rev-parse', 'HEAD'));
  const all = () =>
    ([0, 1] as const).map((side) => [heads()[side], status(side), inSide(side, 'ls-files', '--stage', '-v')]);
  const commit = (side: 0 | 1) => {
    inSide(side, 'add', '-A');
    inSide(side, 'commit', '-q', '-m', `by ${side}`);
  };

  it('joins both branches, keeps uncommitted work so, and is undone with branch and index', async () => {
    await pair.start({ f: lines(), g: lines(), h: 'x\n', 'd/gone': 'x\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    rmSync(at(0, 'd'), { recursive: true });
    commit(0);
    pair.edit(0, 'new', 'of a\n');
    pair.edit(1, 'f', lines([20, 'b']));
    commit(1);
    pair.edit(1, 'g', lines([5, 'b, staged']));
    inSide(1, 'add', 'g');
    const own = heads();
    const before = all();
    await whole('r1');
    expect(heads()[0]).toBe(heads()[1]);
    expect(inSide(0, 'rev-parse', 'llmctl/a', 'HEAD^1', 'HEAD^2')).toBe([heads()[0], ...own].join('\n'));
    expect(inSide(0, 'show', 'HEAD:f')).toBe(lines([3, 'a'], [20, 'b']).trimEnd());
    for (const side of [0, 1] as const) {
      expect(text(side, 'g')).toBe(lines([5, 'b, staged']));
      expect([text(side, 'new'), existsSync(at(side, 'd'))]).toEqual(['of a\n', false]);
    }
    expect([status(0), status(1)]).toEqual([' M g\n?? new\n', 'M  g\n?? new\n']);
    expect((await pair.verdict()).paths).toEqual([]);
    expect(got(await undoRound('r1', pair.scratch, pair.worktrees)).left).toEqual([]);
    expect(all()).toEqual(before);
    expect(existsSync(at(1, 'new'))).toBe(false);
  });

  it('moves no branch where nothing is committed, and forward only where one side has commits', async () => {
    await pair.start({ f: lines() });
    const [base] = heads();
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(1, 'f', lines([20, 'b']));
    await whole('r1');
    expect(heads()).toEqual([base, base]);
    // What comes after is measured from what the round came to.
    pair.edit(0, 'f', lines([3, 'a'], [20, 'b, by a']));
    expect((await pair.verdict()).paths).toEqual([]);
    commit(0);
    const [ahead] = heads();
    await whole('r2');
    expect(heads()).toEqual([ahead, ahead]);
    expect([text(1, 'f'), status(1)]).toEqual([lines([3, 'a'], [20, 'b, by a']), '']);
  });

  it('takes a person’s choice into the joined commit where commits conflict, with a detached HEAD as well', async () => {
    await pair.start({ f: lines(), pic: Buffer.from([0, 1]) });
    inSide(1, 'checkout', '-q', '--detach');
    for (const side of [0, 1] as const) {
      pair.edit(side, 'f', lines([3, `by ${side}`]));
      pair.edit(side, 'pic', Buffer.from([0, 2 + side]));
      commit(side);
    }
    await whole('r1', [
      { path: 'f', take: 'both' },
      { path: 'pic', take: 'B' },
    ]);
    expect(heads()[0]).toBe(heads()[1]);
    expect(inSide(1, 'rev-parse', 'llmctl/b')).not.toBe(heads()[1]);
    expect([status(0), status(1)]).toEqual(['', '']);
    expect(text(0, 'f')).toContain('by 0\nby 1\n');
    expect(readFileSync(at(0, 'pic'))).toEqual(Buffer.from([0, 3]));
  });

  it('is not undone over a commit, nor applied where the index moved', async () => {
    await pair.start({ f: lines(), g: 'x\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    commit(0);
    pair.edit(1, 'f', lines([20, 'b']));
    const sides = await pair.sides();
    got(await backUp('r1', sides));
    const { result } = got(await mergeSides(pair.scratch, sides, 'tree'));
    got(await planRound('r1', pair.scratch, sides, result));
    inSide(1, 'update-index', '--chmod=+x', 'g');
    expect(await applyRound('r1', pair.scratch, pair.worktrees)).toMatchObject({ ok: false, moved: true });
    got(await rollBack('r1', pair.scratch, pair.worktrees));
    expect([text(0, 'f'), text(1, 'f'), heads()[1]]).toEqual([
      lines([3, 'a']),
      lines([20, 'b']),
      pair.git(pair.repo, 'rev-parse', 'main').trim(),
    ]);
    await whole('r2');
    inSide(1, 'commit', '-q', '--allow-empty', '-m', 'on top');
    const before = all();
    expect(await undoRound('r2', pair.scratch, pair.worktrees)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^b has committed since/),
    });
    expect(all()).toEqual(before);
  });
});
