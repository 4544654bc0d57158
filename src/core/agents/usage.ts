/** Counting what agents use. */
import { NOTHING_SPENT, type AgentUsage, type Spent, type Usage } from '../model/run-facts.ts';

/** A count that falls began anew: what it was before is kept. */
export function withUsage(known: AgentUsage | null | undefined, now: Usage): AgentUsage {
  if (!known) return { now, before: NOTHING_SPENT };
  const fell = (key: 'tokens' | 'costUsd'): boolean => (now[key] ?? Infinity) < (known.now[key] ?? 0);
  const merged: Usage = {
    tokens: now.tokens ?? (fell('costUsd') ? null : known.now.tokens),
    costUsd: now.costUsd ?? (fell('tokens') ? null : known.now.costUsd),
    contextUsed: now.contextUsed ?? known.now.contextUsed,
    model: now.model ?? known.now.model,
  };
  if (!fell('tokens') && !fell('costUsd')) return { now: merged, before: known.before };
  return { now: merged, before: plus(known.before, spentOf(known.now)) };
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
