import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { counter, says, stream } from '../kit/agents.ts';
import { openDescriptors } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

const ROUNDS = Number(process.env.LLMCTL_CLIENT_ROUNDS ?? 20);

describe('clients that come to harm', () => {
  it(
    'killed or hung up again and again: same agents, same screen, no descriptor more',
    { timeout: 180_000 },
    async () => {
      const room = await startRoom({ agents: { ana: says('steady screen'), bob: stream('agent') } });
      const { pid, ptyhostPid } = await room.diagnostics();
      const agents = (await room.status()).agents.map((agent) => agent.pid);
      let descriptors: number[] | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        const tui = room.tui({ cols: 100, rows: 30 });
        await tui.sees('steady screen');
        if (round % 2 === 0) tui.hangUp();
        else tui.kill('SIGKILL');
        await tui.ended();
        await until('the daemon to notice', async () => (await room.state()) !== undefined);
        if (round === 1) descriptors = [pid, ptyhostPid].map(openDescriptors);
      }
      expect((await room.status()).agents.map((agent) => agent.pid)).toEqual(agents);
      const now = () => [pid, ptyhostPid].map(openDescriptors);
      await until('descriptors to be given back', () => now().every((count, n) => count <= descriptors![n]! + 2));
      expect(await room.daemonPid()).toBe(pid);
    },
  );

  it('one that stops reading slows neither agents nor daemon nor another client', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { bob: stream('redraw'), cleo: stream('scroll') } });
    await room.ok('run', 'count', '--', ...counter(room.path('count')));
    const count = (): number => Number(existsSync(room.path('count')) ? readFileSync(room.path('count'), 'utf8') : 0);
    const asleep = room.tui({ cols: 160, rows: 48 });
    const awake = room.tui({ cols: 160, rows: 48, readOnly: true });
    await Promise.all([asleep.sees(/tick \d+/), awake.sees(/tick \d+/)]);
    asleep.stopReading();
    const from = count();
    const latest = (tui: typeof awake): number =>
      Math.max(...[...tui.screen().matchAll(/tick (\d+)/g)].map((match) => Number(match[1])));
    // Eight seconds of the counter's own time.
    await awake.until('the other client to follow', () => latest(awake) > from + 160, 60_000);
    expect(count() - latest(awake)).toBeLessThan(60);
    expect((await room.status()).agents).toHaveLength(3);
    const woken = count();
    const bytes = asleep.bytes;
    asleep.goOnReading();
    await asleep.until('the sleeper to be current', () => latest(asleep) >= woken);
    // A few frames, not the backlog of everything missed.
    expect(asleep.bytes - bytes).toBeLessThan(600_000);
  });

  it('one whose terminal answers no question draws and takes keys all the same', async () => {
    const room = await startRoom({ agents: { bob: stream('agent') } });
    await room.ok('run', 'count', '--', ...counter(room.path('count')));
    const tui = room.tui({ cols: 120, rows: 40, answers: false });
    await tui.sees(/tick \d+/);
    const seen = Number(/tick (\d+)/.exec(tui.screen())![1]);
    await tui.sees(`tick ${seen + 60}`);
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
  });
});
