import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PANE_FLAG } from '../core/pane-flags.ts';
import { Readiness } from './readiness.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const release = vi.fn<() => void>();
  const readiness = new Readiness(false, release);
  const told = vi.fn<() => void>();
  const wait = (patient: boolean) => readiness.wait(patient).then(told);
  return { readiness, release, told, wait };
}

describe('Readiness', () => {
  it('comes when the screen has been still for a while after the first output', async () => {
    const { readiness, release, told, wait } = start();
    void wait(true);
    await vi.advanceTimersByTimeAsync(5_000);
    readiness.drew(0);
    await vi.advanceTimersByTimeAsync(600);
    readiness.drew(0);
    await vi.advanceTimersByTimeAsync(600);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toHaveBeenCalledOnce();
    expect(release).toHaveBeenCalledOnce();
    expect(readiness.isReady).toBe(true);
  });

  it('comes sooner where bracketed paste is on', async () => {
    const { readiness, told, wait } = start();
    void wait(true);
    readiness.drew(PANE_FLAG.bracketedPaste);
    await vi.advanceTimersByTimeAsync(300);
    expect(told).toHaveBeenCalledOnce();
  });

  it('comes after twenty seconds of drawing without a pause', async () => {
    const { readiness, told, wait } = start();
    void wait(true);
    for (let ms = 0; ms < 20_000; ms += 100) {
      expect(told).not.toHaveBeenCalled();
      readiness.drew(0);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(told).toHaveBeenCalledOnce();
  });

  it('does not wait for a program that prints nothing, unless the message is its first', async () => {
    const { told, wait } = start();
    void wait(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toHaveBeenCalledOnce();
    void wait(true);
    await vi.advanceTimersByTimeAsync(17_000);
    expect(told).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('lets go when the program is gone', async () => {
    const { readiness, told, wait, release } = start();
    void wait(true);
    readiness.cancel();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toHaveBeenCalledOnce();
    expect(release).toHaveBeenCalledOnce();
  });
});
