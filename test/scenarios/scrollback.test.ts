import { describe, expect, it } from 'vitest';
import { flood, shell } from '../kit/agents.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { findPane, paneOf, panesOnScreen } from '../kit/panes.ts';
import { startRoom } from '../kit/scenario.ts';

async function flooded(lines = 500): Promise<OuterTerminal> {
  const room = await startRoom({ agents: { ana: flood(lines), bob: shell() } });
  const tui = room.tui({ cols: 160, rows: 40 });
  await tui.sees(`flood over after ${lines}`);
  await tui.sees('CONTROL');
  // The program's screen has grown to the pane's size, and is filled: the last two rows are its last words and blank.
  await tui.until('a full pane', () => shown(tui).length === paneOf(tui, 'ana').height - 2);
  return tui;
}

/** Numbers of the flood's lines that the pane shows. */
const shown = (tui: OuterTerminal): number[] =>
  [...tui.screen(paneOf(tui, 'ana')).matchAll(/ (\d+) the quick/g)].map((match) => Number(match[1]));

describe('scrollback', () => {
  it('PgUp goes back a page, to the oldest and to the newest again', async () => {
    const tui = await flooded();
    tui.press('PageUp');
    await tui.sees('SCROLLBACK');
    await tui.gone('flood over');
    const first = shown(tui)[0]!;
    tui.press('PageUp');
    await tui.until('a page further back', () => shown(tui)[0]! < first - 5);
    tui.press('g');
    await tui.until('the first line', () => shown(tui)[0] === 0);
    tui.press('G');
    await tui.sees('flood over after 500');
    tui.press('Esc');
    await tui.sees('CONTROL');
    expect(tui.exit).toBeUndefined();
  });

  it('the wheel goes back and on until it is live again', async () => {
    const tui = await flooded();
    const pane = paneOf(tui, 'ana');
    tui.mouse('wheel-up', pane.x + 5, pane.y + 5);
    await tui.sees('SCROLLBACK');
    for (let n = 0; n < 4; n++) tui.mouse('wheel-down', pane.x + 5, pane.y + 5);
    await tui.sees('flood over after 500');
    await tui.sees('CONTROL');
    expect(shown(tui).at(-1)).toBe(499);
  });

  it('/ finds, n goes on to the next', async () => {
    const tui = await flooded();
    tui.press('/');
    await tui.sees("search ana's output");
    tui.type(' 123 the').press('Enter');
    await tui.until('the line', () => shown(tui).includes(123));
    tui.press('/').type('the quick').press('Enter');
    await tui.sees('SCROLLBACK');
    const before = tui.screen();
    tui.press('n', 'n', 'n');
    await tui.until('another place', () => tui.screen() !== before);
    tui.press('Esc');
    await tui.sees('CONTROL');
    expect(tui.modes.clipboard).toEqual([]);
  });

  it('/ for what isn’t there says so', async () => {
    const tui = await flooded();
    tui.press('/').type('no such words anywhere').press('Enter');
    await tui.sees(/no match|not found|nothing/i);
    expect(tui.exit).toBeUndefined();
  });

  it('v selects, y copies through OSC 52', async () => {
    const tui = await flooded();
    tui.press('PageUp');
    await tui.sees('SCROLLBACK');
    tui.press('v');
    await tui.sees('SELECT');
    tui.press('Home').press('v').press('End');
    tui.press('y');
    await tui.until('the clipboard', () => tui.modes.clipboard.length === 1);
    expect(tui.modes.clipboard[0]).toMatch(/^ *(\d+ the quick brown fox jumps over the lazy dog \d+|)$/);
  });

  it('dragging selects, y copies it', async () => {
    const tui = await flooded();
    const at = tui.find('the quick brown')!;
    tui
      .mouse('press', at.x, at.y)
      .mouse('drag', at.x + 4, at.y)
      .mouse('drag', at.x + 8, at.y)
      .mouse('release', at.x + 8, at.y);
    await tui.sees(/SELECT|SCROLLBACK/);
    tui.press('y');
    await tui.until('the clipboard', () => tui.modes.clipboard.length >= 1);
    expect(tui.modes.clipboard[0]).toMatch(/^the quick/);
  });

  it('a click gives the focus, a double click zooms', async () => {
    const tui = await flooded();
    const bob = paneOf(tui, 'bob');
    tui.click(bob.x + 3, bob.y + 3);
    await tui.until('the focus on bob', () => findPane(tui, 'bob')?.look === 'focus');
    tui.click(bob.x + 3, bob.y + 3).click(bob.x + 3, bob.y + 3);
    await tui.until('bob alone', () => panesOnScreen(tui).length <= 1);
    expect(tui.exit).toBeUndefined();
  });
});
