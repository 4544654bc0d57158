/** What a pane shows is, cell by cell, what a terminal of its size would show. */
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import headless from '@xterm/headless';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { updates } from '../fixtures/agents/stream.mjs';
import { stream, wide } from '../kit/agents.ts';
import { cellAt, looksOf } from '../kit/cells.ts';
import type { OuterTerminal } from '../kit/outer.ts';
import { paneOf } from '../kit/panes.ts';
import { startRoom } from '../kit/scenario.ts';

const UPDATES = 240;

/** Cells of the pane that differ from the bare emulator's, in words; at most ten. */
function differences(tui: OuterTerminal, name: string, bare: InstanceType<typeof headless.Terminal>): string[] {
  const pane = paneOf(tui, name);
  const found: string[] = [];
  for (let y = 0; y < pane.height && found.length < 10; y++) {
    for (let x = 0; x < pane.width && found.length < 10; x++) {
      const [here, there] = [tui.cell(pane.x + x, pane.y + y), cellAt(bare, x, y)];
      if (looksOf(here) !== looksOf(there))
        found.push(`${x},${y}: ${JSON.stringify(here)} is not ${JSON.stringify(there)}`);
    }
  }
  return found;
}

/** Waits for the last frame to be drawn; where it never becomes equal, the message says in which cells. */
async function equals(tui: OuterTerminal, name: string, bare: InstanceType<typeof headless.Terminal>): Promise<void> {
  await tui
    .until('the same cells', () => differences(tui, name, bare).length === 0)
    .catch((error: Error) => {
      throw new Error([...differences(tui, name, bare), error.message].join('\n'), { cause: error });
    });
}

function emulator(cols: number, rows: number): InstanceType<typeof headless.Terminal> {
  const bare = new headless.Terminal({ cols, rows, allowProposedApi: true, scrollback: 200, convertEol: false });
  bare.loadAddon(new UnicodeGraphemesAddon());
  return bare;
}

function feed(bare: InstanceType<typeof headless.Terminal>, text: string): void {
  bare.input('', true);
  bare.write(text);
}

describe('a pane equals a bare emulator, cell by cell', () => {
  it.each(['agent', 'redraw', 'scroll'])('after 240 updates of the %s stream', { timeout: 90_000 }, async (kind) => {
    const room = await startRoom();
    const go = room.path('go');
    await room.ok('run', 'ana', '--', ...stream(kind, '--updates', String(UPDATES), '--fps', '120', '--go', go));
    await room.ok('run', 'bob', '--', ...stream('agent', '--seed', '9'));
    const tui = room.tui({ cols: 180, rows: 50 });
    await tui.sees('CONTROL');
    await tui.sees('Working…');
    const { width, height } = paneOf(tui, 'ana');
    await room.idle();
    writeFileSync(go, '');
    const bare = emulator(width, height);
    const next = updates(kind, width, height, 1);
    for (let n = 0; n < UPDATES; n++) feed(bare, next());
    await equals(tui, 'ana', bare);
    expect(differences(tui, 'ana', bare)).toEqual([]);
  });

  it('for wide, combining and emoji characters', async () => {
    const room = await startRoom();
    const tui = room.tui({ cols: 120, rows: 40 });
    await tui.sees('CONTROL');
    await room.ok('run', 'ana', '--', ...wide());
    await tui.sees('wide done');
    const { width, height } = paneOf(tui, 'ana');
    const bare = emulator(width, height);
    const { execFileSync } = await import('node:child_process');
    const [node, ...script] = wide();
    feed(bare, execFileSync(node!, script, { encoding: 'utf8', input: '' }).replaceAll('\n', '\r\n'));
    await equals(tui, 'ana', bare);
    expect(differences(tui, 'ana', bare)).toEqual([]);
  });
});
