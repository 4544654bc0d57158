import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearestNames } from './nearest.ts';

describe('nearest names', () => {
  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('agnets', 'agents')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('stops at the limit', () => {
    expect(editDistance('a', 'abcdefgh', 2)).toBe(3);
  });

  it('offers close names, nearest first, and nothing for a stranger', () => {
    expect(nearestNames('agnets', ['health', 'agents', 'agent'])).toEqual(['agents', 'agent']);
    expect(nearestNames('clau', ['codex', 'claude'])).toEqual(['claude']);
    expect(nearestNames('zzzzzz', ['codex', 'claude'])).toEqual([]);
  });

  it('says it in words', () => {
    expect(didYouMean('heatlh', ['health'])).toBe('; did you mean "health"?');
    expect(didYouMean('q', ['health'])).toBe('');
  });
});
