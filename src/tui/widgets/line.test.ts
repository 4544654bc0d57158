import { describe, expect, it } from 'vitest';
import { PLAIN, parseLook, toPaint } from '../theme/paint.ts';
import {
  clip,
  cut,
  fitLine,
  lineWidth,
  liveFields,
  pad,
  plain,
  spread,
  textWidth,
  toAnsi,
  wrapLine,
  wrapText,
} from './line.ts';

const RED = toPaint(parseLook('red bold'));
const plainly = { charset: 'unicode', staged: false } as const;

describe('text in columns', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍💻', 2],
    ['', 0],
  ])('%s takes %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('never cuts a wide character in half', () => {
    expect(cut('a日本', 2)).toBe('a');
    expect(cut('a日本', 3)).toBe('a日');
    expect(clip('日本語', 4)).toBe('日…');
    expect(pad('日本語', 6)).toBe('日本語');
    expect(pad('日本語', 5)).toBe('日本…');
    expect(pad('7', 3, 'end')).toBe('  7');
  });
});

describe('a line', () => {
  it.each([0, 1, 2, 5, 9, 20])('fits exactly %i columns, whatever is in it', (width) => {
    const lines = [
      [],
      [['abc', PLAIN]],
      [
        ['日本語 wide', RED],
        [' more', PLAIN],
      ],
    ] as const;
    for (const line of lines) {
      expect(lineWidth(fitLine(line, width))).toBe(width);
      expect(lineWidth(spread(line, [['9s', PLAIN]], Math.max(2, width)))).toBe(Math.max(2, width));
    }
  });

  it('closes what it opens', () => {
    expect(
      toAnsi(
        [
          ['a', PLAIN],
          ['b', RED],
          ['c', PLAIN],
        ],
        plainly,
      ),
    ).toBe('a\u001b[1;31mb\u001b[0mc');
  });

  it('leaves the place of live text to the stage', () => {
    const live = { everyMs: 1000, render: (now: number) => `${now}s`.padStart(4) };
    const line = [
      ['age', PLAIN],
      [' 12s', RED, live],
    ] as const;
    expect(toAnsi(line, { charset: 'unicode', staged: true })).toBe('age    ');
    const [field] = liveFields(line, 10, 3, 'unicode');
    expect(field).toMatchObject({ x: 13, y: 3, width: 4, everyMs: 1000 });
    expect(field!.render(7)).toEqual({ text: '  7s', fg: RED.fg, bg: RED.bg });
  });

  it('draws with ASCII alone where it must, and keeps its width', () => {
    const line = [['╭─ ● ada │ café', PLAIN]] as const;
    expect(toAnsi(line, { charset: 'ascii', staged: false })).toBe('+- * ada | café');
    expect(toAnsi(line, { charset: 'linux', staged: false })).toBe('┌─ • ada │ café');
  });
});

describe('wrapping', () => {
  it('breaks at blanks, and words that are too long anywhere', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('keeps every word and every look of a styled line', () => {
    const lines = wrapLine(
      [
        ['12:30 ', PLAIN],
        ['ben working: such as sqrt and max', RED],
      ],
      20,
      2,
    );
    expect(lines.map(plain)).toEqual(['12:30 ben working: ', '  such as sqrt and ', '  max']);
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(20);
    expect(lines[1]!.at(-1)![1]).toBe(RED);
  });
});
