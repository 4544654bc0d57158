import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitDirs, gitTopLevel, gitVersion, headCommit, initRepo, isInsideWorktree } from './repo.ts';
import { CHANGE_LIMIT } from './parse-status.ts';
import { StatusReader } from './status.ts';
import type { StatusOptions } from './status.ts';

let folder = '';
let repo = '';
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: repo, encoding: 'utf8' });
const write = (name: string | Buffer, text = 'x\n') => {
  const path = typeof name === 'string' ? join(repo, name) : Buffer.concat([Buffer.from(`${repo}/`), name]);
  writeFileSync(path, text);
};
async function look(options: StatusOptions = {}) {
  const dirs = await gitDirs(repo);
  return new StatusReader(dirs!, options).read();
}
async function status() {
  const reading = await look();
  if (!reading.ok) throw new Error(reading.reason);
  return reading.status;
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-git-')));
  repo = join(folder, 'repo');
  mkdirSync(repo);
  await initRepo(repo);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('where a repository is', () => {
  it('is told from inside, from a subfolder, through a symlink, and not from outside', async () => {
    mkdirSync(join(repo, 'a/b'), { recursive: true });
    symlinkSync(repo, join(folder, 'link'));
    expect(await gitTopLevel(join(repo, 'a/b'))).toBe(repo);
    expect(await gitTopLevel(join(folder, 'link'))).toBe(repo);
    expect(await gitTopLevel(folder)).toBeNull();
    expect(await gitTopLevel(join(folder, 'gone'))).toBeNull();
    expect(await isInsideWorktree(repo)).toBe(true);
    expect(await isInsideWorktree(join(repo, '.git'))).toBe(false);
  });

  it('is told for a path with a newline and for a linked worktree', async () => {
    git('commit', '--allow-empty', '-qm', 'one');
    const odd = join(folder, 'a\nb');
    git('worktree', 'add', '-q', '-b', 'odd', odd);
    const dirs = await gitDirs(odd);
    expect(dirs?.top).toBe(odd);
    expect(dirs?.commonDir).toBe(join(repo, '.git'));
    expect(dirs?.gitDir.startsWith(join(repo, '.git/worktrees/'))).toBe(true);
  });

  it('init leaves a repository that exists as it is, and says why it failed', async () => {
    git('commit', '--allow-empty', '-qm', 'one');
    const before = await headCommit(repo);
    expect(await initRepo(repo)).toEqual({ ok: true, repo });
    expect(await headCommit(repo)).toBe(before);
    const failed = await initRepo(join(folder, 'no/such'));
    expect(failed.ok).toBe(false);
    expect(await gitVersion()).toMatch(/^\d+\.\d+/);
  });
});

describe('status', () => {
  it('of a repository without a commit', async () => {
    write('a');
    expect(await status()).toEqual({
      branch: 'main',
      upstream: null,
      ahead: 0,
      behind: 0,
      head: '',
      changed: [{ path: 'a', code: '??' }],
      total: 1,
    });
  });

  it('counts against the upstream and knows a detached HEAD', async () => {
    git('commit', '--allow-empty', '-qm', 'one');
    git('branch', 'up');
    git('branch', '-q', '--set-upstream-to=up');
    git('commit', '--allow-empty', '-qm', 'two');
    git('commit', '--allow-empty', '-qm', 'three');
    expect(await status()).toMatchObject({ branch: 'main', upstream: 'up', ahead: 2, behind: 0 });
    git('checkout', '-q', '--detach');
    expect(await status()).toMatchObject({ branch: '(detached)', upstream: null, head: await headCommit(repo) });
  });

  it('names each kind of change with its two letters', async () => {
    for (const name of ['modified', 'staged', 'deleted', 'both']) write(name);
    git('add', '-A');
    git('commit', '-qm', 'one');
    write('modified', 'y\n');
    write('staged', 'y\n');
    write('both', 'y\n');
    git('add', 'staged', 'both');
    write('both', 'z\n');
    rmSync(join(repo, 'deleted'));
    mkdirSync(join(repo, 'new'));
    write('new/file');
    const codes = Object.fromEntries((await status()).changed.map((change) => [change.path, change.code]));
    expect(codes).toEqual({ modified: ' M', staged: 'M ', deleted: ' D', both: 'MM', 'new/file': '??' });
  });

  it('shows conflicts', async () => {
    write('f', 'a\n');
    git('add', 'f');
    git('commit', '-qm', 'base');
    git('checkout', '-qb', 'other');
    write('f', 'b\n');
    git('commit', '-qam', 'b');
    git('checkout', '-q', 'main');
    write('f', 'c\n');
    git('commit', '-qam', 'c');
    expect(() => git('merge', '-q', 'other')).toThrow('Command failed');
    expect((await status()).changed).toEqual([{ path: 'f', code: 'UU' }]);
  });

  it('keeps names of any bytes apart', async () => {
    const names = [
      'a b',
      ' lead',
      'trail ',
      'tab\there',
      'new\nline',
      '"quoted"',
      'back\\slash',
      '-x',
      '$(id)',
      'é🚀',
      'a -> b',
    ];
    for (const name of names) write(name);
    write(Buffer.from([0x61, 0xff]));
    write(Buffer.from([0x61, 0xfe]));
    const paths = (await status()).changed.map((change) => change.path);
    expect(new Set(paths)).toEqual(new Set([...names, 'a\\377', 'a\\376']));
  });

  it('bounds the list and says how many there are', async () => {
    for (let i = 0; i < CHANGE_LIMIT + 5; i++) write(`f${i}`);
    const { changed, total } = await status();
    expect([changed.length, total]).toEqual([CHANGE_LIMIT, CHANGE_LIMIT + 5]);
  });

  it('takes no lock, works beside one, and tells its age', async () => {
    write('a');
    git('add', 'a');
    git('commit', '-qm', 'one');
    writeFileSync(join(repo, '.git/index.lock'), '');
    const reading = await look();
    expect(reading.ok && reading.lockAgeMs).toBeGreaterThanOrEqual(0);
    expect(existsSync(join(repo, '.git/index.lock'))).toBe(true);
  });

  it('says in a line what went wrong', async () => {
    writeFileSync(join(repo, '.git/index'), 'garbage');
    const broken = await look();
    expect(broken).toMatchObject({ ok: false, reason: expect.stringMatching(/^[^\n]*index[^\n]*$/) });
  });
});

describe('a hostile repository', () => {
  it('runs nothing because it is looked at', async () => {
    const canary = join(folder, 'canary');
    const program = join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${canary}\ncat\n`);
    chmodSync(program, 0o755);
    write('a');
    git('add', 'a');
    git('commit', '-qm', 'one');
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'pager.status',
      'diff.external',
      'core.editor',
      'core.sshCommand',
    ]) {
      git('config', key, program);
    }
    git('config', 'filter.evil.clean', program);
    git('config', 'filter.evil.required', 'true');
    git('config', 'filter.evil two.process', program);
    mkdirSync(join(repo, 'hooks'));
    for (const hook of ['post-index-change', 'fsmonitor-watchman']) {
      writeFileSync(join(repo, 'hooks', hook), `#!/bin/sh\ntouch ${canary}\n`);
      chmodSync(join(repo, 'hooks', hook), 0o755);
    }
    git('config', 'core.hooksPath', join(repo, 'hooks'));
    write('.gitattributes', 'a filter=evil\nb* filter="evil two"\n');
    write('a', 'changed\n');
    write('b');
    rmSync(canary, { force: true });
    const reading = await look({ env: { ...process.env, GIT_EXTERNAL_DIFF: program, GIT_PAGER: program } });
    expect(reading.ok && reading.status.changed.map((change) => change.path).sort()).toContain('a');
    expect(existsSync(canary)).toBe(false);
    // The same repository does run it for a plain git: the trap is armed.
    git('status');
    expect(existsSync(canary)).toBe(true);
  });

  it('that makes git wait is given up after the time limit', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\ncase "$*" in *status*) exec sleep 60;; esac\nexit 1\n');
    chmodSync(join(bin, 'git'), 0o755);
    const reading = await look({ timeoutMs: 200, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } });
    expect(reading).toEqual({ ok: false, reason: 'git status took longer than 0.2 s' });
  });
});
