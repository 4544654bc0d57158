/** Counting what agents use. */
import { NOTHING_SPENT, type AgentUsage, type Spent, type Usage } from '../model/run-facts.ts';

/**
 * A count that falls began anew: what it was before is kept. Tokens and cost each by itself: some CLIs count tokens of a conversation, and
 * the cost of a run.
 */
export function withUsage(known: AgentUsage | null | undefined, said: Usage): AgentUsage {
  if (!known) return { now: said, before: NOTHING_SPENT };
  const { now, before } = known;
  const fallen = (key: 'tokens' | 'costUsd'): number => {
    const was = now[key] ?? 0;
    return said[key] !== null && said[key] < was ? was : 0;
  };
  return {
    now: {
      tokens: said.tokens ?? now.tokens,
      costUsd: said.costUsd ?? now.costUsd,
      contextUsed: said.contextUsed ?? now.contextUsed,
      model: said.model ?? now.model,
    },
    before: plus(before, { tokens: fallen('tokens'), costUsd: fallen('costUsd') }),
  };
}

/** Tokens are those of a conversation: in another one they are counted from none. */
export function inAnother(known: AgentUsage | null | undefined): AgentUsage | null {
  if (!known) return null;
  const { now, before } = known;
  return {
    now: { ...now, tokens: now.tokens === null ? null : 0, contextUsed: null },
    before: plus(before, { tokens: now.tokens ?? 0, costUsd: 0 }),
  };
}

/** All of it. */
export function spentBy(usage: AgentUsage | null | undefined): Spent {
  return usage ? plus(usage.before, spentOf(usage.now)) : NOTHING_SPENT;
}

export function plus(a: Spent, b: Spent): Spent {
  return { tokens: a.tokens + b.tokens, costUsd: a.costUsd + b.costUsd };
}

export function minus(a: Spent, b: Spent): Spent {
  return { tokens: Math.max(0, a.tokens - b.tokens), costUsd: Math.max(0, a.costUsd - b.costUsd) };
}

function spentOf({ tokens, costUsd }: Usage): Spent {
  return { tokens: tokens ?? 0, costUsd: costUsd ?? 0 };
}
