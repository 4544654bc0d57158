import { describe, expect, it } from 'vitest';
import { flood, says, shell, wide } from '../kit/agents.ts';
import { findPane, paneOf } from '../kit/panes.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

describe('detach and return', () => {
  it('shows the same screens at once, scrollback included', async () => {
    const room = await startRoom({ agents: { ana: wide(), bob: flood(400), cleo: says('cleo is here') } });
    const first = room.tui({ cols: 160, rows: 48 });
    await first.sees('wide done');
    await first.sees('flood over after 400');
    await room.idle();
    const shown = ['ana', 'bob', 'cleo'].map((name) => first.screen(paneOf(first, name)));
    first.press('d');
    expect((await first.ended()).code).toBe(0);
    const second = room.tui({ cols: 160, rows: 48 });
    await second.sees('flood over after 400');
    await second.until('the same panes', () =>
      ['ana', 'bob', 'cleo'].every((name, n) => {
        const pane = findPane(second, name);
        return pane !== undefined && second.screen(pane) === shown[n];
      }),
    );
    second.press('2').press('PageUp');
    await second.sees('SCROLLBACK');
    second.press('g');
    await second.sees(/ 0 .*the quick/);
    expect(second.exit).toBeUndefined();
  });

  it('survives a line that is cut: the client ends, the agents don’t', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const { pid } = await room.agent('ana');
    const tui = room.tui({ cols: 120, rows: 40 });
    await tui.sees('CONTROL');
    tui.hangUp();
    await tui.ended();
    await until('the client to be gone', async () => (await room.status()).session.clients <= 1);
    expect((await room.agent('ana')).pid).toBe(pid);
    const again = room.tui({ cols: 120, rows: 40 });
    await again.sees('CONTROL');
    await again.sees(/1 ana/);
  });

  it('goes on by itself when the daemon was killed and comes back', { timeout: 90_000 }, async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const tui = room.tui({ cols: 120, rows: 40 });
    await tui.sees('CONTROL');
    process.kill(await room.daemonPid(), 'SIGKILL');
    await room.up();
    await until('the client to be back', async () => (await room.status()).session.clients >= 1);
    await tui.gone('connection lost');
    tui.press('Enter');
    await tui.sees('keys go to ana');
    tui.type('echo back again $((1+1))\r');
    await tui.sees('back again 2');
    expect(tui.exit).toBeUndefined();
  });
});

describe('two clients', () => {
  it('see the same, and the one in use gives the size', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const big = room.tui({ cols: 200, rows: 60 });
    await big.sees('CONTROL');
    const size = async () => {
      const reply = (await (
        await room.wire()
      ).ask({ method: 'output', agent: 'ana', lines: 1, screen: true, ansi: false })) as {
        cols: number;
        rows: number;
      };
      return `${reply.cols}×${reply.rows}`;
    };
    const bigPane = paneOf(big, 'ana');
    await until('the big size', async () => (await size()) === `${bigPane.width}×${bigPane.height}`);
    const small = room.tui({ cols: 80, rows: 24, readOnly: true });
    await small.sees('read-only');
    await room.idle();
    // A reader looks on; it doesn't shrink what the other works in.
    expect(await size()).toBe(`${bigPane.width}×${bigPane.height}`);
    big.press('Enter');
    await big.sees('keys go to ana');
    big.type('echo seen by $((1+1))\r');
    await big.sees('seen by 2');
    await small.sees('seen by 2');
    expect((await room.status()).session.clients).toBeGreaterThanOrEqual(2);
  });

  it('of equal right: the size follows whoever has the keys', async () => {
    const room = await startRoom({ agents: { ana: shell() } });
    const one = room.tui({ cols: 160, rows: 50 });
    await one.sees('CONTROL');
    const other = room.tui({ cols: 100, rows: 30 });
    await other.sees('CONTROL');
    other.press('Enter');
    await other.sees('keys go to ana');
    const ask = async (tui: typeof one, word: string): Promise<void> => {
      const pane = paneOf(tui, 'ana');
      tui.type(`echo ${word} $(stty size | tr ' ' x)\r`);
      await until(`the size of ${word}`, async () =>
        (await room.output('ana')).some((line) => line === `${word} ${pane.height}x${pane.width}`),
      );
    };
    await until('the smaller size', async () => {
      other.type('stty size\r');
      await room.idle();
      return (await room.output('ana')).some(
        (line) => line === `${paneOf(other, 'ana').height} ${paneOf(other, 'ana').width}`,
      );
    });
    await ask(other, 'other');
    one.press('Enter');
    await one.sees('keys go to ana');
    one.type(' ');
    await until('the larger size', async () => {
      one.type('stty size\r');
      await room.idle();
      return (await room.output('ana')).some(
        (line) => line === `${paneOf(one, 'ana').height} ${paneOf(one, 'ana').width}`,
      );
    });
    expect(one.exit).toBeUndefined();
  });
});
