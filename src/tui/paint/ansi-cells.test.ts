import { Box, renderToString, Text } from 'ink';
import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { ClusterTable } from '../../core/clusters.ts';
import { AnsiCells } from './ansi-cells.ts';
import { OuterTerminal, rowLooks } from './outer-terminal.testkit.ts';

const COLS = 40;

function looks(line: string, cols = COLS): string {
  const clusters = new ClusterTable();
  const cells = new Uint32Array(cols * 3);
  new AnsiCells(clusters).line(line, cells, 0, cols);
  return rowLooks(cells, 0, cols, (x) => clusters.at(cells[x * 3]! & 0x1fffff));
}

describe('AnsiCells', () => {
  it.each([
    'plain text',
    '\x1b[1;31mbold red\x1b[22m red\x1b[39m none',
    '\x1b[38;2;1;2;3;48;5;200mcolours\x1b[49m\x1b[4mline\x1b[24;7m inverse\x1b[0m x',
    '\x1b[38:2::9:8:7mcolons\x1b[m \x1b[90;101mbright\x1b[2;3;9m faint\x1b[53m over\x1b[0m',
    '日本語 and 🚀✅ é ❤️ 👨‍👩‍👧 🇩🇪 x',
    '╭──╮│⠋ ⏺ ✳ → …',
    '1️⃣ ok #️⃣',
    '\x1b]8;;https://example.org\x07link\x1b]8;;\x07 after',
    'ab\u0301c \u200bz',
    '',
  ])('reads a line as a terminal does: %j', (line) => {
    const outer = new OuterTerminal(COLS, 1);
    outer.write(line.replaceAll('\u200b', ''));
    expect(looks(line)).toBe(outer.looks()[0]);
  });

  it('cuts at the right edge, wide glyphs whole', () => {
    expect(
      looks('ab日c', 3)
        .split('\t')
        .map((look) => look[0]),
    ).toEqual(['a', 'b', ' ']);
  });

  it('puts glyphs in the columns where Ink measured them to be', () => {
    const texts = ['日本', '🚀', '✅ ok', '👨‍👩‍👧', '❤️', '⚠️', 'ไทย', 'é', '한글', '🇩🇪', '©', '→'];
    for (const text of texts) {
      const row = createElement(Box, null, createElement(Text, null, text), createElement(Text, null, '|'));
      const line = renderToString(row, { columns: COLS });
      const cells = looks(line).split('\t');
      const box = createElement(
        Box,
        { width: COLS },
        createElement(Box, { borderStyle: 'single' }, createElement(Text, null, text)),
      );
      const inner = renderToString(box, { columns: COLS }).split('\n')[0]!.length - 2;
      expect([text, cells.findIndex((look) => look.startsWith('|'))]).toEqual([text, inner]);
    }
  });
});
