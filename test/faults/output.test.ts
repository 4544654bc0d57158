import { describe, expect, it } from 'vitest';
import { echo, flood, hostile, says } from '../kit/agents.ts';
import { rssBytes } from '../kit/procs.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

describe('an agent that floods', () => {
  it('is shown, costs the line little, and leaves the others usable', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { quiet: echo() } });
    await room.ok('run', 'flood', '--', ...flood());
    await room.ok('run', 'noise', '--', 'cat', '/dev/urandom');
    const tui = room.tui({ cols: 160, rows: 48 });
    await tui.sees('quick brown fox');
    const { pid, ptyhostPid } = await room.diagnostics();
    const [bytes, rss, start] = [tui.bytes, rssBytes(pid) + rssBytes(ptyhostPid), performance.now()];
    // The quiet one is first: its pane takes keys while the others roar.
    tui.press('1', 'Enter');
    for (let n = 0; n < 20; n++) {
      tui.type(`\rk${n}z`);
      await tui.sees(`k${n}z`);
    }
    await until('ten seconds of flood', () => performance.now() - start > 10_000);
    const seconds = (performance.now() - start) / 1000;
    expect((tui.bytes - bytes) / seconds / 1024).toBeLessThan(600);
    expect(rssBytes(pid) + rssBytes(ptyhostPid) - rss).toBeLessThan(150 * 1024 * 1024);
    tui.press('C-q', 'd');
    expect((await tui.ended()).code).toBe(0);
    await room.ok('pause', 'flood', 'noise');
    expect((await room.agent('flood')).state).toBe('paused');
    await room.ok('stop', '--all');
  });
});

describe('an agent that prints what no terminal should obey', () => {
  it('stops neither room nor pane, and nothing of it reaches the terminal', { timeout: 120_000 }, async () => {
    const room = await startRoom({ agents: { good: says('good is here') } });
    const tui = room.tui({ cols: 160, rows: 48, kitty: true });
    await tui.sees('good is here');
    await room.ok('run', 'bad', '--', ...hostile());
    await tui.sees('survived', { deadlineMs: 60_000 });
    await tui.sees('good is here');
    expect(tui.modes.clipboard).toEqual([]);
    expect(tui.modes.titles.join(' ')).not.toContain('hostile');
    const sent = tui.raw;
    const markers = [
      'hostile-clipboard',
      'aG9zdGlsZS',
      'hostile-dcs',
      'hostile-apc',
      'hostile-pm',
      // Its text may be read in a title: as cells, not as the sequence that it came in.
      ']9;hostile',
      'notify;hostile',
      'javascript:',
    ];
    expect(markers.filter((marker) => sent.includes(marker))).toEqual([]);
    // C1 controls as bytes would be obeyed by terminals that don't speak UTF-8; every high byte is part of a character.
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(sent, 'latin1'))).not.toThrow();
    expect(sent).not.toMatch(/\x1b[P_^X]/);
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
    expect(tui.modes.leftBehind()).toEqual([]);
    expect(await room.output('bad', '--screen')).toContain('survived');
  });

  it.each([
    ['an endless OSC', `printf '\\033]0;'; yes x | tr -d '\\n' | head -c 3000000; printf '\\007'; echo over`],
    ['an endless DCS', `printf '\\033P'; head -c 3000000 /dev/zero | tr '\\0' a; printf '\\033\\\\'; echo over`],
    [
      'counts of two thousand million',
      `printf '\\033[2147483647S\\033[2147483647T\\033[2147483647Z\\033[2147483647I'; printf 'x\\033[2147483647b'; printf '\\033[H\\033[2J'; echo over`,
    ],
    ['resets by the thousand', `for i in $(seq 20000); do printf '\\033c'; done; echo over`],
    ['a line of a million columns', `head -c 1000000 /dev/zero | tr '\\0' a; echo; echo over`],
    ['marks on one letter', `printf a; for i in $(seq 20000); do printf '\\314\\201'; done; echo; echo over`],
  ])('takes %s', { timeout: 120_000 }, async (_, script) => {
    const room = await startRoom({ agents: { good: echo() } });
    await room.ok('run', 'bad', '--', '/bin/sh', '-c', `${script}; exec cat`);
    await until(
      'the end of it',
      async () => (await room.output('bad', '--screen')).some((line) => line.endsWith('over')),
      {
        deadlineMs: 60_000,
      },
    );
    const { pane } = (await room.state()).agents.good!;
    (await room.wire()).input(pane, 'still here\r');
    await until('the other pane', async () => (await room.output('good')).includes('still here'));
    expect((await room.agent('bad')).pid).toBeGreaterThan(0);
  });
});
