import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PairOfAgents, got } from './pair.testkit.ts';
import { cleanWorktree, staleWorktrees } from './stale.ts';

let pair: PairOfAgents;
beforeEach(async () => {
  pair = new PairOfAgents();
  await pair.start({ f: 'x\n', '.gitignore': '.env*\n/build/\n*.log\n' });
});
afterEach(() => pair.remove());

const gone = { live: new Set<string>(), landed: ['main', 'llmctl/integration'] };
const stale = async () => got(await staleWorktrees(pair.repo, gone)).worktrees;
const clean = (agent: string) => cleanWorktree(pair.repo, agent, gone);
const dirOf = (side: 0 | 1): string => pair.worktrees[side].dir;

describe('stale worktrees', () => {
  it('are those of agents that are not there any more', async () => {
    expect((await stale()).map(({ agent, keep }) => [agent, keep])).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
    const one = await staleWorktrees(pair.repo, { ...gone, live: new Set(['a']) });
    expect(got(one).worktrees.map(({ agent }) => agent)).toEqual(['b']);
  });

  it('go with their branch where all of it has landed', async () => {
    expect(got(await clean('a'))).toMatchObject({ branch: 'removed' });
    expect(existsSync(dirOf(0))).toBe(false);
    expect(pair.git(pair.repo, 'branch', '--list', 'llmctl/*')).not.toContain('llmctl/a');
    expect(pair.git(pair.repo, 'for-each-ref', 'refs/llmctl/cleaned/a')).not.toBe('');
    expect(await clean('a')).toMatchObject({ ok: false, reason: expect.stringContaining('no stale worktree') });
  });

  it('leave their branch where it has commits of its own', async () => {
    pair.edit(0, 'f', 'a\n');
    pair.git(dirOf(0), 'commit', '-qam', 'work');
    expect((await stale())[0]).toMatchObject({ agent: 'a', unlanded: 1, keep: '' });
    expect(got(await clean('a'))).toMatchObject({ branch: 'kept' });
    expect(pair.git(pair.repo, 'show', 'llmctl/a:f')).toBe('a\n');
  });

  it('count a commit as landed that is on the integration branch', async () => {
    pair.edit(0, 'f', 'a\n');
    pair.git(dirOf(0), 'commit', '-qam', 'work');
    pair.git(pair.repo, 'branch', 'llmctl/integration', 'llmctl/a');
    expect((await stale())[0]).toMatchObject({ unlanded: 0 });
    expect(got(await clean('a'))).toMatchObject({ branch: 'removed' });
  });

  it.each([
    ['a changed file', (dir: string) => pair.write(dir, 'f', 'changed\n'), ['f']],
    ['a new file with an odd name', (dir: string) => pair.write(dir, 'new "\n', 'x'), ['new "\n']],
    ['a deleted file', (dir: string) => rmSync(join(dir, 'f')), ['f']],
    ['an ignored file that is nowhere else', (dir: string) => pair.write(dir, 'x.log', 'x'), ['x.log']],
    [
      'a file git was told not to look at',
      (dir: string) => {
        pair.git(dir, 'update-index', '--skip-worktree', 'f');
        pair.write(dir, 'f', 'hidden\n');
      },
      ['f'],
    ],
  ])('stay for %s', async (_, act, held) => {
    act(dirOf(0));
    expect((await stale())[0]).toMatchObject({ uncommitted: held, keep: 'it holds 1 uncommitted file' });
    expect(await clean('a')).toMatchObject({ ok: false, reason: 'it holds 1 uncommitted file' });
    expect(existsSync(dirOf(0))).toBe(true);
  });

  it('go with ignored files that the repository has just so, and with ignored folders', async () => {
    pair.write(pair.repo, '.env', 'SECRET=1\n');
    pair.write(dirOf(0), '.env', 'SECRET=1\n');
    pair.write(dirOf(0), 'build/out.o', 'x');
    expect(got(await clean('a'))).toMatchObject({ branch: 'removed' });
    expect(existsSync(dirOf(0))).toBe(false);
  });

  it('stay for commits that are on no branch, for a merge under way, and for a process that works in them', async () => {
    pair.git(dirOf(0), 'checkout', '-q', '--detach');
    expect((await stale())[0]).toMatchObject({ branch: '', keep: '' });
    pair.edit(0, 'f', 'a\n');
    pair.git(dirOf(0), 'commit', '-qam', 'work');
    expect(await clean('a')).toMatchObject({ ok: false, reason: expect.stringContaining('1 commit is on no branch') });

    pair.edit(1, 'f', 'b\n');
    pair.git(dirOf(1), 'commit', '-qam', 'work');
    expect(() => pair.git(dirOf(1), 'merge', '-q', pair.git(dirOf(0), 'rev-parse', 'HEAD').trim())).toThrow(/merge/);
    expect(await clean('b')).toMatchObject({ ok: false, reason: expect.stringContaining('a merge is under way') });
    pair.git(dirOf(1), 'merge', '--abort');

    const sleeper = spawn('sleep', ['60'], { cwd: dirOf(1) });
    try {
      expect(await clean('b')).toMatchObject({ ok: false, reason: `process ${sleeper.pid} works in it` });
    } finally {
      sleeper.kill();
      await new Promise((done) => sleeper.once('close', done));
    }
    expect(got(await clean('b'))).toMatchObject({ branch: 'kept' });
  });

  it('are forgotten where their folder is gone, their branch kept; what is no worktree stays', async () => {
    pair.edit(0, 'f', 'a\n');
    pair.git(dirOf(0), 'commit', '-qam', 'work');
    rmSync(dirOf(0), { recursive: true });
    mkdirSync(join(pair.repo, '.llmctl/worktrees/odd'));
    pair.write(pair.repo, '.llmctl/worktrees/odd/notes', 'mine');
    expect((await stale()).map(({ agent, missing, unlanded }) => [agent, missing, unlanded])).toEqual([
      ['a', true, 1],
      ['b', false, 0],
      ['odd', false, 0],
    ]);
    expect(got(await clean('a'))).toMatchObject({ branch: 'kept' });
    expect(pair.git(pair.repo, 'show', 'llmctl/a:f')).toBe('a\n');
    expect(await clean('odd')).toMatchObject({ ok: false, reason: expect.stringContaining('no worktree') });
    expect(existsSync(join(pair.repo, '.llmctl/worktrees/odd/notes'))).toBe(true);
  });
});
