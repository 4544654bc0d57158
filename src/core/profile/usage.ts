/** What a CLI says of tokens, cost and context, by the readers of its profile. */
import type { Usage } from '../model/run-facts.ts';
import { fieldAt, fieldText, holds } from './fields.ts';
import type { UsageReader } from './profile.ts';

/** What one document says. */
export interface Figures extends Usage {
  /** What was counted, where each counts once; null: the count is of everything so far. */
  readonly key: string | null;
}

/** @returns null where the document is another one, or says nothing */
export function figuresOf(reader: UsageReader, body: unknown): Figures | null {
  if (!holds(reader.where, body)) return null;
  const key = reader.each === null ? null : fieldText(body, reader.each);
  if (key === '') return null;
  const tokens = sum(reader.tokens, body);
  const costUsd = numberAt(body, reader.costUsd);
  const contextUsed = numberAt(body, reader.contextUsed) ?? shareOf(reader, body);
  const model = reader.model === null ? null : fieldText(body, reader.model) || null;
  const isEmpty = tokens === null && costUsd === null && contextUsed === null;
  return isEmpty ? null : { key, tokens, costUsd, contextUsed, model };
}

/** What a hook or an event says. @param on its name. @returns null where no reader of the profile is of it, or it says nothing */
export function eventUsage(
  readers: readonly UsageReader[],
  from: 'hook' | 'api',
  on: string,
  body: unknown,
): Usage | null {
  for (const reader of readers) {
    const figures = reader.from === from && reader.on === on ? figuresOf(reader, body) : null;
    if (figures !== null) return withoutKey(figures);
  }
  return null;
}

export function withoutKey({ tokens, costUsd, contextUsed, model }: Figures): Usage {
  return { tokens, costUsd, contextUsed, model };
}

/** Percent of the window that is full. */
function shareOf({ context, window }: UsageReader, body: unknown): number | null {
  const full = sum(context, body);
  if (full === null || full === 0 || window === null) return null;
  const size = /^\d+$/.test(window) ? Number(window) : numberAt(body, window);
  return size === null || size <= 0 ? null : (100 * full) / size;
}

function sum(paths: readonly string[], body: unknown): number | null {
  const counts = paths.map((path) => numberAt(body, path)).filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((all, count) => all + count, 0);
}

function numberAt(body: unknown, path: string | null): number | null {
  const value = path === null ? undefined : fieldAt(body, path);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
