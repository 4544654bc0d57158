import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitDirs } from '../git/repo.ts';
import { Changes } from './changes.ts';
import { RepoGitWatcher } from './repo-git-watcher.ts';
import { TreeEye } from './tree-eye.ts';
import type { ChangedPaths } from './tree-eye.ts';
import { TreeWatchers } from './tree-watcher.ts';
import type { WatchFunction } from './tree-watch.ts';

const PATIENT = { timeout: 15_000, interval: 10 };
const ENTRY = fileURLToPath(new URL('host/main.ts', import.meta.url));
const NEVER = { rescanMs: 600_000, pollMs: 600_000 };

let top = '';
let dirs: GitDirs;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: top, stdio: 'pipe' });
const write = (name: string, text = 'x\n') => writeFileSync(join(top, name), text);

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-tree-')));
  git('init', '-q', '-b', 'main');
  mkdirSync(join(top, 'src'));
  write('src/a');
  write('.gitignore', 'out/\n');
  git('add', '-A');
  git('commit', '-qm', 'one');
  dirs = { top, gitDir: join(top, '.git'), commonDir: join(top, '.git') };
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

describe('an eye on one tree', () => {
  let eye: TreeEye | null = null;
  let told: [ChangedPaths, boolean][] = [];
  let troubles: (string | null)[] = [];
  const all = () => told.flatMap(([paths]) => paths);

  async function open(times = NEVER, options: { watch?: WatchFunction } = { watch }) {
    told = [];
    troubles = [];
    const events = {
      onChange: (paths: ChangedPaths, git: boolean) => void told.push([paths, git]),
      onTrouble: (text: string | null) => void troubles.push(text),
    };
    eye = new TreeEye(dirs, events, times, options);
    await eye.start();
    return eye;
  }
  afterEach(async () => {
    await eye?.stop();
    eye = null;
  });

  it('tells paths relative to the top, once for an atomic save, and nothing of ignored folders', async () => {
    mkdirSync(join(top, 'out'));
    const eye = await open();
    write('out/x');
    write('src/a.tmp');
    renameSync(join(top, 'src/a.tmp'), join(top, 'src/a'));
    await eye.settle();
    expect(told).toHaveLength(1);
    expect(told[0]![0]).toContain('src/a');
    expect(all().filter((path) => path.startsWith('out'))).toEqual([]);
  });

  it('has told all that happened before it settles, time after time', async () => {
    const eye = await open();
    for (let n = 0; n < 50; n++) {
      write(`src/f${n}`);
      await eye.settle();
      expect(all()).toContain(`src/f${n}`);
    }
    expect(all()).not.toContain('all');
  });

  it('tells a folder for all in it, and a commit without paths', async () => {
    const eye = await open();
    mkdirSync(join(top, 'new/deep'), { recursive: true });
    write('new/deep/f');
    await eye.settle();
    expect(all()).toContain('new');
    renameSync(join(top, 'new'), join(top, 'moved'));
    await eye.settle();
    expect(all()).toContain('moved');
    const before = told.length;
    git('commit', '-q', '--allow-empty', '-m', 'two');
    await expect.poll(() => told.slice(before).some(([, git]) => git), PATIENT).toBe(true);
  });

  it('tells the folder where a name is no text', async () => {
    const eye = await open();
    writeFileSync(Buffer.concat([Buffer.from(`${top}/src/raw`), Buffer.from([0xff])]), 'x');
    await eye.settle();
    expect(all()).toContain('src');
  });

  it('takes a flood for anything, also where the queue had no room for it', async () => {
    const eye = await open();
    mkdirSync(join(top, 'many'));
    for (let n = 0; n < 9000; n++) write(`many/f${n}`, '');
    await eye.settle();
    await expect.poll(all, PATIENT).toContain('all');
  });

  it('looks again at everything some time after something happened', async () => {
    await open({ ...NEVER, rescanMs: 50 });
    expect(all()).toEqual([]);
    write('src/a', 'y\n');
    await expect.poll(all, PATIENT).toContain('all');
  });

  it('says what to do where watches run out, and polls', async () => {
    const none: WatchFunction = () => {
      throw Object.assign(new Error('none left'), { code: 'ENOSPC' });
    };
    await open({ ...NEVER, pollMs: 20 }, { watch: none });
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('sudo sysctl fs.inotify.max_user_watches=');
    await expect.poll(() => all().filter((path) => path === 'all').length, PATIENT).toBeGreaterThan(3);
  });

  it('doesn’t trust a silence: without the canary everything counts as changed', async () => {
    const deaf: WatchFunction = ((path: string, listener: () => void) => {
      const watcher = watch(path, listener);
      watcher.close();
      return watcher;
    }) as WatchFunction;
    const eye = await open(NEVER, { watch: deaf });
    write('src/a', 'y\n');
    await eye.settle();
    expect(all()).toEqual(['all']);
  });
});

describe('the process that watches', () => {
  let watchers: TreeWatchers | null = null;
  afterEach(() => watchers?.stop());

  it('tells of several trees, settles, and is there again after it was killed', async () => {
    const other = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-tree-')));
    execFileSync('git', ['init', '-q', other]);
    watchers = new TreeWatchers(ENTRY);
    const heard = [new Changes(), new Changes()];
    const troubles: (string | null)[] = [];
    const listen = (n: 0 | 1) => ({
      onChange: (paths: ReadonlySet<string> | 'all') => heard[n]!.add(paths),
      onTrouble: (text: string | null) => void troubles.push(text),
    });
    const first = watchers.watch(dirs, listen(0));
    const second = watchers.watch(
      { top: other, gitDir: join(other, '.git'), commonDir: join(other, '.git') },
      listen(1),
    );
    await Promise.all([first.ready, second.ready]);
    // Up to here anything may have changed.
    expect(heard.map((changes) => changes.drain())).toEqual([undefined, undefined]);
    writeFileSync(join(other, 'f'), 'f\n');
    await expect.poll(() => [...(heard[1]!.drain() ?? [])], PATIENT).toContain('f');
    expect(heard[0]!.drain()).toEqual(new Set());
    const { pid } = watchers;
    process.kill(pid!, 'SIGKILL');
    await expect.poll(() => troubles.filter((text) => text === null).length, PATIENT).toBe(2);
    expect(watchers.pid).not.toBe(pid);
    expect(heard[0]!.drain()).toBeUndefined();
    write('src/a', 'y\n');
    await expect.poll(() => [...(heard[0]!.drain() ?? [])], PATIENT).toContain('src/a');
    const last = watchers.pid!;
    watchers.stop();
    await expect.poll(() => isAlive(last), PATIENT).toBe(false);
    rmSync(other, { recursive: true });
  });

  it('watches a tree once for several, a status among them', async () => {
    watchers = new TreeWatchers(ENTRY);
    const heard = new Changes();
    const troubles: unknown[] = [];
    const events = { onChange: (paths: ReadonlySet<string> | 'all') => heard.add(paths), onTrouble: () => {} };
    const mine = watchers.watch(dirs, events);
    await mine.ready;
    let status: readonly string[] = [];
    const repo = new RepoGitWatcher({
      repo: top,
      watchers,
      onStatus: ({ changed }) => (status = changed.map(({ path }) => path)),
      onTrouble: (...trouble) => troubles.push(trouble),
      onTreeChanged: () => {},
      times: { gapMs: 20, restMs: 600_000, blindMs: 600_000, lockMs: 1000 },
    });
    await repo.start();
    heard.drain();
    write('src/a', 'y\n');
    await expect.poll(() => status, PATIENT).toEqual(['src/a']);
    expect(heard.drain()).toContain('src/a');
    mine.stop();
    write('src/b', 'y\n');
    await expect.poll(() => status, PATIENT).toEqual(['src/a', 'src/b']);
    expect(heard.drain()).toEqual(new Set());
    expect(troubles).toEqual([]);
    await repo.stop();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
