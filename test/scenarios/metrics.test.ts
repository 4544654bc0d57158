import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
    const csv = await room.ok('metrics', '--csv');
    expect(csv.stdout).toMatch(/^at,agent,processes,cpu_percent,memory_bytes,output_bytes_per_second\r\n.*Z,ana,1,/);
    const both = await room.cli('metrics', '--csv', '--json');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('take one of them')]);
    expect((await room.cli('metrics')).stdout).toMatch(/^AGENT +PROCESSES +CPU +MEMORY +OUTPUT\nana +/);
  });

  it('of the whole session are charts on the screen, CSV and JSON', async () => {
    const plan = { health: { test: "echo '3 passed in 0.1s'" } };
    const room = await startRoom({ agents: { ana: says('hello') }, plan });
    await room.ok('build', 'test');
    const { json } = await room.ok('metrics', '--session', '--json');
    expect(json).toMatchObject({ agents: [{ id: 'ana' }], checks: [{ name: 'test', red: [0] }], tasksDone: [0] });
    const { stdout } = await room.ok('metrics', '--session', '--csv', '--points', '5');
    expect(stdout).toMatch(/^at,tasks_done,.*check\.test\.ms,.*agent\.ana\.output_bytes,/);
    const screen = room.tui({ cols: 160, rows: 50 });
    await screen.sees(/1 ana .*working/);
    screen.press('m');
    await screen.sees(/━ ana +▰*▱+ +\d+%/);
    screen.press('Tab');
    await screen.sees(/at work, % +━ ana \d+%/);
    await screen.sees('none reported: no agent says what it uses');
    screen.press('x');
    await screen.sees(/written: .*\.csv/);
    const folder = join(room.place.state, 'llmctl', (await room.status()).session.id, 'reports');
    const [first] = readdirSync(folder).filter((name) => name.endsWith('.csv'));
    expect(readFileSync(join(folder, first!), 'utf8')).toMatch(/^at,tasks_done,/);
  });
});
