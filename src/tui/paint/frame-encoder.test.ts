import { array, assert, constantFrom, integer, nat, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BG_DIM,
  BG_ITALIC,
  BG_OVERLINE,
  COLOR_P16,
  COLOR_P256,
  COLOR_RGB,
  COMBINED,
  FG_BOLD,
  FG_INVERSE,
  FG_STRIKE,
  FG_UNDERLINE,
  WIDTH_SHIFT,
} from '../../core/cells.ts';
import { ClusterTable } from '../../core/clusters.ts';
import type { ScrollHint } from './cell-buffer.ts';
import { CellBuffer, fillBlank } from './cell-buffer.ts';
import type { PaintFeatures } from './frame-encoder.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { addMargins } from './margins.testkit.ts';
import { OuterTerminal, rowLooks } from './outer-terminal.testkit.ts';

const FEATURES: PaintFeatures = {
  colors: 'truecolor',
  sync: true,
  differ: { bce: true, repeat: true },
  scroll: { rows: true, columns: false },
};
const NARROW = 1 << WIDTH_SHIFT;
const WIDE = 2 << WIDTH_SHIFT;
const none = (): string => '';

class Rig {
  readonly clusters = new ClusterTable();
  readonly buffer: CellBuffer;
  readonly encoder: FrameEncoder;
  readonly outer: OuterTerminal;
  bytes = 0;

  constructor(cols: number, rows: number, features = FEATURES) {
    this.buffer = new CellBuffer(cols, rows);
    this.encoder = new FrameEncoder(this.buffer, this.clusters, features);
    this.outer = new OuterTerminal(cols, rows);
    addMargins(this.outer);
    this.outer.write('junk left by somebody else \x1b[31;44mcolours too\x1b[?7l');
  }

  paint(cursor: { x: number; y: number } | null = null): number {
    const frame = this.encoder.encode(cursor, '', none);
    if (frame) this.outer.write(frame);
    return frame?.length ?? 0;
  }

  wanted(): string[] {
    const { cols, rows, back } = this.buffer;
    const cells = back.slice();
    return Array.from({ length: rows }, (_, y) =>
      rowLooks(cells, this.buffer.at(0, y), cols, (x) => this.clusters.at(cells[this.buffer.at(x, y)]! & 0x1fffff)),
    );
  }
}

const GLYPHS = [
  'a',
  'b',
  'Z',
  '0',
  ' ',
  ' ',
  ' ',
  '─',
  '│',
  'é',
  '⏺',
  '日',
  '本',
  '🚀',
  'é',
  '👨‍👩‍👧',
  '✅',
  'ﾊ',
  '❤️',
  '🇩🇪',
  '⠋',
];
const WIDTHS: Record<string, number> = { 日: 2, 本: 2, '🚀': 2, '👨‍👩‍👧': 2, '✅': 2, '❤️': 2, '🇩🇪': 2 };
const COLORS = [0, 0, 0, COLOR_P16 | 1, COLOR_P16 | 12, COLOR_P256 | 200, COLOR_RGB | 0x123456, COLOR_RGB | 0xff0000];
const FG_FLAGS = [0, 0, 0, FG_BOLD, FG_UNDERLINE, FG_INVERSE, FG_STRIKE, FG_BOLD | FG_UNDERLINE];
const BG_FLAGS = [0, 0, 0, BG_DIM, BG_ITALIC, BG_OVERLINE, BG_DIM | BG_ITALIC];

/** Writes `length` cells of one glyph; wide ones may be cut at the edges, as popups cut panes. */
function put(rig: Rig, x: number, y: number, length: number, pick: readonly number[]): void {
  const { buffer, clusters } = rig;
  const glyph = GLYPHS[pick[0]! % GLYPHS.length]!;
  const width = WIDTHS[glyph] ?? 1;
  const fg = (COLORS[pick[1]! % COLORS.length]! | FG_FLAGS[pick[2]! % FG_FLAGS.length]!) >>> 0;
  const bg = (COLORS[pick[3]! % COLORS.length]! | BG_FLAGS[pick[4]! % BG_FLAGS.length]!) >>> 0;
  const single = [...glyph].length === 1;
  const content = (single ? glyph.codePointAt(0)! : COMBINED | clusters.intern(glyph)) | (width === 2 ? WIDE : NARROW);
  const end = Math.min(buffer.cols, x + length);
  for (let i = x; i < end; i += width) {
    buffer.back.set([content, fg, bg], buffer.at(i, y));
    if (width === 2 && i + 1 < buffer.cols) buffer.back.set([0, fg, bg], buffer.at(i + 1, y));
  }
  buffer.mark(y, x, Math.min(buffer.cols, end + (width - 1)));
}

const COLS = 24;
const ROWS = 8;
const run = record({
  x: nat(COLS - 1),
  y: nat(ROWS - 1),
  length: integer({ min: 1, max: COLS }),
  pick: array(nat(40), { minLength: 5, maxLength: 5 }),
});
const step = record({
  runs: array(run, { maxLength: 12 }),
  scroll: option(
    record({
      x: constantFrom<number[]>(0, 0, 3, 8),
      y: nat(3),
      width: constantFrom<number[]>(COLS, 12, 16),
      height: integer({ min: 2, max: 5 }),
      lines: integer({ min: 1, max: 2 }),
    }),
  ),
  forget: integer({ min: 0, max: 30 }),
  cursor: option(record({ x: nat(COLS - 1), y: nat(ROWS - 1) })),
});

function scrollBack(rig: Rig, { x, y, width, height, lines }: ScrollHint): void {
  const { buffer } = rig;
  for (let row = 0; row < height; row++) {
    const at = buffer.at(x, y + row);
    const source = buffer.at(x, y + row + lines);
    if (row + lines < height) buffer.back.copyWithin(at, source, source + width * 3);
    else fillBlank(buffer.back, at, width);
    buffer.mark(y + row, x, x + width);
  }
  buffer.hints.push({ x, y, width, height, lines });
}

const still = { scroll: null, forget: 1, cursor: null };

/** Found by chance once in ten thousand: a scroll between margins cuts a wide glyph, what comes there has a background. */
const CUT_BY_A_SCROLL = [
  {
    ...still,
    runs: [{ x: 0, y: 6, length: 16, pick: [0, 0, 0, 0, 0] }],
    scroll: { x: 0, y: 0, width: 24, height: 2, lines: 1 },
  },
  {
    ...still,
    runs: [
      { x: 6, y: 3, length: 8, pick: [0, 0, 0, 0, 0] },
      { x: 6, y: 4, length: 13, pick: [11, 0, 0, 0, 0] },
      { x: 19, y: 3, length: 1, pick: [11, 0, 0, 0, 0] },
    ],
  },
  {
    ...still,
    runs: [{ x: 19, y: 3, length: 1, pick: [0, 0, 0, 3, 0] }],
    scroll: { x: 8, y: 2, width: 12, height: 5, lines: 1 },
  },
  { ...still, runs: [], forget: 0 },
];

describe('FrameEncoder', () => {
  const plain = {
    ...FEATURES,
    sync: false,
    differ: { bce: false, repeat: false },
    scroll: { rows: false, columns: false },
  };
  for (const [name, features] of [
    ['with scrolled lines and REP', FEATURES],
    ['with the least a terminal knows', plain],
    ['with margins', { ...FEATURES, scroll: { rows: true, columns: true } }],
  ] as const) {
    it(`shows exactly the cells of the buffer, whatever came before, ${name}`, () => {
      assert(
        property(array(step, { minLength: 1, maxLength: 12 }), (steps) => {
          const rig = new Rig(COLS, ROWS, features);
          for (const { runs, scroll, forget, cursor } of steps) {
            if (scroll) {
              const width = Math.min(scroll.width, COLS - scroll.x);
              scrollBack(rig, { ...scroll, width, lines: Math.min(scroll.lines, scroll.height - 1) });
            }
            for (const r of runs) put(rig, r.x, r.y, r.length, r.pick);
            if (forget === 0) rig.encoder.forget();
            rig.paint(cursor);
            expect(rig.outer.looks()).toEqual(rig.wanted());
            expect(cursor ? rig.outer.cursor : null).toEqual(cursor);
          }
        }),
        { numRuns: 500, examples: [[CUT_BY_A_SCROLL]] },
      );
    });
  }

  it('writes nothing when nothing changed, and only what did otherwise', () => {
    const rig = new Rig(80, 24);
    expect(rig.paint({ x: 3, y: 3 })).toBeGreaterThan(0);
    expect(rig.paint({ x: 3, y: 3 })).toBe(0);
    rig.buffer.markAll();
    expect(rig.paint({ x: 3, y: 3 })).toBe(0);
    put(rig, 3, 3, 1, [0, 0, 0, 0, 0]);
    expect(rig.paint({ x: 4, y: 3 })).toBe(1);
    expect(rig.outer.looks()).toEqual(rig.wanted());
  });

  it('lets the terminal scroll where that is shorter: whole lines, or between margins where it can', () => {
    const lengths = [false, true].map((columns) => {
      const rig = new Rig(80, 30, { ...FEATURES, scroll: { rows: true, columns } });
      for (let y = 0; y < 30; y++) {
        for (let x = 0; x < 80; x++) put(rig, x, y, 1, [(x * 7 + y * 3) % 4, 0, 0, 0, 0]);
      }
      rig.paint();
      scrollBack(rig, { x: 1, y: 1, width: 38, height: 28, lines: 1 });
      const side = rig.paint();
      expect(rig.outer.looks()).toEqual(rig.wanted());
      scrollBack(rig, { x: 0, y: 1, width: 80, height: 28, lines: 1 });
      const whole = rig.paint();
      expect(rig.outer.looks()).toEqual(rig.wanted());
      return { side, whole };
    });
    expect(lengths[0]!.side).toBeGreaterThan(800);
    expect(lengths[1]!.side).toBeLessThan(60);
    expect(lengths[1]!.whole).toBeLessThan(60);
  });

  it('keeps the columns after a glyph that the terminal takes for narrower', () => {
    const rig = new Rig(30, 2);
    rig.outer.terminal.unicode.activeVersion = '6';
    for (const mark of ['a', 'b']) {
      put(rig, 0, 0, 30, [GLYPHS.indexOf('日'), 0, 0, 0, 0]);
      for (const [x, glyph] of ['👨‍👩‍👧', '❤️', '✅', '🇩🇪'].entries())
        put(rig, x * 5, 0, 1, [GLYPHS.indexOf(glyph), 0, 0, 0, 0]);
      for (const x of [2, 7, 12, 17]) put(rig, x, 0, 3, [GLYPHS.indexOf(mark), 0, 0, 0, 0]);
      rig.paint();
      const cells = rig.outer
        .looks()[0]!
        .split('\t')
        .map((look) => look[0]);
      expect([2, 7, 12, 17].map((x) => cells.slice(x, x + 3).join(''))).toEqual(
        Array.from({ length: 4 }, () => mark.repeat(3)),
      );
    }
  });
});
