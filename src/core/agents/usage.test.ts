import { describe, expect, it } from 'vitest';
import type { AgentUsage, Usage } from '../model/run-facts.ts';
import { inAnother, spentBy, withUsage } from './usage.ts';

const NONE: Usage = { tokens: null, costUsd: null, contextUsed: null, model: null };
const after = (...said: readonly Partial<Usage>[]): AgentUsage =>
  said.reduce<AgentUsage | null>((known, one) => withUsage(known, { ...NONE, ...one }), null)!;

describe('what an agent uses', () => {
  it('may come from two places, each with figures of its own', () => {
    expect(after({ costUsd: 0.5, contextUsed: 10 }, { tokens: 100, model: 'm' }, { costUsd: 0.7 }).now).toEqual({
      tokens: 100,
      costUsd: 0.7,
      contextUsed: 10,
      model: 'm',
    });
  });

  it('keeps what a count had before it began anew, and that count alone', () => {
    const again = after({ tokens: 100, costUsd: 0.5 }, { costUsd: 0.1 }, { tokens: 120 });
    expect(spentBy(again)).toEqual({ tokens: 120, costUsd: 0.6 });
    expect(spentBy(withUsage(again, { ...NONE, tokens: 10 }))).toEqual({ tokens: 130, costUsd: 0.6 });
  });

  it('counts tokens from none in another conversation, also where that has more', () => {
    const another = inAnother(after({ tokens: 100, costUsd: 0.5, contextUsed: 60 }));
    expect(another?.now).toMatchObject({ tokens: 0, costUsd: 0.5, contextUsed: null });
    expect(spentBy(withUsage(another, { ...NONE, tokens: 150, costUsd: 0.8 }))).toEqual({ tokens: 250, costUsd: 0.8 });
    expect(inAnother(after({ costUsd: 1 }))?.now.tokens).toBeNull();
    expect(inAnother(null)).toBeNull();
  });
});
