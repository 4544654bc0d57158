import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stream } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

/** Shows its size whenever it changes. */
const sizer = [
  '/bin/bash',
  '-c',
  'show() { echo "size $(stty size)"; }; trap show WINCH; show; while :; do sleep 0.05; done',
];

describe('a terminal that is resized without end', () => {
  it('1,000 times, down to 1×1: PTY, emulator and screen agree in the end', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { ana: sizer, bob: stream('agent') } });
    const tui = room.tui({ cols: 120, rows: 40 });
    await tui.sees('size');
    let seed = 7;
    const next = (limit: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let n = 0; n < 1_000; n++) {
      tui.resize(n % 50 === 0 ? 1 : 1 + next(300), n % 50 === 0 ? 1 : 1 + next(100));
      if (n % 40 === 0) await tui.until('a breath', () => true);
    }
    tui.resize(120, 40);
    await tui.sees('size');
    expect(tui.exit).toBeUndefined();
    const wire = await room.wire();
    const reply = async () =>
      (await wire.ask({ method: 'output', agent: 'ana', lines: null, screen: true, ansi: false })) as {
        cols: number;
        rows: number;
        lines: string[];
      };
    // The program's last word on its size, the emulator's and the kernel's are one.
    await until('agreement', async () => {
      const { cols, rows, lines } = await reply();
      return lines.some((line) => line === `size ${rows} ${cols}`);
    });
    const { cols, rows } = await reply();
    await tui.sees(`size ${rows} ${cols}`);
    expect(cols).toBeLessThanOrEqual(120);
    expect(readFileSync(`/proc/${await room.daemonPid()}/status`, 'utf8')).toContain('State');
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
  });
});
