import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { absorb } from './absorb.ts';
import { forward } from './forward.ts';
import { moveIntegration, openIntegration, tipOf } from './integration.ts';
import type { Integration } from './integration.ts';
import { landCommit } from './land-commit.ts';
import { mergeForLanding } from './landing-merge.ts';
import type { LandingMerge } from './landing-merge.ts';
import { LandingTree } from './landing-tree.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { applyRound, backUp, mergeSides, planRound } from './round.ts';
import { Snapshots } from './snapshot.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const BRANCH = 'llmctl/integration';
const at = Date.UTC(2026, 0, 2);

const lines = (...changed: readonly (readonly [number, string])[]) => {
  const all = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
  for (const [n, text] of changed) all[n - 1] = text;
  return `${all.join('\n')}\n`;
};

const open = async (branch = BRANCH, base: string | null = null): Promise<Integration> =>
  got(await openIntegration(pair.repo, { branch, base }));

const made = async (side: 0 | 1, message = 'Work') =>
  got(await landCommit(pair.worktrees[side], pair.scratch, { message, at }));

async function merge(side: 0 | 1, { git, tip }: Integration, commit?: string): Promise<LandingMerge> {
  const what = commit ?? (await made(side)).commit;
  const text = { agent: pair.worktrees[side].agent, message: 'Land it', at };
  return got(await mergeForLanding(git, pair.scratch, tip, what, text)).merge;
}

function merged(merge: LandingMerge): { commit: string; tree: string } {
  if (merge.kind !== 'merged') throw new Error(JSON.stringify(merge));
  return merge;
}

/** Lands what a side has, and answers with where the branch is then. */
async function land(side: 0 | 1, id: string, branch = BRANCH): Promise<string> {
  const integration = await open(branch);
  const { commit } = merged(await merge(side, integration));
  got(await moveIntegration(integration.git, { branch, from: integration.tip, to: commit, id }));
  return commit;
}

const inRepo = (...args: string[]) => pair.git(pair.repo, ...args).trimEnd();
const inSide = (side: 0 | 1, ...args: string[]) => pair.git(pair.worktrees[side].dir, ...args);
const commitAll = (side: 0 | 1, message = 'work') => {
  inSide(side, 'add', '-A');
  inSide(side, 'commit', '-q', '-m', message);
};

describe('the integration branch', () => {
  it('is made from the base once and never moved by opening', async () => {
    await pair.start({ f: 'x\n' });
    const first = await open();
    expect(first).toMatchObject({ made: 'new', tip: inRepo('rev-parse', 'main') });
    pair.write(pair.repo, 'f', 'y\n');
    inRepo('commit', '-qam', 'main goes on');
    expect(await open(BRANCH, 'main')).toMatchObject({ made: 'reused', tip: first.tip });
    expect(await open('main')).toMatchObject({ made: 'reused', tip: inRepo('rev-parse', 'main') });
  });

  it('is refused in a line where its name or its base is none, or another branch is in the way', async () => {
    await pair.start({ f: 'x\n' });
    const refused = async (branch: string, base: string | null = null) => {
      const outcome = await openIntegration(pair.repo, { branch, base });
      return outcome.ok ? 'opened' : outcome.reason;
    };
    expect(await refused('-evil')).toMatch(/^-evil is no name for a branch/);
    expect(await refused('a b\n')).toMatch(/is no name/);
    expect(await refused('new', '--evil')).toMatch(/names no commit/);
    expect(await refused('main/sub')).toMatch(/main/);
  });
});

describe('what is to land', () => {
  it('is HEAD itself, or the worktree’s content on top of it; nothing is touched', async () => {
    await pair.start({ f: lines(), gone: 'x\n' });
    inRepo('config', 'user.name', 'Ana <b>');
    inRepo('config', 'user.email', 'ana@example.org');
    const head = inRepo('rev-parse', 'HEAD');
    expect(await made(0)).toMatchObject({ commit: head, uncommitted: false });
    pair.edit(0, 'f', lines([3, 'a']));
    inSide(0, 'add', 'f');
    pair.edit(0, 'new', 'x\n');
    rmSync(join(pair.worktrees[0].dir, 'gone'));
    const index = readFileSync(join(pair.worktrees[0].gitDir, 'index'));
    const before = inSide(0, 'status', '--porcelain');
    const work = await made(0, 'Add new\n\nBecause.');
    expect(work).toMatchObject({ head, uncommitted: true });
    expect(inRepo('show', '-s', '--format=%an|%ae|%aI|%P|%B', work.commit)).toBe(
      `Ana b|ana@example.org|2026-01-02T00:00:00+00:00|${head}|Add new\n\nBecause.`,
    );
    expect(inRepo('diff', '--no-renames', '--name-status', head, work.commit)).toBe('M\tf\nD\tgone\nA\tnew');
    expect(readFileSync(join(pair.worktrees[0].gitDir, 'index'))).toEqual(index);
    expect(inSide(0, 'status', '--porcelain')).toBe(before);
    expect(inSide(0, 'rev-parse', 'HEAD').trim()).toBe(head);
  });

  it('is not made in the middle of a rebase, with unmerged files, under a lock, or of a nested repository', async () => {
    await pair.start({ f: 'base\n' });
    const refused = async () => {
      const outcome = await landCommit(pair.worktrees[0], pair.scratch, { message: 'm', at });
      return outcome.ok ? 'made' : outcome.reason;
    };
    const lock = join(pair.worktrees[0].gitDir, 'index.lock');
    writeFileSync(lock, '');
    expect(await refused()).toMatch(/git is at work .*index\.lock.*try again/);
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    const nested = join(pair.worktrees[0].dir, 'cloned');
    mkdirSync(nested);
    pair.git(nested, 'init', '-q');
    pair.git(nested, 'commit', '-q', '--allow-empty', '-m', 'x');
    expect(await refused()).toMatch(/^cloned is a repository of its own/);
    rmSync(nested, { recursive: true });
    pair.edit(0, 'f', 'a\n');
    commitAll(0);
    pair.write(pair.repo, 'f', 'b\n');
    inRepo('commit', '-qam', 'b');
    expect(() => inSide(0, 'rebase', 'main')).toThrow(/rebase/);
    expect(await refused()).toMatch(/a rebase is under way .*finish or abort/);
    inSide(0, 'rebase', '--abort');
    expect(() => inSide(0, 'merge', '-q', 'main')).toThrow(/merge/);
    rmSync(join(pair.worktrees[0].gitDir, 'MERGE_HEAD'));
    expect(await refused()).toMatch(/^f is unmerged/);
  });
});

describe('a landing', () => {
  it('is one merge commit with its agent and the authors of the work, signed by nobody', async () => {
    await pair.start({ f: lines() });
    for (const key of ['user.name', 'user.email']) inRepo('config', key, '');
    inRepo('config', 'commit.gpgSign', 'true');
    inRepo('config', 'gpg.program', '/bin/false');
    pair.edit(0, 'f', lines([3, 'a']));
    inSide(0, 'add', '-A');
    inSide(0, '-c', 'commit.gpgSign=false', 'commit', '-q', '-m', 'one', '--author=Eve <eve@example.org>');
    const integration = await open();
    const text = { agent: 'a', message: 'Land a\n', trailers: [['Task', 'T1\nEvil: x']] as const, at };
    const commit = inSide(0, 'rev-parse', 'HEAD').trim();
    const { merge } = got(await mergeForLanding(integration.git, pair.scratch, integration.tip, commit, text));
    const { commit: landed } = merged(merge);
    expect(inRepo('show', '-s', '--format=%an|%P|%B', landed)).toBe(
      `llmctl|${integration.tip} ${commit}|Land a\n\nTask: T1 Evil: x\nAgent: a\nCo-authored-by: Eve <eve@example.org>`,
    );
    expect(inRepo('cat-file', 'commit', landed)).not.toContain('gpgsig');
    expect(inRepo('rev-parse', BRANCH)).toBe(integration.tip);
    expect(inRepo('fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('of what is there already is nothing', async () => {
    await pair.start({ f: lines() });
    expect(await merge(0, await open())).toEqual({ kind: 'nothing' });
    pair.edit(0, 'f', lines([3, 'same']));
    pair.edit(1, 'f', lines([3, 'same']));
    await land(0, 'l1');
    expect(await merge(1, await open())).toEqual({ kind: 'nothing' });
  });

  it('names what conflicts: text, binary, names of any bytes', async () => {
    await pair.start({ f: lines(), pic: Buffer.from([0, 1, 2, 255]) });
    const odd = (side: 0 | 1) => Buffer.concat([Buffer.from(`${pair.worktrees[side].dir}/o`), Buffer.from([0xff])]);
    for (const side of [0, 1] as const) {
      pair.edit(side, 'f', lines([3, `by ${side}`]));
      pair.edit(side, 'pic', Buffer.from([0, side, 7, 255]));
      writeFileSync(odd(side), `${side}\n`);
      pair.edit(side, `only ${side}`, 'x\n');
    }
    await land(0, 'l1');
    expect(await merge(1, await open())).toEqual({ kind: 'conflict', paths: ['f', 'o\udcff', 'pic'] });
  });

  it('combines CRLF, a rename by case and a change, and a submodule that only one side moved', async () => {
    await pair.start({
      '.gitattributes': '*.crlf text eol=crlf\n',
      'x.crlf': lines().replaceAll('\n', '\r\n'),
      Readme: lines(),
    });
    const pin = inRepo('rev-parse', 'HEAD');
    inRepo('update-index', '--add', '--cacheinfo', `160000,${pin},sub`);
    mkdirSync(join(pair.repo, 'sub'));
    inRepo('commit', '-q', '-m', 'with a submodule');
    for (const side of [0, 1] as const) inSide(side, 'merge', '-q', 'main');
    renameSync(join(pair.worktrees[0].dir, 'Readme'), join(pair.worktrees[0].dir, 'README'));
    pair.edit(0, 'x.crlf', lines([3, 'a']).replaceAll('\n', '\r\n'));
    pair.edit(1, 'x.crlf', lines([20, 'b']).replaceAll('\n', '\r\n'));
    pair.edit(1, 'Readme', lines([5, 'b']));
    inSide(1, 'update-index', '--cacheinfo', `160000,${inRepo('rev-parse', 'HEAD')},sub`);
    await land(0, 'l1');
    await land(1, 'l2');
    expect(inRepo('ls-tree', '--name-only', BRANCH)).toBe('.gitattributes\nREADME\nsub\nx.crlf');
    expect(inRepo('show', `${BRANCH}:README`)).toBe(lines([5, 'b']).trimEnd());
    expect(inRepo('show', `${BRANCH}:x.crlf`)).toBe(lines([3, 'a'], [20, 'b']).trimEnd());
    expect(inRepo('rev-parse', `${BRANCH}:sub`)).toBe(inRepo('rev-parse', 'main'));
  });

  it('names a submodule that both moved, and is refused of a worktree that is gone', async () => {
    await pair.start({ f: 'x\n' });
    const pin = (dir: string, oid: string) => {
      pair.git(dir, 'update-index', '--add', '--cacheinfo', `160000,${oid},sub`);
      mkdirSync(join(dir, 'sub'), { recursive: true });
      pair.git(dir, 'commit', '-q', '-m', 'pin');
    };
    const other = (text: string) => inRepo('commit-tree', '-m', text, inRepo('rev-parse', 'HEAD^{tree}'));
    pin(pair.repo, inRepo('rev-parse', 'HEAD'));
    for (const side of [0, 1] as const) {
      inSide(side, 'merge', '-q', 'main');
      pin(pair.worktrees[side].dir, other(`${side}`));
    }
    await land(0, 'l1');
    expect(await merge(1, await open())).toEqual({ kind: 'conflict', paths: ['sub'] });
    rmSync(pair.worktrees[1].dir, { recursive: true });
    const gone = await landCommit(pair.worktrees[1], pair.scratch, { message: 'm', at });
    expect(gone).toMatchObject({ ok: false, reason: expect.stringMatching(/gone/) });
  });

  describe('after a round, in which no branch moved,', () => {
    const both = lines([3, 'by a\nby b']);

    beforeEach(async () => {
      await pair.start({ f: lines() });
      pair.edit(0, 'f', lines([3, 'by a']));
      pair.edit(1, 'f', lines([3, 'by b']));
      const sides = await pair.sides();
      got(await backUp('r1', sides));
      const { result } = got(await mergeSides(pair.scratch, sides));
      got(await planRound('r1', pair.scratch, sides, result, [{ path: 'f', take: 'both' }]));
      got(await applyRound('r1', pair.scratch, pair.worktrees));
      await land(0, 'l1');
    });

    it('builds on what the round came to', async () => {
      expect(inRepo('show', `${BRANCH}:f`)).toBe(both.trimEnd());
      pair.edit(1, 'f', lines([3, 'by a, and b']));
      await land(1, 'l2');
      expect(inRepo('show', `${BRANCH}:f`)).toBe(lines([3, 'by a, and b']).trimEnd());
    });

    it('takes one who went back behind the round for nobody who goes on', async () => {
      pair.edit(1, 'f', lines([3, 'by b']));
      expect(await merge(1, await open())).toEqual({ kind: 'conflict', paths: ['f'] });
    });
  });
});

describe('moving the branch', () => {
  it('takes it from where it was only, and keeps that', async () => {
    await pair.start({ f: lines() });
    const integration = await open();
    pair.edit(0, 'f', lines([3, 'a']));
    const { commit } = merged(await merge(0, integration));
    const move = { branch: BRANCH, from: integration.tip, to: commit, id: 'l1' };
    const elsewhere = inRepo('commit-tree', '-m', 'by hand', '-p', integration.tip, `${integration.tip}^{tree}`);
    inRepo('update-ref', `refs/heads/${BRANCH}`, elsewhere);
    expect(await moveIntegration(integration.git, move)).toMatchObject({
      ok: false,
      moved: true,
      reason: expect.stringMatching(/was moved while this was tested/),
    });
    expect(inRepo('rev-parse', BRANCH)).toBe(elsewhere);
    inRepo('update-ref', `refs/heads/${BRANCH}`, integration.tip);
    got(await moveIntegration(integration.git, move));
    got(await moveIntegration(integration.git, move));
    expect(inRepo('rev-parse', BRANCH, 'refs/llmctl/landed/l1')).toBe(`${commit}\n${integration.tip}`);
    inRepo('update-ref', '-d', `refs/heads/${BRANCH}`);
    expect(await moveIntegration(integration.git, move)).toMatchObject({ reason: expect.stringContaining('gone') });
  });

  it('takes files and index along where it is checked out, and what is changed there beside it stays', async () => {
    await pair.start({ f: lines(), other: 'x\n', '.gitignore': 'built\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'new', 'x\n');
    pair.write(pair.repo, 'other', 'mine\n');
    pair.write(pair.repo, 'staged', 'mine\n');
    inRepo('add', 'staged');
    const landed = await land(0, 'l1', 'main');
    expect(inRepo('rev-parse', 'HEAD')).toBe(landed);
    expect(inRepo('status', '--porcelain')).toBe(' M other\nA  staged');
    expect(readFileSync(join(pair.repo, 'f'), 'utf8')).toBe(lines([3, 'a']));
    expect(inRepo('reflog', '-1', '--format=%gs')).toBe('llmctl: land l1');
  });

  it('is refused where somebody’s changes are in the way, or git is busy there; nothing is touched', async () => {
    await pair.start({ f: lines(), g: lines() });
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(0, 'new', 'x\n');
    const before = inRepo('rev-parse', 'main');
    const integration = await open('main');
    const { commit } = merged(await merge(0, integration));
    const move = { branch: 'main', from: integration.tip, to: commit, id: 'l1' };
    const refused = async () => {
      const outcome = await moveIntegration(integration.git, move);
      return outcome.ok ? 'moved' : outcome.reason;
    };
    pair.write(pair.repo, 'f', 'mine\n');
    expect(await refused()).toBe(
      `main is checked out in ${pair.repo}, where f has changes in the way; commit or stash them, then land again`,
    );
    inRepo('checkout', '-q', 'f');
    pair.write(pair.repo, 'new', 'mine\n');
    expect(await refused()).toMatch(/where new has changes in the way/);
    expect(readFileSync(join(pair.repo, 'new'), 'utf8')).toBe('mine\n');
    rmSync(join(pair.repo, 'new'));
    writeFileSync(join(pair.repo, '.git/index.lock'), '');
    expect(await refused()).toMatch(/can't follow: git is at work/);
    rmSync(join(pair.repo, '.git/index.lock'));
    expect([inRepo('rev-parse', 'main'), inRepo('status', '--porcelain')]).toEqual([before, '']);
    expect(await refused()).toBe('moved');
  });

  it('is refused where an agent has the branch checked out', async () => {
    await pair.start({ f: lines() });
    const integration = await open();
    inSide(1, 'checkout', '-q', BRANCH);
    pair.edit(0, 'f', lines([3, 'a']));
    const { commit } = merged(await merge(0, integration));
    const move = { branch: BRANCH, from: integration.tip, to: commit, id: 'l1' };
    expect(await moveIntegration(integration.git, move)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/checked out by an agent in .*worktrees\/b/),
    });
  });

  it('takes files back where the branch turns out to have moved after all', async () => {
    await pair.start({ f: lines(), g: 'x\n' });
    pair.edit(0, 'f', lines([3, 'a']));
    const integration = await open('main');
    const { commit } = merged(await merge(0, integration));
    pair.write(pair.repo, 'g', 'mine\n');
    // Another git holds the branch.
    const lock = join(pair.repo, '.git/refs/heads/main.lock');
    writeFileSync(lock, '');
    const move = { branch: 'main', from: integration.tip, to: commit, id: 'l1' };
    expect(await moveIntegration(integration.git, move)).toMatchObject({ ok: false });
    rmSync(lock);
    expect(inRepo('status', '--porcelain')).toBe(' M g');
    expect(await tipOf(integration.git, 'main')).toBe(integration.tip);
  });
});

describe('a batch', () => {
  it('moves the branch once, and keeps where it was before each', async () => {
    await pair.start({ f: lines() });
    const integration = await open();
    const { git, tip } = integration;
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(1, 'f', lines([20, 'b']));
    const first = merged(await merge(0, integration)).commit;
    const second = merged(await merge(1, { ...integration, tip: first })).commit;
    const others = [{ id: 'l2', from: first }];
    got(await moveIntegration(git, { branch: BRANCH, from: tip, to: second, id: 'l1', others }));
    const refs = ['refs/llmctl/landed/l1', 'refs/llmctl/landed/l2', BRANCH];
    expect(inRepo('rev-parse', ...refs)).toBe([tip, first, second].join('\n'));
    expect(inRepo('reflog', '--format=%H', BRANCH).split('\n')[0]).toBe(second);
  });
});

describe('the tree that is tested', () => {
  const dirOf = () => join(pair.repo, '.llmctl/landing');
  const text = (path: string) => readFileSync(join(dirOf(), path), 'utf8');

  it('has exactly the tracked files, keeps what is ignored, and is seen by nobody', async () => {
    await pair.start({ f: 'one\n', '.gitignore': 'built/\n', 'd/only-here': 'x\n' });
    const first = inRepo('rev-parse', 'main');
    const tree = new LandingTree(pair.repo);
    expect(got(await tree.checkout(first))).toEqual({ ok: true, dir: dirOf(), made: 'new' });
    pair.write(dirOf(), 'built/x.o', 'slow to make\n');
    pair.write(dirOf(), 'left/by/a/test', 'x\n');
    pair.write(dirOf(), 'f', 'changed by a test\n');
    rmSync(join(dirOf(), 'd'), { recursive: true });
    pair.write(dirOf(), 'd', 'a file where a folder was\n');
    mkdirSync(join(dirOf(), 'nested'));
    pair.git(join(dirOf(), 'nested'), 'init', '-q');
    got(await tree.checkout(first));
    expect([text('f'), text('d/only-here'), text('built/x.o')]).toEqual(['one\n', 'x\n', 'slow to make\n']);
    expect([existsSync(join(dirOf(), 'left')), existsSync(join(dirOf(), 'nested'))]).toEqual([false, false]);
    pair.edit(0, 'f', 'two\n');
    const { commit } = await made(0);
    got(await tree.checkout(commit));
    expect([text('f'), text('built/x.o')]).toEqual(['two\n', 'slow to make\n']);
    expect(pair.git(dirOf(), 'rev-parse', 'HEAD').trim()).toBe(commit);
    expect(inRepo('status', '--porcelain')).toBe('');
  });

  it('comes back after it was deleted, half made, locked by a dead git or left with a broken index', async () => {
    await pair.start({ f: 'one\n' });
    const commit = inRepo('rev-parse', 'main');
    const tree = new LandingTree(pair.repo);
    got(await tree.checkout(commit));
    rmSync(dirOf(), { recursive: true });
    expect(got(await tree.checkout(commit)).made).toBe('new');
    const gitDir = pair.git(dirOf(), 'rev-parse', '--absolute-git-dir').trim();
    rmSync(dirOf(), { recursive: true });
    writeFileSync(join(gitDir, 'locked'), 'initializing\n');
    pair.write(dirOf(), 'half', 'x\n');
    expect(got(await tree.checkout(commit)).made).toBe('reused');
    expect([text('f'), existsSync(join(dirOf(), 'half'))]).toEqual(['one\n', false]);
    rmSync(dirOf(), { recursive: true });
    inRepo('worktree', 'unlock', dirOf());
    inRepo('worktree', 'prune');
    pair.write(dirOf(), 'half', 'x\n');
    expect(got(await tree.checkout(commit)).made).toBe('new');
    expect(readFileSync(join(`${dirOf()}.aside-1`, 'half'), 'utf8')).toBe('x\n');
    const again = pair.git(dirOf(), 'rev-parse', '--absolute-git-dir').trim();
    for (const name of ['index.lock', 'HEAD.lock']) writeFileSync(join(again, name), '');
    writeFileSync(join(again, 'index'), 'DIRC and then nothing');
    pair.write(dirOf(), 'f', 'changed\n');
    expect(got(await tree.checkout(commit)).made).toBe('reused');
    expect([text('f'), existsSync(join(again, 'index.lock'))]).toEqual(['one\n', false]);
    expect(await tree.checkout('0'.repeat(40))).toMatchObject({ ok: false });
    expect(got(await tree.checkout(commit)).made).toBe('reused');
  });

  it('runs no hook, filter or other program of the repository, nor does a landing', async () => {
    await pair.start({ f: lines(), '.gitattributes': '* filter=evil merge=evil\n' });
    const canary = join(pair.folder, 'canary');
    const script = join(pair.folder, 'evil');
    writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${canary}\ncat\n`);
    chmodSync(script, 0o755);
    mkdirSync(join(pair.repo, '.git/hooks'), { recursive: true });
    for (const hook of [
      'post-checkout',
      'pre-commit',
      'post-commit',
      'commit-msg',
      'prepare-commit-msg',
      'pre-merge-commit',
      'post-merge',
      'post-index-change',
      'reference-transaction',
      'pre-push',
      'post-rewrite',
      'pre-auto-gc',
      'fsmonitor-watchman',
    ]) {
      writeFileSync(join(pair.repo, '.git/hooks', hook), `#!/bin/sh\necho ${hook} >> ${canary}\n`);
      chmodSync(join(pair.repo, '.git/hooks', hook), 0o755);
    }
    for (const key of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'merge.evil.driver',
      'core.fsmonitor',
      'gpg.program',
      'core.editor',
    ]) {
      inRepo('config', key, script);
    }
    inRepo('config', 'commit.gpgSign', 'true');
    pair.edit(0, 'f', lines([3, 'a']));
    pair.edit(1, 'f', lines([20, 'b']));
    const { commit } = await made(0);
    await land(0, 'l1', 'main');
    const landed = await land(1, 'l2', 'main');
    const [a] = pair.worktrees;
    got(await absorb(a, pair.scratch, { commit, id: 'l1' }));
    const snapshots = new Snapshots(a, pair.scratch, 'repository');
    const { forwarded } = got(await forward(a, pair.scratch, snapshots, { tip: landed, id: 'fw', at }));
    expect(forwarded).toMatchObject({ kind: 'forwarded', fastForward: true });
    got(await new LandingTree(pair.repo).checkout(landed));
    expect(text('f')).toBe(lines([3, 'a'], [20, 'b']));
    expect(existsSync(canary)).toBe(false);
    // They would have run.
    inRepo('-c', 'core.hooksPath=.git/hooks', 'checkout', '-q', '--detach');
    expect(readFileSync(canary, 'utf8')).toContain('post-checkout');
  });
});
