import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meet, parseRanges } from './hunks.ts';
import { PairOfAgents, got } from './pair.testkit.ts';
import { bytesOf, pathOf } from './path-bytes.ts';
import { Git } from './plumb.ts';
import { gitBusy, pauseStill, writersIn } from './quiesce.ts';
import { applyRound, mergeSides, planRound } from './round.ts';
import { Snapshots } from './snapshot.ts';
import { changedByBoth, touchedSince } from './touched.ts';
import { branchFigures, ensureWorktree, listWorktrees, sharedWorktree } from './worktrees.ts';

let pair: PairOfAgents;
beforeEach(async () => {
  pair = new PairOfAgents();
});
afterEach(() => pair.remove());

describe('worktrees', () => {
  it('are made on a branch of their own, used again, and not seen by git status', async () => {
    await pair.start({ f: 'x\n', '.gitignore': '.env*\n', '.worktreeinclude': '.env\n' });
    pair.write(pair.repo, '.env', 'SECRET=1\n');
    pair.write(pair.repo, 'sub/.env.local', 'x\n');
    const request = { agent: 'c', base: 'main', copy: ['.env.local'] };
    const made = got(await ensureWorktree(pair.repo, request));
    expect(made).toMatchObject({ made: 'new', copied: ['.env', 'sub/.env.local'] });
    expect(made.worktree).toMatchObject({ dir: join(pair.repo, '.llmctl/worktrees/c'), branch: 'llmctl/c' });
    expect(readFileSync(join(made.worktree.dir, '.env'), 'utf8')).toBe('SECRET=1\n');
    pair.write(made.worktree.dir, 'work', 'half done\n');
    expect(got(await ensureWorktree(pair.repo, request))).toMatchObject({ made: 'reused', copied: [] });
    expect(readFileSync(join(made.worktree.dir, 'work'), 'utf8')).toBe('half done\n');
    expect(pair.git(pair.repo, 'status', '--porcelain')).toBe('');
    const listed = got(await listWorktrees(pair.repo)).worktrees;
    expect(listed.map(({ branch }) => branch)).toEqual(['main', 'llmctl/a', 'llmctl/b', 'llmctl/c']);
    expect(got(await sharedWorktree(pair.repo, 'x')).worktree).toMatchObject({ dir: pair.repo, branch: 'main' });
  });

  it('come back with their branch after their folder was deleted or the repository moved', async () => {
    await pair.start({ f: 'x\n' });
    pair.edit(0, 'f', 'a\n');
    pair.git(pair.worktrees[0].dir, 'commit', '-qam', 'work');
    rmSync(pair.worktrees[0].dir, { recursive: true });
    expect(got(await listWorktrees(pair.repo)).worktrees.find(({ missing }) => missing)?.branch).toBe('llmctl/a');
    got(await ensureWorktree(pair.repo, { agent: 'a', base: null }));
    expect(readFileSync(join(pair.worktrees[0].dir, 'f'), 'utf8')).toBe('a\n');
    const elsewhere = join(pair.folder, 'moved away');
    renameSync(pair.repo, elsewhere);
    const found = got(await ensureWorktree(elsewhere, { agent: 'a', base: null }));
    expect(found).toMatchObject({ made: 'reused', worktree: { dir: join(elsewhere, '.llmctl/worktrees/a') } });
    renameSync(elsewhere, pair.repo);
  });

  it('are refused in a line where something is in the way, no commit is there or the base is none', async () => {
    await pair.start({ f: 'x\n' });
    pair.write(join(pair.repo, '.llmctl/worktrees/d'), 'mine', 'x\n');
    const inTheWay = await ensureWorktree(pair.repo, { agent: 'd', base: null });
    expect(inTheWay).toMatchObject({ ok: false, reason: expect.stringContaining('move it away') });
    const none = await ensureWorktree(pair.repo, { agent: 'e', base: '--evil' });
    expect(none).toMatchObject({ ok: false, reason: expect.stringContaining('names no commit') });
    const empty = join(pair.folder, 'empty');
    mkdirSync(empty);
    pair.git(empty, 'init', '-q');
    const first = await ensureWorktree(empty, { agent: 'a', base: null });
    expect(first).toMatchObject({ ok: false, reason: expect.stringContaining('no commit yet') });
  });

  it('tell how far they are from the base and what they touched', async () => {
    await pair.start({ f: 'x\n', g: 'x\n', h: 'same content in a rename\n' });
    const [a, b] = pair.worktrees;
    pair.edit(0, 'f', 'a\n');
    pair.git(a.dir, 'commit', '-qam', 'work');
    pair.git(pair.repo, 'commit', '-q', '--allow-empty', '-m', 'main goes on');
    pair.edit(0, 'new', 'a\n');
    renameSync(join(a.dir, 'h'), join(a.dir, 'i'));
    pair.edit(1, 'new', 'b\n');
    expect(got(await branchFigures(a, 'main'))).toMatchObject({ branch: 'llmctl/a', ahead: 1, behind: 1 });
    const [of, other] = await pair.snapshots('scratch');
    const git = new Git(a, pair.scratch.env);
    const touched = got(await touchedSince(git, 'main', of)).changes;
    expect(touched.map(({ path }) => path)).toEqual(['f', 'h', 'i', 'new']);
    expect(changedByBoth(touched, got(await touchedSince(git, 'main', other)).changes)).toEqual(['new']);
    expect(b.branch).toBe('llmctl/b');
  });
});

describe('a snapshot', () => {
  it('has everything, touches neither index nor files and leaves no object in the repository', async () => {
    await pair.start({ f: 'x\n', gone: 'x\n', '.gitignore': 'ignored\n' });
    const [a] = pair.worktrees;
    pair.edit(0, 'f', 'staged\n');
    pair.git(a.dir, 'add', 'f');
    pair.edit(0, 'f', 'later\n');
    pair.edit(0, 'new file', 'x\n');
    pair.edit(0, 'ignored', 'x\n');
    rmSync(join(a.dir, 'gone'));
    symlinkSync('/etc/passwd', join(a.dir, 'link'));
    const index = readFileSync(join(a.gitDir, 'index'));
    const count = () => pair.git(pair.repo, 'count-objects');
    const before = count();
    const snapshots = new Snapshots(a, pair.scratch, 'scratch');
    const { snapshot } = got(await snapshots.take());
    expect(readFileSync(join(a.gitDir, 'index'))).toEqual(index);
    expect(count()).toBe(before);
    const shown = (
      await new Git(a, pair.scratch.env).run(['ls-tree', '-r', '--name-only', snapshot.tree])
    ).out.toString();
    expect(shown).toBe('.gitignore\nf\nlink\nnew file\n');
    // A change of the same size within the same moment is seen all the same.
    const time = new Date(Math.floor(Date.now() / 1000) * 1000);
    pair.edit(0, 'f', 'LATER\n');
    utimesSync(join(a.dir, 'f'), time, time);
    const again = got(await snapshots.take()).snapshot;
    expect(again.tree).not.toBe(snapshot.tree);
    expect(got(await snapshots.take()).snapshot.commit).toBe(again.commit);
  });

  it('heals when its shadow is broken, and leaves out what can’t be read', async () => {
    await pair.start({ f: 'x\n' });
    const snapshots = new Snapshots(pair.worktrees[0], pair.scratch, 'scratch');
    pair.edit(0, 'f', 'a\n');
    const first = got(await snapshots.take()).snapshot;
    rmSync(join(pair.scratch.dir, 'objects'), { recursive: true });
    await pair.anew();
    expect(got(await snapshots.take()).snapshot.tree).toBe(first.tree);
    writeFileSync(join(pair.worktrees[0].gitDir, 'index.lock'), '');
    expect((await snapshots.take()).ok).toBe(true);
  });

  it('runs no filter or merge driver of the repository’s own', async () => {
    await pair.start({ f: 'x\n', g: 'x\n', '.gitattributes': '* filter=evil merge=evil\n' });
    const canary = join(pair.folder, 'canary');
    const program = join(pair.folder, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch ${canary}\ncat\n`);
    chmodSync(program, 0o755);
    for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'merge.evil.driver', 'core.fsmonitor']) {
      pair.git(pair.repo, 'config', key, program);
    }
    pair.edit(0, 'f', 'a\nx\n');
    pair.edit(1, 'f', 'x\nb\n');
    pair.edit(0, 'g', 'a\n');
    pair.edit(1, 'g', 'b\n');
    const sides = await pair.sides();
    const { result } = got(await mergeSides(pair.scratch, sides));
    expect(result.conflicts.map(({ path }) => path)).toEqual(['g']);
    got(await planRound('r', pair.scratch, sides, { ...result, conflicts: [] }));
    got(await applyRound('r', pair.scratch, pair.worktrees));
    expect(readFileSync(join(pair.worktrees[0].dir, 'f'), 'utf8')).toBe('a\nx\nb\n');
    expect(existsSync(canary)).toBe(false);
  });
});

describe('standing still', () => {
  it('is seen by descriptors open for writing, and by what git is in the middle of', async () => {
    await pair.start({ f: 'x\n' });
    const [a] = pair.worktrees;
    const file = join(a.dir, 'f');
    const child = spawn('sh', ['-c', 'exec 3>>"$0" 4<"$0"; echo open; read line', file], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await new Promise((done) => child.stdout.once('data', done));
    expect(await writersIn(a.dir)).toEqual([{ pid: child.pid, file }]);
    let resumed = 0;
    const ended = new Promise((done) => child.once('close', done));
    const still = await pauseStill(a, {
      pause: async () => {},
      resume: async () => {
        if (resumed++ > 0) return;
        child.stdin.end();
        await ended;
      },
      deadlineMs: 10_000,
    });
    expect(still).toMatchObject({ writers: [], busy: null });
    expect(resumed).toBe(still.tries);
    writeFileSync(join(a.gitDir, 'MERGE_HEAD'), '');
    expect(await gitBusy(a)).toMatchObject({ brief: false, reason: expect.stringContaining('a merge is under way') });
    writeFileSync(join(a.gitDir, 'index.lock'), '');
    expect(await gitBusy(a)).toMatchObject({ brief: true });
  });
});

describe('helpers', () => {
  it('keep every byte of a path', () => {
    for (const bytes of [
      Buffer.from('a é 🚀\n"'),
      Buffer.from([0xff, 0x61, 0xed, 0xa0, 0x80, 0xc3]),
      Buffer.from([0xc3, 0xa9, 0xfe]),
    ]) {
      expect(bytesOf(pathOf(bytes))).toEqual(bytes);
      expect(bytesOf(JSON.parse(JSON.stringify(pathOf(bytes))) as string)).toEqual(bytes);
    }
  });

  it('read hunks and know which are near', () => {
    const ranges = parseRanges('@@ -3 +3 @@ x\n@@ -10,0 +11,2 @@\n@@ -20,4 +23 @@\n');
    expect(ranges).toEqual([
      { start: 3, end: 4 },
      { start: 11, end: 11 },
      { start: 20, end: 24 },
    ]);
    expect(meet(ranges!, [{ start: 7, end: 8 }])).toBe(false);
    expect(meet(ranges!, [{ start: 6, end: 7 }])).toBe(true);
    expect(meet(ranges!, [{ start: 27, end: 28 }])).toBe(false);
    expect(meet(ranges!, [{ start: 26, end: 28 }])).toBe(true);
    expect(parseRanges('Binary files a and b differ\n')).toBeNull();
  });
});
