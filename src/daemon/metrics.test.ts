import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { Metrics, type Measured } from './metrics.ts';

const child = spawn('sleep', ['600'], { stdio: 'ignore' });
const spawned = once(child, 'spawn');
afterAll(() => void child.kill('SIGKILL'));

/** A session of one agent that runs, and one that doesn't; `printed` is what the first has printed so far. */
function session(printed: { bytes: number; generation: number }): Measured {
  const agent = (id: string, pane: number, run: object | null) => ({ spec: { id }, pane, run });
  return {
    room: {
      state: {
        order: ['ana', 'ben'],
        agents: { ana: agent('ana', 1, { pid: child.pid! }), ben: agent('ben', 2, null) },
      },
    },
    panes: {
      host: { host: { pid: process.pid } },
      of: () => ({ generation: printed.generation }),
      stats: async () => ({ panes: [{ pane: 1, bytes: printed.bytes, lagBytes: 0 }] }),
    },
  } as unknown as Measured;
}

/** Answers are taken anew only after a while. */
async function next(metrics: Metrics, asker: object, before: number) {
  for (;;) {
    const reply = await metrics.sample(asker);
    if (reply.at !== before) return reply;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('metrics', () => {
  it('measure a real process, rates from the second time on, apart for each asker', async () => {
    await spawned;
    const printed = { bytes: 1_000, generation: 1 };
    const metrics = new Metrics(session(printed));
    const asker = {};
    const first = await metrics.sample(asker);
    expect(first).toMatchObject({ overMs: null, daemon: { pid: process.pid, cpuPercent: null } });
    expect(first.agents).toMatchObject([
      { agent: 'ana', pid: child.pid, processes: 1, cpuPercent: null, outputBytesPerSecond: null },
      { agent: 'ben', pid: null, processes: 0, cpuPercent: 0, rssBytes: 0, outputBytesPerSecond: 0 },
    ]);
    expect(first.agents[0]!.rssBytes).toBeGreaterThan(100_000);
    expect(first.daemon.rssBytes).toBeGreaterThan(20e6);
    printed.bytes += 5_000;
    const second = await next(metrics, asker, first.at);
    expect(second.overMs).toBeGreaterThanOrEqual(200);
    expect(second.agents[0]!.outputBytesPerSecond! * (second.overMs! / 1000)).toBeCloseTo(5_000, -2);
    expect(second.agents[0]!.cpuPercent).toBeLessThan(100);
    expect(second.daemon.cpuPercent).toBeGreaterThanOrEqual(0);
    expect((await metrics.sample({})).overMs).toBeNull();
  });

  it('give the same answer to who asks too soon', async () => {
    const metrics = new Metrics(session({ bytes: 0, generation: 1 }));
    const asker = {};
    const [a, b] = await Promise.all([metrics.sample(asker), metrics.sample(asker)]);
    expect(a).toBe(b);
  });

  it('know no rate across a restart', async () => {
    const printed = { bytes: 9_000, generation: 1 };
    const metrics = new Metrics(session(printed));
    const asker = {};
    const first = await metrics.sample(asker);
    Object.assign(printed, { bytes: 10, generation: 2 });
    const second = await next(metrics, asker, first.at);
    expect(second.agents[0]).toMatchObject({ pid: child.pid, outputBytesPerSecond: null });
    expect(second.agents[0]!.cpuPercent).not.toBeNull();
  });
});
