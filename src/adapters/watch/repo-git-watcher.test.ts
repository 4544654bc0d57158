import { execFileSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RepoGitWatcher } from './repo-git-watcher.ts';
import type { RepoGitOptions } from './repo-git-watcher.ts';
import type { ObservedStatus } from './status-loop.ts';
import type { WatchFunction } from './tree-watch.ts';

/** A second is not much on a machine that builds and tests other things too. */
const PATIENT = { timeout: 15_000, interval: 20 };
let repo = '';
let watcher: RepoGitWatcher | null = null;
let statuses: ObservedStatus[] = [];
let troubles: [string, string | null][] = [];
let moves = 0;

const QUICK = { gapMs: 50, restMs: 600_000, blindMs: 100, lockMs: 1000 };
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: repo, encoding: 'utf8' });
const write = (name: string, text = `${Math.random()}\n`) => writeFileSync(join(repo, name), text);
const last = () => statuses.at(-1);
const paths = () => last()?.changed.map((change) => change.path) ?? [];

async function begin(options: Partial<RepoGitOptions> = {}) {
  watcher = new RepoGitWatcher({
    repo,
    onStatus: (status) => statuses.push(status),
    onTrouble: (cause, text) => troubles.push([cause, text]),
    onTreeChanged: () => moves++,
    times: QUICK,
    ...options,
  });
  const found = await watcher.start();
  // The watches are set in the background: a file written until it is heard shows that they are.
  await expect
    .poll(() => {
      if (moves === 0 && troubles.length === 0) write('probe');
      return moves > 0 || troubles.length > 0 || !found;
    }, PATIENT)
    .toBe(true);
  rmSync(join(repo, 'probe'), { force: true });
  await watcher.refresh();
  return found;
}

beforeEach(() => {
  repo = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-watch-')));
  statuses = [];
  troubles = [];
  moves = 0;
  git('init', '-q', '-b', 'main');
  mkdirSync(join(repo, 'src'));
  write('src/a');
  write('.gitignore', 'out/\n*.log\n');
  git('add', '-A');
  git('commit', '-qm', 'one');
});
afterEach(async () => {
  await watcher?.stop();
  watcher = null;
  rmSync(repo, { recursive: true, force: true });
});

const ways: [string, Partial<RepoGitOptions>][] = [
  ['chokidar', {}],
  // A given function chooses watches of directories, whatever the size.
  ['directory watches', { watch }],
];

describe.each(ways)('through %s', (_name, options) => {
  it('hears of edits, new folders, renames, removals and commits', async () => {
    await begin(options);
    write('src/a');
    await expect.poll(paths, PATIENT).toContain('src/a');
    mkdirSync(join(repo, 'deep/er/est'), { recursive: true });
    write('deep/er/est/new');
    await expect.poll(paths, PATIENT).toContain('deep/er/est/new');
    write('deep/er/est/later');
    await expect.poll(paths, PATIENT).toContain('deep/er/est/later');
    renameSync(join(repo, 'deep'), join(repo, 'moved'));
    await expect.poll(paths, PATIENT).toContain('moved/er/est/new');
    write('moved/er/more');
    await expect.poll(paths, PATIENT).toContain('moved/er/more');
    rmSync(join(repo, 'moved'), { recursive: true });
    await expect.poll(paths, PATIENT).toEqual(['src/a']);
    const before = moves;
    git('commit', '-qam', 'two');
    await expect.poll(() => last()?.changed, PATIENT).toEqual([]);
    await expect.poll(() => moves, PATIENT).toBeGreaterThan(before);
    git('checkout', '-q', '-b', 'other');
    await expect.poll(() => last()?.branch, PATIENT).toBe('other');
    git('branch', '-q', '--set-upstream-to=main');
    await expect.poll(() => last()?.upstream, PATIENT).toBe('main');
    expect(troubles).toEqual([]);
  });

  it('takes ignored files for nothing', async () => {
    mkdirSync(join(repo, 'out'));
    await begin(options);
    await expect.poll(() => last()?.changed, PATIENT).toEqual([]);
    const before = moves;
    write('out/x');
    write('build.log');
    mkdirSync(join(repo, 'node_modules'));
    write('node_modules/x');
    write('src/a');
    await expect.poll(() => moves, PATIENT).toBe(before + 1);
    write('src/a');
    await expect.poll(() => moves, PATIENT).toBe(before + 2);
  });
});

describe.each(ways)('settling through %s', (_name, options) => {
  it('tells everything before it resolves, and nothing of it afterwards', async () => {
    await begin({ ...options, times: { ...QUICK, gapMs: 600_000 } });
    for (let round = 0; round < 5; round++) {
      const before = moves;
      write('src/a');
      write(`new${round}`);
      await watcher!.settle();
      expect(moves).toBeGreaterThan(before);
      expect(paths()).toContain(`new${round}`);
      const told = [moves, statuses.length];
      await watcher!.settle();
      expect([moves, statuses.length]).toEqual(told);
    }
  });
});

describe('the watcher of a repository', () => {
  it('looks at a worktree of its own', async () => {
    const main = repo;
    git('worktree', 'add', '-q', '-b', 'w', join(main, 'tree'));
    repo = join(main, 'tree');
    try {
      await begin();
      write('src/a');
      await expect.poll(paths, PATIENT).toContain('src/a');
      git('commit', '-qam', 'in the worktree');
      await expect.poll(() => last()?.changed, PATIENT).toEqual([]);
      expect(last()?.branch).toBe('w');
    } finally {
      repo = main;
    }
  });

  it('says no where there is no repository', async () => {
    rmSync(join(repo, '.git'), { recursive: true });
    expect(await begin()).toBe(false);
    expect(statuses).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('says why git refuses a repository of somebody else', async () => {
    chownSync(repo, 12_345, 12_345);
    chownSync(join(repo, '.git'), 12_345, 12_345);
    expect(await begin()).toBe(false);
    expect(troubles).toEqual([['git', expect.stringMatching(/git refuses .*: detected dubious ownership/)]]);
  });

  it('says once that no inotify watches are left, and polls', async () => {
    const exhausted: WatchFunction = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    await begin({ watch: exhausted });
    write('src/a');
    await expect.poll(paths, PATIENT).toContain('src/a');
    write('b');
    await expect.poll(paths, PATIENT).toContain('b');
    expect(troubles).toEqual([['watch', expect.stringMatching(/every 3 s.*max_user_watches/)]]);
  });

  it('polls while git can not list the files, and watches again once it can', async () => {
    const bin = join(repo, '.git', 'shim');
    const broken = join(bin, 'broken');
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    mkdirSync(bin);
    writeFileSync(broken, '');
    const fails = `[ -e '${broken}' ] && { echo 'fatal: fork: Resource temporarily unavailable' >&2; exit 128; }`;
    const script = `#!/bin/sh\ncase " $* " in *' ls-files '*) ${fails};; esac\nexec '${real}' "$@"\n`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const path = process.env.PATH;
    process.env.PATH = `${bin}:${path}`;
    try {
      await begin({ retryMs: 20, times: { ...QUICK, blindMs: 600_000 } });
      expect(troubles).toEqual([['watch', expect.stringMatching(/every 3 s.*Resource temporarily unavailable/)]]);
      rmSync(broken);
      await expect.poll(() => troubles.at(-1), PATIENT).toEqual(['watch', null]);
      expect(troubles).toHaveLength(2);
      write('src/a');
      await expect.poll(paths, PATIENT).toContain('src/a');
      await expect.poll(() => moves, PATIENT).toBeGreaterThan(0);
    } finally {
      process.env.PATH = path;
    }
  });

  it('marks the figures stale while a lock stands and never removes it', async () => {
    await begin();
    const lock = join(repo, '.git/index.lock');
    writeFileSync(lock, '');
    utimesSync(lock, 1, 1);
    await watcher!.refresh();
    expect(last()?.stale).toBe(true);
    rmSync(lock);
    await expect.poll(() => last()?.stale, PATIENT).toBe(false);
  });

  it('survives a checkout that replaces thousands of files', async () => {
    await begin({ watch });
    git('checkout', '-q', '--orphan', 'big');
    for (let i = 0; i < 3000; i++) {
      if (i % 50 === 0) mkdirSync(join(repo, `d${i / 50}`));
      write(`d${Math.floor(i / 50)}/f${i}`, '');
    }
    git('add', '-A');
    git('commit', '-qm', 'many');
    await expect.poll(() => [last()?.branch, last()?.total], PATIENT).toEqual(['big', 0]);
    git('checkout', '-q', 'main');
    await expect.poll(() => last()?.branch, PATIENT).toBe('main');
    await expect
      .poll(() => {
        write('src/a');
        return paths();
      }, PATIENT)
      .toContain('src/a');
  });
});
