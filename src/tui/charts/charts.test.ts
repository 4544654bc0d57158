import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChartRow, INKS } from './api.ts';
import { charts } from './charts.ts';
import { readFrame } from './frame.ts';

const textOf = (rows: readonly ChartRow[]) => rows.map((row) => row.map((run) => run.text).join(''));
const inksOf = (rows: readonly ChartRow[]) => new Set(rows.flatMap((row) => row.map((run) => run.ink)));

/** Numbers that measurements never are. */
const wild = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e308, 5e-324, Number.MAX_SAFE_INTEGER),
);
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\u001b[2J', '木木木木木木木木', 'a\nb', '\u0000', '🙂'),
);
const size = { cols: fc.integer({ min: -3, max: 130 }), rows: fc.integer({ min: -3, max: 40 }) };

/** Rows that would do harm: too many, too long, or with something in them that nobody meant. */
function harm(rows: readonly ChartRow[], cols: number, most: number): readonly string[] {
  const texts = textOf(rows);
  return [
    ...texts.slice(Math.max(0, most)),
    ...texts.filter((text) => text.length > cols),
    ...texts.filter((text) => !/^[\x20-\x7e\u2800-\u28ff]*$/.test(text)),
  ];
}

describe('a line chart', () => {
  const chart = { cols: 60, rows: 10, labels: ['14:00', '14:01', '14:02'], atLeast: 0 };

  it('draws each series in its ink, over labels', () => {
    const rows = charts.line({
      ...chart,
      series: [
        { ink: 'cyan', values: [1, 2, 3] },
        { ink: 'yellow', values: [3, 1, 2] },
      ],
    });
    expect(rows).toHaveLength(10);
    expect(inksOf(rows)).toEqual(new Set(['cyan', 'yellow', 'black', null]));
    expect(textOf(rows).join('\n')).toContain('14:01');
    const scale = textOf(rows).flatMap((text) => /^ *(\d[\d.]*) /.exec(text)?.[1] ?? []);
    expect(scale).toEqual(['4', '3', '2', '1', '0']);
  });

  it('rises where the values do', () => {
    const rows = charts.line({ ...chart, series: [{ ink: 'green', values: [0, 0, 100] }] });
    const columns = rows.map((row) => {
      let at = 0;
      let found = -1;
      for (const run of row) {
        if (run.ink === 'green') found = at;
        at += run.text.length;
      }
      return found;
    });
    const highest = columns.findIndex((column) => column >= 0);
    const lowest = columns.findLastIndex((column) => column >= 0);
    expect(columns[highest]).toBeGreaterThan(columns[lowest]!);
  });

  it.each([6, 7, 10, 30])('shows the highest point within %d rows', (rows) => {
    const drawn = charts.line({ ...chart, rows, series: [{ ink: 'red', values: [0, 0, 99.9] }] });
    const low = charts.line({ ...chart, rows, series: [{ ink: 'red', values: [0, 0, 0] }], atLeast: 99.9 });
    const dots = (row: ChartRow | undefined) => row?.some((run) => run.ink === 'red') ?? false;
    expect(drawn.findIndex(dots)).toBeLessThan(low.findIndex(dots));
    expect(drawn.findLast(dots)).toBeDefined();
  });

  it('writes no label over another, also beyond the values', () => {
    const labels = Array.from({ length: 60 }, (_, i) => (i < 3 ? `14:00:0${i}` : ''));
    const rows = charts.line({ ...chart, labels, series: [{ ink: 'red', values: [0, 0, 0] }] });
    expect(textOf(rows).at(-2)!.trim()).toBe('14:00:00');
  });

  it('writes nothing for what is no label and no number', () => {
    const rows = charts.line({ ...chart, labels: ['', ''], series: [{ ink: 'red', values: [NaN, Infinity] }] });
    expect(textOf(rows).join('')).not.toMatch(/undefined|NaN|null|Infinity/);
  });

  it('is nothing without room, without series, and with a single point', () => {
    expect(charts.line({ ...chart, cols: 10, series: [{ ink: 'red', values: [1, 2] }] })).toEqual([]);
    expect(charts.line({ ...chart, series: [] })).toEqual([]);
    expect(charts.line({ ...chart, series: [{ ink: 'red', values: [1] }] })).toEqual([]);
  });

  it('stays in its place and ends, whatever it is given', () => {
    const series = fc.array(fc.record({ ink: fc.constantFrom(...INKS), values: fc.array(wild) }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.record({ ...size, labels: fc.array(name), series, atLeast: wild }), (given) => {
        expect(harm(charts.line(given), given.cols, given.rows)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a bar chart', () => {
  it('has the value and the label under each bar, and higher bars for more', () => {
    const bars = [
      { label: 'ana', value: 120 },
      { label: 'ben', value: 30.25 },
    ];
    const rows = charts.bars({ cols: 40, rows: 12, ink: 'blue', bars });
    const text = textOf(rows).join('\n');
    expect(text).toMatch(/120 +30\.3/);
    expect(text).toMatch(/ana +ben/);
    const blocks = (from: number) =>
      rows.filter((row) => {
        let at = 0;
        return row.some((run) => {
          const here = at <= from && from < at + run.text.length && run.block && run.ink === 'blue';
          at += run.text.length;
          return here;
        });
      }).length;
    expect(blocks(2)).toBeGreaterThan(2 * blocks(12));
    expect(blocks(12)).toBeGreaterThan(0);
  });

  it('leaves out bars that do not fit', () => {
    const bars = Array.from({ length: 9 }, (_, i) => ({ label: `a${i}`, value: i }));
    const text = textOf(charts.bars({ cols: 41, rows: 9, ink: 'blue', bars })).join('\n');
    expect(text).toContain('a3');
    expect(text).not.toContain('a4');
  });

  it('stays in its place and ends, whatever it is given', () => {
    const bars = fc.array(fc.record({ label: name, value: wild }));
    fc.assert(
      fc.property(fc.record({ ...size, ink: fc.constantFrom(...INKS), bars }), (given) => {
        expect(harm(charts.bars(given), given.cols, given.rows)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a sparkline', () => {
  it('goes from lowest to highest', () => {
    expect(charts.spark([0, 500, 1000])).toMatch(/^▁[▃▄▅]█$/);
    expect(charts.spark([])).toBe('');
    expect(charts.spark([0, 0])).toBe('▁▁');
  });

  it('has a column a value, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(wild), (values) => {
        expect(charts.spark(values)).toMatch(new RegExp(`^[▁-█]{${values.length}}$`));
      }),
    );
  });
});

describe('what a canvas drew', () => {
  it('is read back as runs, clipped, without sequences that are not colours', () => {
    const frame = '\u001b[31mab\u001b[39m  \u001b[44m \u001b[49m\u001b[44m \u001b[49mcdef\n\u001b[2Jx\nthird';
    expect(readFrame(frame, 8, 2)).toEqual([
      [
        { text: 'ab  ', ink: 'red', block: false },
        { text: '  ', ink: 'blue', block: true },
        { text: 'cd', ink: null, block: false },
      ],
      [{ text: '[2Jx', ink: null, block: false }],
    ]);
  });
});
