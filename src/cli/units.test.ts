import { describe, expect, it } from 'vitest';
import { freeName } from './commands/add.ts';
import { pointInTime, positiveNumber, wholeNumber } from './numbers.ts';
import { age, columns, duration } from './table.ts';

describe('numbers as typed', () => {
  it.each([
    ['0', 0],
    ['42', 42],
  ])('%s', (text, value) => expect(wholeNumber(text, '--n')).toBe(value));
  it.each(['', '-1', '1.5', '1e3', 'ten', '99999999999999999999'])('refuses %j', (text) => {
    expect(() => wholeNumber(text, '--n')).toThrow('--n takes a whole number');
  });
  it.each(['0', '-2', '', 'fast', 'Infinity'])('refuses the speed %j', (text) => {
    expect(() => positiveNumber(text, '--speed')).toThrow('--speed takes a number above 0');
  });
  it.each([
    ['90s', 910_000],
    ['15m', 100_000],
    ['1970-01-01T00:00:05Z', 5_000],
  ])('--since %s', (text, at) => expect(pointInTime(text, 1_000_000)).toBe(at));
});

describe('names', () => {
  it('numbers a second agent of a profile', () => {
    expect(freeName('claude', new Set())).toBe('claude');
    expect(freeName('claude', new Set(['claude', 'claude-2']))).toBe('claude-3');
    expect(freeName('../x y', new Set())).toBe('x-y');
  });
});

describe('text for people', () => {
  it('aligns wide characters', () => {
    expect(
      columns([
        ['日本', 'x'],
        ['a', 'y'],
      ]),
    ).toBe('日本  x\na     y');
  });
  it('never counts backwards', () => {
    expect([age(5_000, 0), age(0, 61_000), age(0, 90_000_000)]).toEqual(['0s', '1m', '1d']);
    expect([duration(12), duration(1_500), duration(61_000)]).toEqual(['12 ms', '1.5 s', '1 min 1 s']);
  });
});
