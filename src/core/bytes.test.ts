import { describe, expect, it } from 'vitest';
import { byteUnit, bytesText } from './bytes.ts';

describe('amounts of bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [9_949, '9.9 KB'],
    [9_950, '10 KB'],
    [999_400, '999 KB'],
    [999_600, '1.0 MB'],
    [84_300_000, '84 MB'],
    [2_500_000_000, '2.5 GB'],
    [7e15, '7000 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it('says how large the unit is', () => {
    expect(byteUnit(2_000_000)).toEqual({ unit: 'MB', size: 1_000_000 });
  });
});
