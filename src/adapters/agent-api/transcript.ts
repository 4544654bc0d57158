/** What a CLI writes about its use into the file that it keeps a conversation in: Codex' rollouts, Gemini CLI's chats. */
import { open } from 'node:fs/promises';
import type { Usage } from '../../core/model/run-facts.ts';

/** The last lines hold the last count. */
const TAIL_BYTES = 256 * 1024;

/** @returns null where it says nothing of it, or can't be read; never throws */
export async function transcriptUsage(path: string): Promise<Usage | null> {
  const text = await tail(path).catch(() => '');
  const lines = text.split('\n').filter((line) => line.includes('"token_count"'));
  for (const line of lines.reverse()) {
    const usage = codexUsage(line);
    if (usage !== null) return usage;
  }
  return null;
}

async function tail(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

interface TokenCount {
  readonly payload?: {
    readonly type?: string;
    readonly info?: {
      readonly total_token_usage?: { readonly total_tokens?: number };
      readonly last_token_usage?: { readonly total_tokens?: number };
      readonly model_context_window?: number;
    } | null;
  };
}

function codexUsage(line: string): Usage | null {
  try {
    const { payload } = JSON.parse(line) as TokenCount;
    const total = payload?.info?.total_token_usage?.total_tokens;
    if (payload?.type !== 'token_count' || typeof total !== 'number') return null;
    const last = payload.info?.last_token_usage?.total_tokens ?? 0;
    const window = payload.info?.model_context_window ?? 0;
    return { tokens: total, costUsd: null, contextUsed: window > 0 ? (100 * last) / window : null, model: null };
  } catch {
    return null;
  }
}
