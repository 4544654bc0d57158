import { describe, expect, it } from 'vitest';
import { COLOR_P16, COLOR_P256, COLOR_RGB, FG_BOLD } from '../../core/cells.ts';
import { ByteSink } from './byte-sink.ts';
import type { ColorDepth } from './colors.ts';
import { detectColorDepth, Palette } from './colors.ts';
import { Pen } from './pen.ts';

describe('detectColorDepth', () => {
  it.each<[Record<string, string>, ColorDepth]>([
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'truecolor'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ TERM: 'screen' }, '16'],
    [{ TERM: 'screen-256color' }, '256'],
    [{ TERM: 'tmux-256color', COLORTERM: '24bit' }, 'truecolor'],
    [{ TERM: 'linux' }, '16'],
    [{ TERM: 'xterm-kitty' }, 'truecolor'],
    [{ TERM: 'dumb' }, 'none'],
    [{}, '16'],
  ])('reads %o', (env, depth) => {
    expect(detectColorDepth(env)).toBe(depth);
  });
});

/** What a pen sends for one style, from a reset. */
function sgr(depth: ColorDepth, fg: number, bg = 0): string {
  const pen = new Pen(new Palette(depth));
  const sink = new ByteSink();
  pen.wasReset();
  pen.set(sink, fg, bg);
  return sink.take('', '').toString();
}

describe('Pen', () => {
  it('shows each colour as well as the terminal can', () => {
    const orange = COLOR_RGB | 0xff8700;
    expect((['truecolor', '256', '16', 'none'] as const).map((depth) => sgr(depth, orange))).toEqual([
      '\x1b[38;2;255;135;0m',
      '\x1b[38;5;208m',
      '\x1b[33m',
      '',
    ]);
    expect((['256', '16'] as const).map((depth) => sgr(depth, 0, COLOR_P256 | 21))).toEqual([
      '\x1b[48;5;21m',
      '\x1b[44m',
    ]);
    expect([sgr('256', COLOR_P16 | 12), sgr('256', COLOR_RGB | 0x808080)]).toEqual(['\x1b[94m', '\x1b[38;5;244m']);
  });

  it('keeps bold without colours, and text apart from its background with few', () => {
    expect(sgr('none', (COLOR_RGB | 0xff0000 | FG_BOLD) >>> 0, COLOR_P16 | 4)).toBe('\x1b[1m');
    const faint = sgr('16', COLOR_RGB | 0x202020, COLOR_RGB | 0x101010);
    expect(faint).toBe('\x1b[97;40m');
  });

  it('takes the shorter of a change and a new start', () => {
    const pen = new Pen(new Palette('truecolor'));
    const sink = new ByteSink();
    const step = (fg: number, bg: number): string => {
      sink.clear();
      pen.set(sink, fg >>> 0, bg);
      return sink.take('', '').toString();
    };
    expect([
      step(FG_BOLD | COLOR_P16 | 1, 0),
      step(COLOR_P16 | 1, 0),
      step(COLOR_P16 | 1, COLOR_RGB | 0x010203),
      step(COLOR_P16 | 2, COLOR_RGB | 0x010203),
      step(0, 0),
      step(0, 0),
    ]).toEqual(['\x1b[0;1;31m', '\x1b[22m', '\x1b[48;2;1;2;3m', '\x1b[32m', '\x1b[m', '']);
  });
});
