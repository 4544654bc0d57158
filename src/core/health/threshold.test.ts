import { describe, expect, it } from 'vitest';
import { inUnit, quantitiesIn } from './quantity.ts';
import { isFigure, judge, type Threshold } from './threshold.ts';

const plain: Threshold = {
  text: 'parse',
  metric: null,
  limit: null,
  baseline: null,
  tolerance: 0,
  better: 'lower',
  unit: null,
};
const limit = (op: '<' | '>=', value: number, unit?: string): Threshold => ({
  ...plain,
  limit: { op, value, ...(unit === undefined ? {} : { unit }) },
});

describe('figures', () => {
  it.each([
    ['took 1.2s', [{ value: 1.2, unit: 's' }]],
    [
      '340 ms and 12 MB of 98 %',
      [
        { value: 340, unit: 'ms' },
        { value: 12, unit: 'MB' },
        { value: 98, unit: '%' },
      ],
    ],
    ['1e3 ops/s', [{ value: 1000, unit: 'ops/s' }]],
    ['3 files changed', [{ value: 3, unit: null }]],
    ['none', []],
  ])('are read out of %j', (text, quantities) => {
    expect(quantitiesIn(text)).toEqual(quantities);
  });

  it('are brought to one unit, where there is one', () => {
    expect(inUnit({ value: 1.5, unit: 's' }, 'ms')).toBe(1500);
    expect(inUnit({ value: 1, unit: 'GiB' }, 'MiB')).toBe(1024);
    expect(inUnit({ value: 5, unit: 's' }, 'MB')).toBeNull();
    expect(inUnit({ value: 5, unit: null }, 'MB')).toBe(5);
  });

  it('are told from files', () => {
    expect(['2', ' 1.2 s', '0.5ms'].map(isFigure)).toEqual([true, true, true]);
    expect(['bench.txt', '2024/bench-1.txt', '', null].map(isFigure)).toEqual([false, false, false, false]);
  });
});

describe('a threshold', () => {
  it('holds a figure to a limit in another unit', () => {
    expect(judge(limit('<', 0.02, 's'), ['it took 12 ms'], null)).toMatchObject({
      ok: true,
      said: 'parse: 12 ms (< 0.02 s)',
    });
    expect(judge(limit('<', 0.02, 's'), ['it took 21 ms'], null).ok).toBe(false);
    expect(judge(limit('>=', 80), ['cover 79.5'], null).ok).toBe(false);
    expect(judge({ ...limit('>=', 80), unit: '%' }, ['cover 80 %'], null).ok).toBe(true);
  });

  it('takes the unit from behind the group of its pattern', () => {
    const metric = String.raw`took (\d+)`;
    const slow = judge({ ...limit('<', 0.1, 's'), metric }, ['build 9', 'took 500 ms'], null);
    expect(slow).toMatchObject({ ok: false, figure: { value: 500, unit: 'ms' } });
  });

  it('compares with a baseline, and says by how much it is worse', () => {
    const held: Threshold = { ...plain, baseline: 'bench.txt', tolerance: 10 };
    expect(judge(held, ['112 ms'], '0.1 s\n')).toMatchObject({
      ok: false,
      said: 'parse: 112 ms (baseline 0.1 s with 10 % to spare, 12 % above)',
    });
    expect(judge(held, ['110 ms'], '0.1 s\n').ok).toBe(true);
    expect(judge({ ...held, better: 'higher' }, ['89'], '100').ok).toBe(false);
    expect(judge({ ...held, better: 'higher' }, ['112'], '100').ok).toBe(true);
  });

  it('says what is wrong with what it is given', () => {
    const held: Threshold = { ...plain, baseline: 'bench.txt', tolerance: 10 };
    expect(judge(held, ['5 ms'], null)).toMatchObject({ ok: false, noBaseline: true });
    expect(judge(held, ['5 ms'], 'garbage')).toMatchObject({ ok: false, noBaseline: false });
    expect(judge(held, ['5 ms'], 'garbage').said).toBe('parse: 5 ms, and no figure in its baseline bench.txt');
    expect(judge(held, ['5 MB'], '3 s').said).toMatch(/in MB can't be compared with a baseline in s/);
    expect(judge({ ...held, metric: 'took (.*)' }, ['nothing'], '3').said).toBe(
      'parse: no figure in what the command printed: nothing matches took (.*)',
    );
    expect(judge({ ...limit('<', 3), baseline: 'bench.txt' }, ['5'], null)).toMatchObject({
      ok: false,
      noBaseline: false,
    });
  });
});
