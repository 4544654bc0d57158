import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { absorb } from './absorb.ts';
import { finishForward, forward, prepareForward } from './forward.ts';
import type { ForwardRequest, Forwarded } from './forward.ts';
import { undoForward } from './forward-undo.ts';
import { finishMove } from './head-move.ts';
import { moveIntegration, openIntegration } from './integration.ts';
import { landCommit } from './land-commit.ts';
import { mergeForLanding } from './landing-merge.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Git } from './plumb.ts';
import { rebuildWithout } from './rebuild.ts';
import type { LandedMerge, Rebuilt } from './rebuild.ts';
import { Snapshots } from './snapshot.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const BRANCH = 'llmctl/integration';
const when = Date.UTC(2026, 0, 2);

const lines = (...changed: readonly (readonly [number, string])[]) => {
  const all = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
  for (const [n, text] of changed) all[n - 1] = text;
  return `${all.join('\n')}\n`;
};

const inRepo = (...args: string[]) => pair.git(pair.repo, ...args).trimEnd();
const inSide = (side: 0 | 1, ...args: string[]) => pair.git(pair.worktrees[side].dir, ...args).trimEnd();
const at = (side: 0 | 1, path: string) => join(pair.worktrees[side].dir, path);
const text = (side: 0 | 1, path: string) => readFileSync(at(side, path), 'utf8');
const status = (side: 0 | 1) => inSide(side, 'status', '--porcelain');
const commitAll = (side: 0 | 1, message = 'work') => {
  inSide(side, 'add', '-A');
  inSide(side, 'commit', '-q', '-m', message);
};

const landings: LandedMerge[] = [];

/** Lands what a side has. @returns what landed as what */
async function land(side: 0 | 1, id: string) {
  const worktree = pair.worktrees[side];
  const { git, tip } = got(await openIntegration(pair.repo, { branch: BRANCH, base: null }));
  const work = got(await landCommit(worktree, pair.scratch, { message: `Work of ${worktree.agent}`, at: when }));
  const text = { agent: worktree.agent, message: `Land ${id}`, at: when };
  const { merge } = got(await mergeForLanding(git, pair.scratch, tip, work.commit, text));
  if (merge.kind !== 'merged') throw new Error(JSON.stringify(merge));
  got(await moveIntegration(git, { branch: BRANCH, from: tip, to: merge.commit, id }));
  landings.push({ id, merge: merge.commit });
  return { ...work, merge: merge.commit };
}

const tip = () => inRepo('rev-parse', BRANCH);

function bring(side: 0 | 1, more: Partial<ForwardRequest> = {}) {
  const snapshots = new Snapshots(pair.worktrees[side], pair.scratch, 'repository');
  const request = { tip: tip(), id: 'fw', at: when, ...more };
  return forward(pair.worktrees[side], pair.scratch, snapshots, request);
}

const brought = async (side: 0 | 1, more: Partial<ForwardRequest> = {}): Promise<Forwarded> =>
  got(await bring(side, more)).forwarded;

/** As the daemon does it: prepared while the agent runs, then carried out. @param meanwhile what it does between the two */
async function broughtPrepared(side: 0 | 1, meanwhile: () => void = () => {}): Promise<Forwarded> {
  const worktree = pair.worktrees[side];
  const snapshots = new Snapshots(worktree, pair.scratch, 'repository');
  const request = { tip: tip(), id: 'fw', at: when };
  const prepared = await prepareForward(worktree, pair.scratch, snapshots, request);
  expect(prepared).not.toBeNull();
  meanwhile();
  return got(await forward(worktree, pair.scratch, snapshots, request, prepared)).forwarded;
}

/** All that an undo must restore. */
const all = (side: 0 | 1) => ({
  status: status(side),
  head: inSide(side, 'rev-parse', 'HEAD'),
  branch: inSide(side, 'symbolic-ref', 'HEAD'),
  index: inSide(side, 'ls-files', '--stage', '-v'),
  files: inSide(side, 'ls-files', '-co', '-z')
    .split('\0')
    .filter((path) => path !== '' && existsSync(at(side, path)))
    .map((path) => [path, readFileSync(at(side, path), 'latin1')]),
});

describe('after a landing of uncommitted work', () => {
  it('the branch takes it in, and what was written since stays uncommitted', async () => {
    await pair.start({ f: lines(), g: lines(), other: 'x\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'new', 'x\n');
    pair.edit(0, 'g', lines([3, 'staged']));
    inSide(0, 'add', 'g');
    const { commit } = await land(0, 'l1');
    pair.edit(0, 'f', lines([3, 'a'], [9, 'since']));
    pair.edit(0, 'other', 'since, and staged\n');
    inSide(0, 'add', 'other');
    const old = inSide(0, 'rev-parse', 'HEAD');
    got(await absorb(pair.worktrees[0], pair.scratch, { commit, id: 'l1' }));
    got(await absorb(pair.worktrees[0], pair.scratch, { commit, id: 'l1' }));
    expect(inSide(0, 'rev-parse', 'HEAD', 'llmctl/a')).toBe(`${commit}\n${commit}`);
    expect(status(0)).toBe(' M f\nM  other'.trimEnd());
    expect(text(0, 'f')).toBe(lines([3, 'a'], [9, 'since']));
    expect(inRepo('rev-parse', 'refs/llmctl/backup/l1/a/head')).toBe(old);
    expect(inSide(0, 'reflog', '-1', '--format=%gs', 'llmctl/a')).toBe('llmctl: landed as l1');
  });

  it('nothing happens where the agent has committed since, rebases or holds its index', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    const { commit } = await land(0, 'l1');
    const lock = join(pair.worktrees[0].gitDir, 'index.lock');
    const refused = async () => {
      const before = all(0);
      const outcome = await absorb(pair.worktrees[0], pair.scratch, { commit, id: 'l1' });
      expect(all(0)).toEqual(before);
      return outcome.ok ? 'done' : outcome.reason;
    };
    writeFileSync(lock, '');
    expect(await refused()).toMatch(/git is at work/);
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    mkdirSync(join(pair.worktrees[0].gitDir, 'rebase-merge'));
    expect(await refused()).toMatch(/rebase is under way/);
    rmSync(join(pair.worktrees[0].gitDir, 'rebase-merge'), { recursive: true });
    commitAll(0);
    expect(await refused()).toMatch(/has committed since/);
  });

  it('what llmctl was killed in the middle of is ended', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    const { commit } = await land(0, 'l1');
    const { gitDir } = pair.worktrees[0];
    const before = readFileSync(join(gitDir, 'index'));
    const from = inSide(0, 'rev-parse', 'HEAD');
    got(await absorb(pair.worktrees[0], pair.scratch, { commit, id: 'l1' }));
    const after = readFileSync(join(gitDir, 'index'));
    const blob = pair.git(pair.repo, 'hash-object', '-w', join(gitDir, 'index')).trim();
    const note = JSON.stringify({ from: { head: from }, to: { head: commit, index: { blob } }, why: 'x' });
    for (const head of [from, commit]) {
      inSide(0, 'update-ref', 'HEAD', head);
      writeFileSync(join(gitDir, 'index'), before);
      writeFileSync(join(gitDir, 'index.lock'), after);
      writeFileSync(join(gitDir, 'llmctl-move'), note);
      await finishMove(new Git(pair.worktrees[0]));
      expect([inSide(0, 'rev-parse', 'HEAD'), status(0), existsSync(join(gitDir, 'index.lock'))]).toEqual([
        commit,
        '',
        false,
      ]);
    }
    // A lock of somebody else's is theirs.
    writeFileSync(join(gitDir, 'index.lock'), 'of another git');
    writeFileSync(join(gitDir, 'llmctl-move'), note);
    await finishMove(new Git(pair.worktrees[0]));
    expect([existsSync(join(gitDir, 'index.lock')), existsSync(join(gitDir, 'llmctl-move'))]).toEqual([true, false]);
  });
});

describe('bringing forward', () => {
  it('fast-forwards what has no commit, keeps uncommitted work so, and is undone byte for byte', async () => {
    await pair.start({ f: lines(), g: lines(), gone: 'x\n', 'a/b': 'x\n', '.gitignore': 'cache\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'run', '#!/bin/sh\n');
    chmodSync(at(0, 'run'), 0o755);
    rmSync(at(0, 'gone'));
    rmSync(at(0, 'a'), { recursive: true });
    pair.edit(0, 'a', 'a file where a folder was\n');
    await land(0, 'l1');
    pair.edit(1, 'f', lines([20, 'b']));
    pair.edit(1, 'g', lines([5, 'staged']));
    inSide(1, 'add', 'g');
    pair.edit(1, 'mine', 'untracked\n');
    pair.edit(1, 'cache', 'ignored\n');
    const before = all(1);
    const index = readFileSync(join(pair.worktrees[1].gitDir, 'index'));
    const done = await brought(1);
    expect(done).toMatchObject({ kind: 'forwarded', fastForward: true, head: tip() });
    expect(done).toMatchObject({ paths: ['a', 'a/b', 'f', 'gone', 'run'] });
    expect(text(1, 'f')).toBe(lines([3, 'a'], [20, 'b']));
    expect(inSide(1, 'rev-parse', 'llmctl/b')).toBe(tip());
    expect(status(1)).toBe(' M f\nM  g\n?? mine'.trimEnd());
    expect(await brought(1, { id: 'again' })).toEqual({ kind: 'nothing' });
    expect(got(await undoForward(pair.worktrees[1], pair.scratch, 'fw')).left).toEqual([]);
    expect(all(1)).toEqual(before);
    expect(readFileSync(join(pair.worktrees[1].gitDir, 'index')).length).toBe(index.length);
    got(await undoForward(pair.worktrees[1], pair.scratch, 'fw'));
    expect(all(1)).toEqual(before);
  });

  it('merges where the agent has commits of its own', async () => {
    await pair.start({ f: lines(), g: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    await land(0, 'l1');
    pair.edit(1, 'f', lines([20, 'b']));
    commitAll(1);
    const own = inSide(1, 'rev-parse', 'HEAD');
    pair.edit(1, 'f', lines([20, 'b'], [28, 'not yet']));
    const before = all(1);
    expect(await brought(1)).toMatchObject({ kind: 'forwarded', fastForward: false });
    expect(inSide(1, 'rev-parse', 'HEAD^1', 'HEAD^2')).toBe(`${own}\n${tip()}`);
    expect(inSide(1, 'show', 'HEAD:f')).toBe(lines([3, 'a'], [20, 'b']).trimEnd());
    expect(text(1, 'f')).toBe(lines([3, 'a'], [20, 'b'], [28, 'not yet']));
    expect(status(1)).toBe(' M f');
    got(await undoForward(pair.worktrees[1], pair.scratch, 'fw'));
    expect(all(1)).toEqual(before);
  });

  it('touches nothing on a conflict, with what is committed or what is not', async () => {
    await pair.start({ f: lines(), pic: Buffer.from([0, 1]) });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'pic', Buffer.from([0, 2]));
    await land(0, 'l1');
    pair.edit(1, 'f', lines([3, 'b']));
    const before = all(1);
    expect(await brought(1)).toEqual({ kind: 'conflict', paths: ['f'] });
    expect(all(1)).toEqual(before);
    pair.edit(1, 'pic', Buffer.from([0, 3]));
    commitAll(1);
    expect(await brought(1)).toEqual({ kind: 'conflict', paths: ['f', 'pic'] });
  });

  it('is refused in the middle of a rebase, and begins anew where a file was written meanwhile', async () => {
    await pair.start({ f: lines(), g: 'x\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'g', 'a\n');
    await land(0, 'l1');
    mkdirSync(join(pair.worktrees[1].gitDir, 'rebase-merge'));
    expect(await bring(1)).toMatchObject({ ok: false, reason: expect.stringMatching(/rebase is under way/) });
    rmSync(join(pair.worktrees[1].gitDir, 'rebase-merge'), { recursive: true });
    const beforeWrite = (path: string) => {
      if (path === 'g') inSide(1, 'commit', '-q', '--allow-empty', '-m', 'quick');
    };
    expect(await bring(1, { hooks: { beforeWrite } })).toMatchObject({ ok: false, moved: true });
    expect([text(1, 'f'), text(1, 'g'), status(1)]).toEqual([lines(), 'x\n', '']);
    expect(await brought(1)).toMatchObject({ kind: 'forwarded', fastForward: false });
  });

  it('goes on after llmctl was killed between two writes', async () => {
    await pair.start({ f: lines(), g: lines(), h: 'x\n' });
    for (const path of ['f', 'g', 'new']) pair.edit(0, path, lines([3, 'a']));
    await land(0, 'l1');
    pair.edit(1, 'g', lines([20, 'b']));
    for (const [turn, fatal] of ['g', 'new'].entries()) {
      const id = `fw${turn}`;
      let dead = false;
      const beforeWrite = (path: string) => {
        dead ||= path === fatal;
        if (dead) throw new Error('killed');
      };
      expect(await bring(1, { id, hooks: { beforeWrite } })).toMatchObject({ ok: false, reason: 'killed' });
      await pair.anew();
      const { begun } = got(await finishForward(pair.worktrees[1], pair.scratch));
      expect(begun).toMatchObject({ id, forwarded: { kind: 'forwarded', paths: ['f', 'g', 'new'] } });
      expect(got(await finishForward(pair.worktrees[1], pair.scratch)).begun).toBe(null);
      expect(await brought(1, { id })).toMatchObject({ kind: 'forwarded' });
      expect([text(1, 'f'), text(1, 'g'), status(1)]).toEqual([lines([3, 'a']), lines([3, 'a'], [20, 'b']), ' M g']);
      expect(got(await undoForward(pair.worktrees[1], pair.scratch, id)).left).toEqual([]);
      expect(status(1)).toBe(' M g');
    }
  });

  it('takes back what it was killed in the middle of, where the agent went on writing', async () => {
    await pair.start({ f: lines(), g: lines() });
    for (const path of ['f', 'g']) pair.edit(0, path, lines([3, 'a']));
    await land(0, 'l1');
    let writes = 0;
    const beforeWrite = () => {
      if (writes++ > 0) throw new Error('killed');
    };
    expect(await bring(1, { hooks: { beforeWrite } })).toMatchObject({ ok: false, reason: 'killed' });
    expect([text(1, 'f'), text(1, 'g')]).toEqual([lines([3, 'a']), lines()]);
    pair.edit(1, 'g', lines([28, 'b']));
    expect(await finishForward(pair.worktrees[1], pair.scratch)).toMatchObject({ ok: false, moved: true });
    expect([text(1, 'f'), text(1, 'g')]).toEqual([lines(), lines([28, 'b'])]);
    expect(await brought(1)).toMatchObject({ kind: 'forwarded' });
    expect(text(1, 'g')).toBe(lines([3, 'a'], [28, 'b']));
  });

  it('works with a detached HEAD, CRLF, a rename by case, names of any bytes and a submodule that came', async () => {
    await pair.start({
      '.gitattributes': '*.crlf text eol=crlf\n',
      'x.crlf': lines().replaceAll('\n', '\r\n'),
      Readme: 'x\n',
    });
    const odd = Buffer.concat([Buffer.from(`${pair.worktrees[0].dir}/"o\n`), Buffer.from([0xff])]);
    writeFileSync(odd, 'x\n');
    pair.edit(0, 'x.crlf', lines([3, 'a']).replaceAll('\n', '\r\n'));
    renameSync(at(0, 'Readme'), at(0, 'README'));
    commitAll(0);
    inSide(0, 'update-index', '--add', '--cacheinfo', `160000,${inRepo('rev-parse', 'main')},lib/sub`);
    mkdirSync(at(0, 'lib/sub'), { recursive: true });
    inSide(0, 'commit', '-q', '-m', 'submodule');
    await land(0, 'l1');
    inSide(1, 'checkout', '-q', '--detach');
    pair.edit(1, 'x.crlf', lines([20, 'b']).replaceAll('\n', '\r\n'));
    expect(await brought(1)).toMatchObject({ kind: 'forwarded', fastForward: true });
    expect(inSide(1, 'rev-parse', 'HEAD')).toBe(tip());
    expect(text(1, 'x.crlf')).toBe(lines([3, 'a'], [20, 'b']).replaceAll('\n', '\r\n'));
    expect(status(1)).toBe(' M x.crlf');
    expect([existsSync(at(1, 'Readme')), existsSync(at(1, 'README')), existsSync(at(1, 'lib/sub'))]).toEqual([
      false,
      true,
      true,
    ]);
    const oddB = Buffer.concat([Buffer.from(`${pair.worktrees[1].dir}/"o\n`), Buffer.from([0xff])]);
    expect(readFileSync(oddB, 'utf8')).toBe('x\n');
  });

  it('moves aside what git ignores, and stops before what it doesn’t', async () => {
    await pair.start({ f: 'x\n', '.gitignore': 'local\n' });
    pair.edit(0, 'local', 'from a\n');
    inSide(0, 'add', '-f', 'local');
    inSide(0, 'commit', '-q', '-m', 'now tracked');
    await land(0, 'l1');
    pair.edit(1, 'local', 'mine\n');
    expect(await brought(1)).toMatchObject({ kind: 'forwarded' });
    expect([text(1, 'local'), text(1, 'local.llmctl-saved')]).toEqual(['from a\n', 'mine\n']);
  });

  it('undone later keeps what was written since, and is refused over a commit', async () => {
    await pair.start({ f: lines(), g: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'g', lines([3, 'a']));
    await land(0, 'l1');
    await brought(1);
    pair.edit(1, 'f', lines([3, 'a'], [20, 'since']));
    inSide(1, 'add', 'f');
    pair.edit(1, 'g', lines([3, 'changed since']));
    expect(got(await undoForward(pair.worktrees[1], pair.scratch, 'fw')).left).toEqual(['g']);
    expect([text(1, 'f'), text(1, 'g')]).toEqual([lines([20, 'since']), lines([3, 'changed since'])]);
    expect(inSide(1, 'rev-parse', 'HEAD')).toBe(inRepo('rev-parse', 'main'));
    inSide(1, 'checkout', '-q', '-f');
    await brought(1, { id: 'fw2' });
    inSide(1, 'commit', '-q', '--allow-empty', '-m', 'on top');
    expect(await undoForward(pair.worktrees[1], pair.scratch, 'fw2')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/has committed since/),
    });
  });
});

describe('taking a landing out', () => {
  beforeEach(() => {
    landings.length = 0;
  });

  const rebuilt = async (without: string): Promise<Rebuilt> => {
    const { git } = got(await openIntegration(pair.repo, { branch: BRANCH, base: null }));
    return got(await rebuildWithout(git, { tip: tip(), landings, without })).rebuilt;
  };

  async function takeOut(without: string): Promise<string> {
    const found = await rebuilt(without);
    if (found.kind !== 'rebuilt') throw new Error(JSON.stringify(found));
    const { git } = got(await openIntegration(pair.repo, { branch: BRANCH, base: null }));
    const old = tip();
    got(await moveIntegration(git, { branch: BRANCH, from: old, to: found.tip, id: `out-${without}` }));
    return old;
  }

  it('leaves the others, each by its own merge, and the mended work lands again whole', async () => {
    await pair.start({ f: lines(), g: 'x\n' });
    pair.edit(1, 'first', 'x\n');
    const { commit } = await land(1, 'l0');
    got(await absorb(pair.worktrees[1], pair.scratch, { commit, id: 'l0' }));
    pair.edit(0, 'f', lines([3, 'broken']));
    pair.edit(0, 'h', 'x\n');
    commitAll(0);
    await land(0, 'l1');
    pair.edit(1, 'g', 'b\n');
    commitAll(1);
    await land(1, 'l2');
    const found = await rebuilt('l1');
    expect(found).toMatchObject({ kind: 'rebuilt', landings: [landings[0], { id: 'l2' }] });
    await takeOut('l1');
    expect(inRepo('ls-tree', '-r', '--name-only', BRANCH)).toBe('f\nfirst\ng');
    expect(inRepo('log', '--first-parent', '--format=%s', BRANCH)).toBe('Land l2\nLand l0\nbase');
    expect(inRepo('rev-parse', `${BRANCH}^2`)).toBe(inSide(1, 'rev-parse', 'HEAD'));
    expect(inRepo('show', '-s', '--format=%B', BRANCH)).toContain('Agent: b');
    pair.edit(0, 'f', lines([3, 'mended']));
    await land(0, 'l3');
    expect(inRepo('ls-tree', '-r', '--name-only', BRANCH)).toBe('f\nfirst\ng\nh');
    expect(inRepo('show', `${BRANCH}:f`)).toBe(lines([3, 'mended']).trimEnd());
  });

  it('keeps out what came back through branches that were brought forward', async () => {
    await pair.start({ f: lines(), g: 'x\n' });
    pair.edit(0, 'bad', 'x\n');
    await land(0, 'l1');
    await brought(1);
    pair.edit(1, 'g', 'b\n');
    commitAll(1);
    await land(1, 'l2');
    pair.edit(1, 'more', 'b\n');
    commitAll(1);
    pair.edit(1, 'not yet', 'b\n');
    const old = await takeOut('l1');
    expect(inRepo('ls-tree', '-r', '--name-only', BRANCH)).toBe('f\ng');
    expect(inRepo('log', '--format=%s', BRANCH)).toBe('Land l2\nbase');
    expect(await brought(1, { id: 'fw2', instead: old })).toMatchObject({ kind: 'forwarded' });
    expect([existsSync(at(1, 'bad')), status(1)]).toEqual([false, '?? "not yet"']);
    await land(1, 'l3');
    expect(inRepo('ls-tree', '-r', '--name-only', BRANCH)).toBe('f\ng\nmore\nnot yet');
    // Its own agent has kept it, and brings it back.
    expect(existsSync(at(0, 'bad'))).toBe(true);
    await land(0, 'l4');
    expect(inRepo('ls-tree', '-r', '--name-only', BRANCH)).toContain('bad');
  });

  it('carries over commits behind a merge of the old branch in one', async () => {
    await pair.start({ f: lines() });
    pair.edit(1, 'own', 'b\n');
    commitAll(1, 'own work');
    pair.edit(0, 'bad', 'x\n');
    await land(0, 'l1');
    await brought(1);
    const old = await takeOut('l1');
    expect(old).not.toBe(tip());
    const done = await brought(1, { id: 'fw2', instead: old });
    expect(done).toMatchObject({ kind: 'forwarded', fastForward: false });
    expect(inSide(1, 'log', '-1', '--format=%P|%B')).toBe(
      `${tip()}|Work from before a landing was taken out\n\n- own work`,
    );
    expect(inSide(1, 'ls-files')).toBe('f\nown');
  });

  it('says what builds on it', async () => {
    await pair.start({ f: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    await land(0, 'l1');
    await brought(1);
    pair.edit(1, 'f', lines([3, 'a and b']));
    await land(1, 'l2');
    expect(await rebuilt('l1')).toEqual({ kind: 'conflict', landing: 'l2', paths: ['f'] });
    const { git } = got(await openIntegration(pair.repo, { branch: BRANCH, base: null }));
    const request = { tip: tip(), landings, without: 'l7' };
    expect(await rebuildWithout(git, request)).toMatchObject({ reason: expect.stringMatching(/l7 is not among/) });
    unlinkSync(at(0, 'f'));
  });
});

describe('prepared while the agent runs', () => {
  beforeEach(async () => {
    await pair.start({ f: lines(), g: 'g\n' });
    pair.edit(0, 'f', lines([2, 'a']));
    await land(0, 'l1');
    pair.edit(1, 'g', 'b\n');
  });

  it('is the same in the end, and undone the same', async () => {
    const before = all(1);
    expect(await broughtPrepared(1)).toMatchObject({ kind: 'forwarded', fastForward: true, paths: ['f'] });
    expect(inSide(1, 'rev-parse', 'HEAD')).toBe(tip());
    expect([text(1, 'f'), text(1, 'g')]).toEqual([lines([2, 'a']), 'b\n']);
    expect(status(1)).toBe(' M g');
    got(await undoForward(pair.worktrees[1], pair.scratch, 'fw'));
    expect(all(1)).toEqual(before);
  });

  it('counts for nothing where a file was written, something staged or committed since', async () => {
    const write = () => pair.edit(1, 'f', lines([20, 'b']));
    expect(await broughtPrepared(1, write)).toMatchObject({ kind: 'forwarded', paths: ['f'] });
    expect(text(1, 'f')).toBe(lines([2, 'a'], [20, 'b']));
    expect(inSide(1, 'diff', '--name-only')).toBe('f\ng');
    pair.edit(0, 'f', lines([2, 'a'], [9, 'a']));
    await land(0, 'l2');
    expect(await broughtPrepared(1, () => inSide(1, 'add', 'g'))).toMatchObject({ kind: 'forwarded' });
    expect(inSide(1, 'diff', '--cached', '--name-only')).toBe('g');
    pair.edit(0, 'f', lines([2, 'a'], [9, 'a'], [11, 'a']));
    await land(0, 'l3');
    const head = await broughtPrepared(1, () => commitAll(1));
    expect(head).toMatchObject({ kind: 'forwarded', fastForward: false });
    expect(text(1, 'f')).toBe(lines([2, 'a'], [9, 'a'], [11, 'a'], [20, 'b']));
    expect(status(1)).toBe('');
  });

  it('gives way to a conflict that came up since, and touches nothing then', async () => {
    const clash = () => pair.edit(1, 'f', lines([2, 'b']));
    expect(await broughtPrepared(1, clash)).toEqual({ kind: 'conflict', paths: ['f'] });
    expect(text(1, 'f')).toBe(lines([2, 'b']));
  });
});
