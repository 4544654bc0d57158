import { describe, expect, it } from 'vitest';
import { echo, says } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

describe('metrics', () => {
  it('say what each agent and the session use', async () => {
    const room = await startRoom({ agents: { ana: echo(), ben: says('hello') } });
    await room.idle();
    const result = await room.cli('metrics', '--json');
    expect(result.code).toBe(0);
    const { pid } = (await room.status()).agents[0]!;
    expect(result.json).toMatchObject({
      agents: [
        { agent: 'ana', pid, cpuPercent: expect.any(Number), outputBytesPerSecond: expect.any(Number) },
        { agent: 'ben' },
      ],
      daemon: { pid: (await room.status()).session.pid, cpuPercent: expect.any(Number) },
    });
    const { agents, overMs } = result.json as { agents: { processes: number; rssBytes: number }[]; overMs: number };
    expect(overMs).toBeGreaterThan(900);
    expect(agents[0]!.processes).toBeGreaterThan(0);
    expect(agents[0]!.rssBytes).toBeGreaterThan(100_000);
    expect((await room.cli('metrics')).stdout).toMatch(/^AGENT +PROCESSES +CPU +MEMORY +OUTPUT\nana +/);
  });
});
