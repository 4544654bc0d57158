import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HealthMoment, PlanHealth } from '../../core/plan/model.ts';
import { HealthClock } from './health-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function clock(checks: Readonly<Record<string, Partial<PlanHealth> & { readonly on: readonly HealthMoment[] }>>) {
  const ran: string[] = [];
  const health = Object.entries(checks).map(([name, check]): [string, PlanHealth] => {
    return [name, { name, run: { kind: 'shell', line: 'true' }, timeoutMs: 1000, ...check }];
  });
  const made = new HealthClock(new Map(health), (name) => void ran.push(name));
  made.start();
  return { made, ran };
}

it('runs a check once, when it has been quiet for its time after the last change', () => {
  const { made, ran } = clock({ build: { on: ['change'], quietMs: 500 }, test: { on: ['hand'] } });
  made.changed();
  vi.advanceTimersByTime(400);
  made.changed();
  vi.advanceTimersByTime(400);
  expect(ran).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(ran).toEqual(['build']);
  vi.advanceTimersByTime(60_000);
  expect(ran).toEqual(['build']);
});

it('runs a check every so often, and none after it was stopped', () => {
  const { made, ran } = clock({ bench: { on: ['schedule'], everyMs: 1000 }, build: { on: ['change'] } });
  vi.advanceTimersByTime(3500);
  expect(ran).toEqual(['bench', 'bench', 'bench']);
  made.changed();
  made.stop();
  vi.advanceTimersByTime(60_000);
  expect(ran).toHaveLength(3);
});

it('runs nothing of the branch because files in the repository changed', () => {
  const { made, ran } = clock({ test: { on: ['land', 'change'], place: 'integration' } });
  made.changed();
  vi.advanceTimersByTime(60_000);
  expect(ran).toEqual([]);
});
