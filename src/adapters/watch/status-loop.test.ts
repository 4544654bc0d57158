import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RepoStatus } from '../git/parse-status.ts';
import type { StatusReading } from '../git/status.ts';
import { StatusLoop } from './status-loop.ts';
import type { ObservedStatus } from './status-loop.ts';

const STATUS: RepoStatus = { branch: 'main', upstream: null, ahead: 0, behind: 0, head: 'a', changed: [], total: 0 };

let reading: StatusReading;
let reads: number;
let told: ObservedStatus[];
let troubles: (string | null)[];
let loop: StatusLoop;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  reading = { ok: true, status: STATUS, lockAgeMs: null };
  reads = 0;
  told = [];
  troubles = [];
  loop = new StatusLoop(
    async () => {
      reads++;
      return reading;
    },
    { onStatus: (status) => told.push(status), onTrouble: (reason) => troubles.push(reason) },
  );
});
afterEach(() => {
  loop.stop();
  vi.useRealTimers();
});

describe('the status loop', () => {
  it('looks at once, then at most every two seconds while things move', async () => {
    loop.poke();
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toBe(1);
    for (let i = 0; i < 100; i++) {
      loop.poke();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(reads).toBe(6);
    await vi.advanceTimersByTimeAsync(5000);
    loop.poke();
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toBe(7);
  });

  it('looks again after half a minute of silence', async () => {
    await loop.refresh();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(reads).toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(reads).toBe(2);
  });

  it('polls every three seconds once it is blind', async () => {
    await loop.refresh();
    loop.goBlind();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(reads).toBe(5);
  });

  it('tells only what changed', async () => {
    await loop.refresh();
    await loop.refresh();
    reading = { ok: true, status: { ...STATUS, ahead: 1 }, lockAgeMs: null };
    await loop.refresh();
    expect(told).toEqual([
      { ...STATUS, stale: false },
      { ...STATUS, ahead: 1, stale: false },
    ]);
  });

  it('keeps the last figures as stale while git fails, tries again by itself, and says both once', async () => {
    await loop.refresh();
    reading = { ok: false, reason: 'slow' };
    await loop.refresh();
    await loop.refresh();
    expect(told.at(-1)).toEqual({ ...STATUS, stale: true });
    expect(troubles).toEqual(['slow']);
    reading = { ok: true, status: STATUS, lockAgeMs: null };
    await vi.advanceTimersByTimeAsync(3100);
    expect(told.at(-1)).toEqual({ ...STATUS, stale: false });
    expect(troubles).toEqual(['slow', null]);
    expect(told).toHaveLength(3);
  });

  it('takes an old index.lock for stale and a young one for git at work', async () => {
    reading = { ok: true, status: STATUS, lockAgeMs: 5 };
    await loop.refresh();
    expect(told).toEqual([{ ...STATUS, stale: false }]);
    reading = { ok: true, status: STATUS, lockAgeMs: 2500 };
    await vi.advanceTimersByTimeAsync(2100);
    expect(told.at(-1)?.stale).toBe(true);
    reading = { ok: true, status: STATUS, lockAgeMs: null };
    await vi.advanceTimersByTimeAsync(2100);
    expect(told.at(-1)?.stale).toBe(false);
  });

  it('reads once more when something moved during a look, and never two at a time', async () => {
    let release = () => {};
    let now = 0;
    let most = 0;
    const slow = new StatusLoop(
      async () => {
        most = Math.max(most, ++now);
        await new Promise<void>((done) => (release = done));
        now--;
        return reading;
      },
      { onStatus: (status) => told.push(status), onTrouble: () => {} },
    );
    const first = slow.refresh();
    await vi.advanceTimersByTimeAsync(0);
    slow.poke();
    const second = slow.refresh();
    release();
    await first;
    await vi.advanceTimersByTimeAsync(0);
    expect(now).toBe(1);
    release();
    await second;
    expect(most).toBe(1);
    slow.stop();
  });

  it('says nothing after stop', async () => {
    const looking = loop.refresh();
    loop.stop();
    await looking;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told.length, reads]).toEqual([0, 0]);
  });
});
