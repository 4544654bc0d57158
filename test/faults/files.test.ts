import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { echo } from '../kit/agents.ts';
import { isAlive } from '../kit/procs.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

async function stopDaemon(room: Room): Promise<string> {
  const { session } = await room.status();
  process.kill(session.pid, 'SIGKILL');
  await until('the daemon to be gone', () => !isAlive(session.pid));
  return join(room.place.state, 'llmctl', session.id, 'journal.db');
}

describe('a journal that was cut or spoiled', () => {
  it.each([
    ['cut in the middle', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut to nothing', (file: string) => truncateSync(file, 0)],
    ['cut by one byte', (file: string) => truncateSync(file, statSync(file).size - 1)],
    ['overwritten', (file: string) => writeFileSync(file, Buffer.alloc(8192, 7))],
    ['a page of it flipped', (file: string) => flip(file, 4096)],
    ['its head flipped', (file: string) => flip(file, 20)],
  ])('%s: the session starts, and what was bad is set aside, not deleted', async (_, spoil) => {
    const room = await startRoom({ agents: { ana: echo() } });
    for (let n = 0; n < 30; n++) {
      await (await room.wire()).ask({ method: 'command', command: { type: 'todo.add', text: `todo ${n}` } });
    }
    const journal = await stopDaemon(room);
    const before = readdirSync(join(journal, '..')).length;
    // What SQLite still holds beside the file belongs to it.
    for (const suffix of ['-wal', '-shm']) rmSync(`${journal}${suffix}`, { force: true });
    copyFileSync(journal, room.path('copy.db'));
    spoil(journal);
    await room.up();
    const status = await room.status();
    expect(status.session.pid).toBeGreaterThan(0);
    expect(status.agents.map((agent) => agent.id)).toContain('ana');
    expect(room.processes().filter((each) => each.command === '/bin/cat')).toHaveLength(1);
    expect(readdirSync(join(journal, '..')).length).toBeGreaterThanOrEqual(before - 2);
  });
});

describe('a disk that is full', () => {
  it.skipIf(!canMount())(
    'is said, the state stays readable, and work goes on when there is room (needs root and tmpfs)',
    async () => {
      const room = await startRoom({ up: false, agents: { ana: echo() } });
      const mount = room.place.state;
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', mount]);
      onTestFinished(() => {
        execFileSync('umount', ['-l', mount]);
      });
      await room.up();
      const filler = join(mount, 'filler');
      fill(filler);
      const wire = await room.wire();
      for (let n = 0; n < 200; n++) {
        await wire
          .ask({ method: 'command', command: { type: 'todo.add', text: `todo ${n} ${'x'.repeat(400)}` } })
          .catch(() => undefined);
      }
      const status = await room.status();
      expect(status.agents[0]!.pid).toBeGreaterThan(0);
      expect(status.alerts.map((alert) => alert.text).join('\n')).toMatch(/disk|space|full|journal/i);
      rmSync(filler);
      await wire.ask({ method: 'command', command: { type: 'todo.add', text: 'after the flood' } });
      expect((await room.state()).todos.map((todo) => todo.text)).toContain('after the flood');
      await room.ok('down', '--yes');
    },
  );
});

describe('a plan that is spoiled while the session runs', () => {
  it('leaves the session as it was, and `up` says what is wrong', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    for (const text of [
      '\u0000',
      'agents: {',
      'version: 2',
      '- - -',
      'a: &a [*a]',
      '\uFEFF',
      'version: 1\nagents: [{id: ../x}]\n',
    ]) {
      writeFileSync(join(room.repo, 'llmctl.yaml'), text);
      const check = await room.cli('plan', 'check', 'llmctl.yaml', '--json');
      expect([text, check.code]).toEqual([text, 1]);
      const { ok, problems } = check.json as {
        ok: boolean;
        problems: { line: number; column: number; message: string }[];
      };
      expect(ok).toBe(false);
      expect(problems[0]).toMatchObject({
        line: expect.any(Number),
        column: expect.any(Number),
        message: expect.stringMatching(/./),
      });
      expect((await room.status()).agents.map((agent) => agent.id)).toEqual(['ana']);
    }
    expect(existsSync(join(room.repo, 'llmctl.yaml'))).toBe(true);
  });
});

describe('inotify used up', () => {
  it.skipIf(!canUnshare())(
    'is said once, and git news still come (needs a user namespace)',
    { timeout: 60_000 },
    async () => {
      const room = await startRoom({ up: false, agents: { ana: echo() }, files: many() });
      const limit = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$@"';
      const { LLMCTL } = await import('../kit/temp.ts');
      const { run } = await import('../kit/run.ts');
      const inside = await run('unshare', ['-Ur', 'sh', '-c', limit, 'sh', process.execPath, LLMCTL, 'up'], {
        cwd: room.repo,
        env: { ...room.env },
      });
      expect([inside.code, inside.stderr]).toEqual([0, '']);
      writeFileSync(join(room.repo, 'dir0/file0'), 'changed\n');
      const state = await room.becomes(
        'the change',
        (now) => now.git?.changed.some((change) => change.path === 'dir0/file0') === true,
      );
      expect(state.alerts.filter((alert) => /inotify|watch/i.test(alert.text)).length).toBeLessThanOrEqual(1);
      // From outside of its namespace the daemon can be ended as ever.
      await room.ok('down', '--yes');
    },
  );
});

describe('index.lock held by another git', () => {
  it('marks the status stale and never deletes the lock', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const lock = join(room.repo, '.git/index.lock');
    writeFileSync(lock, '');
    writeFileSync(join(room.repo, 'README.md'), 'changed\n');
    await room.becomes('the change, or stale', (state) => state.git?.stale === true || state.git?.changed.length === 1);
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    await room.becomes('the change', (state) => state.git?.stale === false && state.git.changed.length === 1);
  });
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  for (let n = 0; n < 64 && at + n < bytes.length; n++) bytes[at + n] = bytes[at + n]! ^ 0x5a;
  writeFileSync(file, bytes);
}

function fill(file: string): void {
  for (let size = 4 * 1024 * 1024; size >= 512; size /= 2) {
    for (;;) {
      try {
        writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

function many(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`dir${n}/file${n}`, 'x\n']));
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = `/tmp/llm-mount-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'sh', '-c', 'echo 5 > /proc/sys/user/max_inotify_watches'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
