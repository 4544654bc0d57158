/** What agents used, as documents and in words. */
import { plus, spentBy } from '../agents/usage.ts';
import { NOTHING_SPENT, type AgentUsage, type Spent } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';

/** null: nobody counted it, which isn't none. */
export interface Used {
  readonly tokens: number | null;
  readonly costUsd: number | null;
}

export function usedBy(usage: AgentUsage | null | undefined): Used {
  if (!usage) return { tokens: null, costUsd: null };
  const { tokens, costUsd } = spentBy(usage);
  return { tokens: tokens || usage.now.tokens, costUsd: costUsd || usage.now.costUsd };
}

/** Of all agents that are there. */
export function usedByAll({ agents }: State): Used {
  const all = Object.values(agents).flatMap(({ usage }) => usage ?? []);
  const spent = all.reduce<Spent>((sum, usage) => plus(sum, spentBy(usage)), NOTHING_SPENT);
  const counts = (key: keyof Used): boolean => all.some((usage) => usedBy(usage)[key] !== null);
  return { tokens: counts('tokens') ? spent.tokens : null, costUsd: counts('costUsd') ? cents(spent.costUsd) : null };
}

/** `102k $0.14`; '' where nothing was counted. */
export function usedWords({ tokens, costUsd }: Used): string {
  const parts = [tokens === null ? '' : countWords(tokens), costUsd === null ? '' : `$${costUsd.toFixed(2)}`];
  return parts.filter((part) => part !== '').join(' ');
}

/** `5%`; '' where that isn't known. */
export function contextWords(usage: AgentUsage | null | undefined): string {
  const used = usage?.now.contextUsed ?? null;
  return used === null ? '' : `${Math.round(used)}%`;
}

function countWords(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 1_000_000 ? `${Math.round(tokens / 1_000)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

/** Sums of cents are no exact binary numbers. */
function cents(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
