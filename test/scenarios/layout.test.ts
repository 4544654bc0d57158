import { describe, expect, it } from 'vitest';
import { says } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { panesOnScreen } from '../kit/panes.ts';
import { startRoom } from '../kit/scenario.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
  [300, 80],
] as const;

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `agent${n + 1}`);

function overlapping(tui: OuterTerminal): string[] {
  const panes = panesOnScreen(tui);
  const bad: string[] = [];
  for (const [n, a] of panes.entries()) {
    for (const b of panes.slice(n + 1)) {
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) {
        bad.push(`${a.title} over ${b.title}`);
      }
    }
  }
  return bad;
}

/** Every agent is named on screen, panes don't overlap, the mode and a key are to be read. */
async function fits(tui: OuterTerminal, count: number): Promise<void> {
  await tui.sees('CONTROL');
  await tui.until(`all ${count} agents on screen`, () =>
    names(count).every((name) => new RegExp(`\\b${name}\\b`).test(tui.screen())),
  );
  await tui.until('frames of a useful size', () => {
    const panes = panesOnScreen(tui);
    return panes.length > 0 && panes.every((pane) => pane.width >= 20 && pane.height >= 3);
  });
  await tui.until('the status line at the bottom', () => tui.row(tui.rows - 1).includes('CONTROL'));
  expect(overlapping(tui)).toEqual([]);
}

describe('the layout', () => {
  it.each([2, 4, 6, 9, 12])('fits %i agents from 80×24 to 300×80, live', { timeout: 90_000 }, async (count) => {
    const agents = Object.fromEntries(names(count).map((name) => [name, says(`words of ${name}.`)]));
    const room = await startRoom({ agents });
    const tui = room.tui({ cols: 80, rows: 24 });
    for (const [cols, rows] of [...SIZES, ...SIZES.toReversed()]) {
      tui.resize(cols, rows);
      await fits(tui, count);
    }
    tui.resize(300, 80);
    await tui.until('the words of every agent', () =>
      names(count).every((name) => tui.screen().includes(`words of ${name}.`)),
    );
    expect(tui.exit).toBeUndefined();
  });

  it('says when the terminal is too small, and lives again when it grows', async () => {
    const room = await startRoom({ agents: { ana: says('ana is here') } });
    const tui = room.tui({ cols: 100, rows: 30 });
    await tui.sees('ana is here');
    for (const [cols, rows] of [
      [39, 30],
      [100, 9],
      [20, 5],
      [5, 2],
      [1, 1],
    ] as const) {
      tui.resize(cols, rows);
      await tui.gone('ana is here');
      if (cols >= 20) await tui.until('the size it wants', () => /40\D+10/.test(tui.screen().replaceAll('\n', ' ')));
    }
    tui.resize(100, 30);
    await tui.sees('ana is here');
    await tui.sees('CONTROL');
    expect(tui.exit).toBeUndefined();
  });

  it('starts in a terminal that is too small', async () => {
    const room = await startRoom({ agents: { ana: says('ana is here') } });
    const tui = room.tui({ cols: 30, rows: 8 });
    await tui.until('the size it wants', () => /40\D+10/.test(tui.screen().replaceAll('\n', ' ')));
    tui.resize(100, 30);
    await tui.sees('ana is here');
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
  });

  it('greets with what to do where no agent runs yet', async () => {
    const room = await startRoom();
    const tui = room.tui({ cols: 100, rows: 30 });
    await tui.sees('CONTROL');
    tui.press('n');
    await tui.sees('new agent');
    tui.type('cat').press('Enter');
    await tui.sees(/1 \S+/);
    expect((await room.status()).agents).toHaveLength(1);
  });
});
