import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tryLock } from './lock.ts';

const lockModule = fileURLToPath(new URL('lock.ts', import.meta.url));

/** A process that says "held" or "busy", then waits for its standard input to end; "release" on it lets go first. */
function contender(path: string): { said: Promise<string>; end(how: 'kill' | 'release'): Promise<void> } {
  const script = `
    const { tryLock } = await import(${JSON.stringify(lockModule)});
    const lock = tryLock(${JSON.stringify(path)});
    process.stdout.write(lock ? 'held' : 'busy');
    process.stdin.on('data', () => { lock?.release(); process.exit(); });
    if (!lock) process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    said: new Promise((resolve) => child.stdout.once('data', (data: Buffer) => resolve(data.toString()))),
    end(how) {
      if (how === 'kill') child.kill('SIGKILL');
      else child.stdin.write('release');
      return ended;
    },
  };
}

describe('tryLock', () => {
  it('has one winner among twenty that start at once', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'llmctl-lock-')), 'daemon.lock');
    const all = Array.from({ length: 20 }, () => contender(path));
    const words = await Promise.all(all.map((one) => one.said));
    expect(words.filter((word) => word === 'held')).toHaveLength(1);
    await all[words.indexOf('held')]!.end('kill');
    const next = tryLock(path);
    expect(next).not.toBeNull();
    next?.release();
    expect(existsSync(path)).toBe(false);
  }, 60_000);

  it('goes to the next one, whether the owner died or let go', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'llmctl-lock-')), 'daemon.lock');
    for (const how of ['kill', 'release'] as const) {
      const owner = contender(path);
      expect(await owner.said).toBe('held');
      expect(tryLock(path)).toBeNull();
      await owner.end(how);
      const lock = tryLock(path);
      expect(lock).not.toBeNull();
      lock?.release();
      lock?.release();
    }
  });

  it('takes over a file that is there already, whatever is in it being ours', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'llmctl-lock-')), 'daemon.lock');
    writeFileSync(path, '');
    const lock = tryLock(path);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});
