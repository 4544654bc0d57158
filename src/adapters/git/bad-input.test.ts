/** Worktrees as nobody wants them: nothing of an agent's work may be left out of a snapshot or changed, nothing may hang. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitPath, Outcome, Snapshot } from './api-merge.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { Snapshots } from './snapshot.ts';
import { Verdicts } from './verdict.ts';

let pair: PairOfAgents;
beforeEach(() => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

const dir = (side: 0 | 1 = 0) => pair.worktrees[side].dir;
const at = (path: string, side: 0 | 1 = 0) => join(dir(side), path);
const git = (...args: string[]) => pair.git(dir(), ...args);
const inTree = (snapshot: Snapshot) =>
  pair.git(pair.repo, 'ls-tree', '-r', '-z', '--name-only', snapshot.tree).split('\0').slice(0, -1);
const contentOf = (snapshot: Snapshot, path: string) => pair.git(pair.repo, 'show', `${snapshot.tree}:${path}`);

/** By what is said to have changed and by a look at everything; both must agree. */
async function snapshot(taker: Snapshots, ...paths: GitPath[]): Promise<Snapshot> {
  const hinted = got(await taker.take(new Set(paths))).snapshot;
  const whole = got(await new Snapshots(pair.worktrees[0], pair.scratch, 'repository').take()).snapshot;
  expect(hinted.tree).toBe(whole.tree);
  return whole;
}

async function begin(files: Readonly<Record<string, string | Buffer>>): Promise<Snapshots> {
  await pair.start(files);
  const taker = new Snapshots(pair.worktrees[0], pair.scratch, 'repository');
  got(await taker.take());
  return taker;
}

const UNPRIVILEGED = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

/** Not where setpriv is absent, or where git itself lives on that privilege. */
function canBeUnprivileged(): boolean {
  const [program, ...args] = [...UNPRIVILEGED, 'git', 'config', '--list'];
  return spawnSync(program!, args).status === 0;
}

/** To root nothing is unreadable: it takes the snapshots without that privilege. @param hint as JavaScript, of the second take */
function takeUnprivileged(hint: string): Snapshot {
  const script = `
    const { Snapshots } = await import(${JSON.stringify(new URL('snapshot.ts', import.meta.url).href)});
    const { writeFileSync } = await import('node:fs');
    const [worktree, scratch] = ${JSON.stringify([pair.worktrees[0], pair.scratch])};
    const taker = new Snapshots(worktree, scratch, 'repository');
    await taker.take();
    writeFileSync(1, JSON.stringify(await taker.take(${hint})));
    process.exit();
  `;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [program, ...args] = [...UNPRIVILEGED, ...node];
  return got(JSON.parse(execFileSync(program!, args, { encoding: 'utf8' })) as Outcome<{ snapshot: Snapshot }>)
    .snapshot;
}

describe('a git in the middle of something', () => {
  it('holds its index lock: snapshots are taken all the same, and the lock stays', async () => {
    const taker = await begin({ f: 'f\n' });
    const lock = join(pair.worktrees[0].gitDir, 'index.lock');
    writeFileSync(lock, '');
    pair.edit(0, 'f', 'mine\n');
    expect(contentOf(await snapshot(taker, 'f'), 'f')).toBe('mine\n');
    expect(existsSync(lock)).toBe(true);
  });

  it('has no branch, or is rebasing with a conflict: what lies there is what is kept', async () => {
    const taker = await begin({ f: 'f\n' });
    pair.edit(0, 'f', 'one\n');
    git('commit', '-qam', 'one');
    git('checkout', '-q', '--detach', 'HEAD~');
    pair.edit(0, 'f', 'two\n');
    git('commit', '-qam', 'two');
    const head = git('rev-parse', 'HEAD').trim();
    expect((await snapshot(taker)).head).toBe(head);
    expect(() => git('rebase', 'llmctl/a')).toThrow('could not apply');
    const during = await snapshot(taker, 'f');
    expect(contentOf(during, 'f')).toContain('<<<<<<<');
    expect(git('status')).toContain('rebase in progress');
    git('rebase', '--abort');
    expect(contentOf(await snapshot(taker, 'f'), 'f')).toBe('two\n');
  });

  it('has its worktree deleted: it is said, not taken for a deletion of everything', async () => {
    const taker = await begin({ f: 'f\n' });
    rmSync(dir(), { recursive: true });
    for (const hint of [undefined, new Set(['f'])]) {
      const taken = await taker.take(hint);
      expect(taken).toMatchObject({ ok: false, reason: expect.stringContaining('is gone') });
    }
  });
});

describe('a change that nobody told of', () => {
  it('is found as soon as there is doubt', async () => {
    const taker = await begin({ f: 'f\n' });
    pair.edit(0, 'f', 'mine\n');
    const unaware = got(await taker.take(new Set())).snapshot;
    expect(contentOf(unaware, 'f')).toBe('f\n');
    taker.forget();
    expect(contentOf(await snapshot(taker), 'f')).toBe('mine\n');
  });
});

describe('names', () => {
  it('of any bytes are taken, told and judged', async () => {
    const taker = await begin({ f: 'f\n' });
    const names = [' ', 'a "q" b', 'line\nbreak', '-x', '$(touch canary)', 'é', '*', ':(top)x', '\\'];
    for (const name of names) pair.edit(0, name, 'odd\n');
    const bytes = Buffer.concat([Buffer.from(`${dir()}/raw`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(bytes, 'raw\n');
    const taken = await snapshot(taker, ...names, 'raw\udcff\udcfe');
    for (const name of names) expect(inTree(taken)).toContain(name);
    expect(inTree(taken)).toHaveLength(names.length + 2);
    expect(existsSync(at('canary'))).toBe(false);
    for (const name of names) pair.edit(1, name, 'other\n');
    const verdict = await pair.verdict();
    expect(verdict.paths.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
  });

  it('that differ in case alone are two files, and a rename between them is one', async () => {
    const taker = await begin({ readme: 'r\n', other: 'o\n' });
    renameSync(at('readme'), at('README'));
    pair.edit(0, 'OTHER', 'O\n');
    expect(inTree(await snapshot(taker, 'readme', 'README', 'OTHER')).toSorted()).toEqual(['OTHER', 'README', 'other']);
  });
});

describe('things that are no plain files', () => {
  it('FIFOs and sockets are left out and read by nobody', async () => {
    const taker = await begin({ f: 'f\n' });
    execFileSync('mkfifo', [at('fifo')]);
    const server = createServer().listen(at('socket'));
    await once(server, 'listening');
    try {
      pair.edit(0, 'g', 'g\n');
      expect(inTree(await snapshot(taker, 'fifo', 'socket', 'g'))).toEqual(['f', 'g']);
      // A FIFO in a tracked file's place.
      rmSync(at('f'));
      execFileSync('mkfifo', [at('f')]);
      const taken = await taker.take(new Set(['f']));
      expect(taken.ok && inTree(taken.snapshot)).toContain('g');
    } finally {
      server.close();
    }
  });

  it('symlinks out of the tree are kept as links, and nothing is read through them', async () => {
    const taker = await begin({ 'd/f': 'f\n' });
    const outside = join(pair.folder, 'outside');
    pair.write(outside, 'f', 'secret\n');
    symlinkSync('/etc/passwd', at('link'));
    symlinkSync('nowhere', at('broken'));
    renameSync(at('d'), at('e'));
    symlinkSync(outside, at('d'));
    const taken = await snapshot(taker, 'link', 'broken', 'd', 'd/f', 'e');
    expect(inTree(taken)).toEqual(['broken', 'd', 'e/f', 'link']);
    expect(contentOf(taken, 'link')).toBe('/etc/passwd');
    expect(contentOf(taken, 'd')).toBe(outside);
  });

  it('a repository within, with and without a commit, doesn’t keep the rest from being taken', async () => {
    const taker = await begin({ f: 'f\n' });
    mkdirSync(at('empty'));
    pair.git(at('empty'), 'init', '-q');
    pair.write(at('empty'), 'x', 'x\n');
    mkdirSync(at('full'));
    pair.git(at('full'), 'init', '-q');
    pair.git(at('full'), 'commit', '-q', '--allow-empty', '-m', 'x');
    pair.edit(0, 'f', 'mine\n');
    const taken = await snapshot(taker, 'f', 'empty/x', 'empty', 'full');
    expect(contentOf(taken, 'f')).toBe('mine\n');
    expect(inTree(taken)).toEqual(['f', 'full']);
    pair.edit(0, 'f', 'again\n');
    expect(contentOf(await snapshot(taker, 'f'), 'f')).toBe('again\n');
  });

  it('a submodule that both moved is a conflict, and nothing in it is touched', async () => {
    const inner = join(pair.folder, 'inner');
    pair.write(inner, 'x', 'x\n');
    pair.git(inner, 'init', '-q', '-b', 'main');
    pair.git(inner, 'add', '-A');
    pair.git(inner, 'commit', '-qm', 'one');
    const taker = await begin({ f: 'f\n' });
    for (const side of [0, 1] as const) {
      pair.git(dir(side), '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'sub');
      pair.git(dir(side), 'commit', '-qm', 'sub');
      pair.git(at('sub', side), 'commit', '-q', '--allow-empty', '-m', `by ${side}`);
      pair.edit(side, 'sub/x', `${side}\n`);
    }
    expect(inTree(await snapshot(taker, 'sub/x', 'sub'))).toContain('sub');
    const verdict = await pair.verdict();
    expect(verdict.paths.find(({ path }) => path === 'sub')).toMatchObject({ verdict: 'conflict' });
    expect(readFileSync(at('sub/x'), 'utf8')).toBe('0\n');
  });
});

describe('contents', () => {
  it('CRLF under every rule is kept as git would keep it', async () => {
    const taker = await begin({
      '.gitattributes': '*.auto text=auto\n*.crlf text eol=crlf\n*.raw -text\n',
      'old.auto': 'a\n',
    });
    for (const name of ['new.auto', 'old.auto', 'x.crlf', 'x.raw', 'x.none']) pair.edit(0, name, 'one\r\ntwo\r\n');
    const taken = await snapshot(taker, 'new.auto', 'old.auto', 'x.crlf', 'x.raw', 'x.none');
    expect(contentOf(taken, 'x.crlf')).toBe('one\ntwo\n');
    expect(contentOf(taken, 'x.raw')).toBe('one\r\ntwo\r\n');
    expect(readFileSync(at('x.crlf'), 'utf8')).toBe('one\r\ntwo\r\n');
  });

  it.runIf(canBeUnprivileged())('that may not be read are left as they were, and the rest is taken', async () => {
    await begin({ f: 'f\n', secret: 's\n' });
    chmodSync(at('secret'), 0);
    pair.edit(0, 'f', 'mine\n');
    pair.edit(0, 'hidden', 'h\n');
    chmodSync(at('hidden'), 0);
    const hinted = takeUnprivileged(`new Set(['f', 'secret', 'hidden'])`);
    expect(inTree(hinted)).toEqual(['f', 'secret']);
    expect(contentOf(hinted, 'f')).toBe('mine\n');
    expect(contentOf(hinted, 'secret')).toBe('s\n');
    expect(takeUnprivileged('undefined').tree).toBe(hinted.tree);
  });

  it('binary on both sides are a conflict', async () => {
    await begin({ bin: Buffer.from([0, 1, 2]) });
    pair.edit(0, 'bin', Buffer.from([0, 1, 3]));
    pair.edit(1, 'bin', Buffer.from([0, 1, 4]));
    expect((await pair.verdict()).paths).toEqual([{ path: 'bin', verdict: 'conflict', sameRegion: true }]);
  });

  it('of 200 MB are never held in memory here, and two of them are a conflict', async () => {
    const taker = await begin({ big: 'small\n', f: 'f\n' });
    for (const side of [0, 1] as const) {
      writeFileSync(at('big', side), `\0${side}`);
      truncateSync(at('big', side), 200 * 1024 * 1024);
    }
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    try {
      const a = got(await taker.take(new Set(['big']))).snapshot;
      expect(pair.git(pair.repo, 'cat-file', '-s', `${a.tree}:big`)).toBe(`${200 * 1024 * 1024}\n`);
      const b = got(await new Snapshots(pair.worktrees[1], pair.scratch, 'scratch').take()).snapshot;
      const { verdict } = got(await new Verdicts(pair.scratch).of(pair.worktrees[0], a, b));
      expect(verdict.paths).toEqual([{ path: 'big', verdict: 'conflict', sameRegion: true }]);
    } finally {
      clearInterval(timer);
    }
    expect(most - before).toBeLessThan(100 * 1024 * 1024);
    // To squeeze them takes a core its time.
  }, 120_000);

  it('that change while they are read are of one moment', async () => {
    const taker = await begin({ f: 'f\n' });
    const script = `
      const fs = require('fs');
      process.stdout.write('up');
      for (let n = 0; ; n++) fs.writeFileSync(process.argv[1], String(n % 10).repeat(200000 + n % 7));
    `;
    const child = spawn(process.execPath, ['-e', script, at('f')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    try {
      await once(child.stdout!, 'data');
      for (let n = 0; n < 10; n++) expect(await taker.take(new Set(['f']))).toMatchObject({ ok: true });
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    expect(contentOf(await snapshot(taker, 'f'), 'f')).toBe(readFileSync(at('f'), 'utf8'));
  });
});
