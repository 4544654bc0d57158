import { describe, expect, it } from 'vitest';
import type { AgentUsage } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { contextWords, usedBy, usedByAll, usedWords } from './used.ts';

const usage = (tokens: number | null, costUsd: number | null, before = 0): AgentUsage => ({
  now: { tokens, costUsd, contextUsed: 84.6, model: null },
  before: { tokens: before, costUsd: before / 1_000 },
});
const state = (...all: readonly (AgentUsage | null)[]): State =>
  ({ agents: Object.fromEntries(all.map((one, at) => [`a${at}`, { usage: one }])) }) as unknown as State;

describe('what was used', () => {
  it('is not known where nobody counted it', () => {
    expect(usedBy(null)).toEqual({ tokens: null, costUsd: null });
    expect(usedBy(usage(0, null))).toEqual({ tokens: 0, costUsd: null });
    expect(usedBy(usage(5, null, 100))).toEqual({ tokens: 105, costUsd: 0.1 });
    expect(usedByAll(state(null))).toEqual({ tokens: null, costUsd: null });
    expect(usedByAll(state(usage(5, 0.1), usage(7, 0.2), usage(null, null), null))).toEqual({
      tokens: 12,
      costUsd: 0.3,
    });
  });

  it.each([
    [{ tokens: null, costUsd: null }, ''],
    [{ tokens: 999, costUsd: null }, '999'],
    [{ tokens: 101_700, costUsd: 0.144 }, '102k $0.14'],
    [{ tokens: 2_340_000, costUsd: 12 }, '2.3M $12.00'],
  ])('is told in few words: %j', (used, words) => {
    expect(usedWords(used)).toBe(words);
  });

  it('says how full the context is', () => {
    expect(contextWords(usage(1, 1))).toBe('85%');
    expect(contextWords(null)).toBe('');
  });
});
