import { describe, expect, it } from 'vitest';
import { DEFAULT_COLOURS } from '../../../adapters/terminal/colours.ts';
import { XtermEmulator } from '../../../adapters/terminal/emulator.ts';
import { paneText } from '../../../adapters/terminal/text.ts';
import { Screen } from './screen.ts';

describe("the demo agent's screen", () => {
  it('has its banner once in the scrollback, however often the pane was resized', () => {
    const emulator = XtermEmulator.restore(120, 32, new Uint8Array(0), DEFAULT_COLOURS);
    let size = { cols: 120, rows: 32 };
    const screen = new Screen({ write: (text) => emulator.parse(Buffer.from(text)), size: () => size });
    screen.print([
      { text: 'banner' },
      ...Array.from({ length: 30 }, (_, n) => ({ text: `line ${n} ${'of words '.repeat(9)}` })),
    ]);
    screen.live({ lines: [{ text: 'working' }, { text: '>' }], cursor: { line: 1, column: 1 } });
    for (const [cols, rows] of [
      [60, 12],
      [40, 30],
      [100, 8],
      [58, 20],
    ] as const) {
      emulator.resize(cols, rows);
      // The spinner turns once more before the program hears of it.
      screen.live({ lines: [{ text: 'working' }, { text: '>' }], cursor: { line: 1, column: 1 } });
      size = { cols, rows };
      screen.redraw();
    }
    const { lines } = paneText(emulator, { lines: null, screen: false, ansi: false });
    expect(lines.filter((line) => line === 'banner')).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('line 29 '))).toHaveLength(1);
    emulator.dispose();
  });
});
