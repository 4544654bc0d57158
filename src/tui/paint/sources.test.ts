import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { updates } from '../../../test/fixtures/agents/stream.mjs';
import { FakeClock } from './clock.testkit.ts';
import { FakeRoom } from './fake-room.testkit.ts';
import { OuterTerminal } from './outer-terminal.testkit.ts';
import { followCursor, LiveSource } from './sources.ts';
import { TerminalStage } from './stage.ts';

describe('LiveSource', () => {
  it.each(['agent', 'redraw', 'scroll'] as const)(
    'shows what the bare emulator has, cell by cell: %s',
    async (kind) => {
      const room = new FakeRoom();
      const clock = new FakeClock();
      const outer = new OuterTerminal(122, 32);
      const stage = new TerminalStage({
        client: room.client,
        clock,
        features: {
          colors: 'truecolor',
          sync: true,
          differ: { bce: true, repeat: true },
          scroll: { rows: true, columns: false },
        },
        output: {
          columns: 122,
          rows: 32,
          needsDrain: false,
          write: (bytes) => outer.write(bytes),
          onDrain: () => {},
          onResize: () => {},
        },
      });
      const panes = [0, 1].map((pane) => {
        room.open(pane, 58, 30);
        const rect = { x: 1 + pane * 60, y: 1, width: 58, height: 30 };
        return { pane, rect, dim: false, source: new LiveSource(room.client, pane) };
      });
      const streams = panes.map(({ pane }) => updates(kind, 58, 30, pane + 7));
      stage.inkStdout.write(Array.from({ length: 32 }, (_, y) => `│${y}`).join('\n'));
      stage.setLayout({ panes, covers: [], fields: [], focus: 1, cursor: null });
      await Promise.resolve();
      let compared = 0;
      for (let n = 0; n < 120; n++) {
        for (const { pane } of panes) room.print(pane, streams[pane]!());
        clock.advance(n % 3 === 0 ? 5 : 40);
        room.endFrame();
        clock.advance(40);
        if (n % 10 !== 0) continue;
        const shown = outer.looks().map((row) => row.split('\t'));
        for (const { pane, rect } of panes) {
          const wanted = room.emulator(pane).looks();
          const got = wanted.map((_, y) => shown[rect.y + y]!.slice(rect.x, rect.x + rect.width).join('\t'));
          expect(got).toEqual(wanted);
          compared += rect.width * rect.height;
        }
      }
      expect(compared).toBe(12 * 2 * 58 * 30);
    },
  );
});

describe('followCursor', () => {
  const screen = { cols: 100, rows: 40, cursorX: 0, cursorY: 39, flags: PANE_FLAG.cursorVisible };
  const rect = { width: 40, height: 10 };

  it('keeps the cursor in view, and the bottom while it is there', () => {
    expect(followCursor(screen, rect)).toEqual({ x: 0, y: 30 });
    expect(followCursor({ ...screen, cursorY: 0 }, rect)).toEqual({ x: 0, y: 0 });
    for (let y = 0; y < 40; y++) {
      const origin = followCursor({ ...screen, cursorY: y, cursorX: y * 2 }, rect);
      expect(y - origin.y).toBeLessThan(10);
      expect(y * 2 - origin.x).toBeLessThan(40);
      expect(Math.min(y - origin.y, y * 2 - origin.x)).toBeGreaterThanOrEqual(0);
    }
  });

  it('shows the bottom left of programs that hide the cursor on a screen of their own', () => {
    const flags = PANE_FLAG.alternateScreen;
    expect(followCursor({ ...screen, flags, cursorX: 90, cursorY: 0 }, rect)).toEqual({ x: 0, y: 30 });
  });

  it('shows the whole of what fits', () => {
    expect(followCursor(screen, { width: 100, height: 40 })).toEqual({ x: 0, y: 0 });
  });
});
