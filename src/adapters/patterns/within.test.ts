import { describe, expect, it } from 'vitest';
import { within } from './within.ts';

describe('a moment for a pattern', () => {
  it('gives what came of it', () => {
    expect(within(10_000, () => /(b+)/.exec('abbc')?.[1])).toEqual({ done: true, value: 'bb' });
  });

  it('ends one that would not come to an end, and the next one counts again', () => {
    expect(within(20, () => /^(a+)+$/.test(`${'a'.repeat(60)}!`))).toEqual({ done: false });
    expect(within(10_000, () => 1)).toEqual({ done: true, value: 1 });
  });

  it('lets what was thrown through', () => {
    expect(() =>
      within(10_000, () => {
        throw new TypeError('no');
      }),
    ).toThrow(TypeError);
  });
});
