/** What an agent does with its tools, one call after the other: the same over and over is no progress. */
import { oneLine } from '../text.ts';

/** Calls that are looked at; of that many the same so often is a loop. An edit that is made again is none: its text differs. */
const KEPT = 20;
export const SAME_CALLS = 6;

export interface ToolCall {
  /** Equal calls are equal here. */
  readonly key: string;
  /** On one line: `Bash npm test`. */
  readonly words: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** @param said what a hook of an agent's CLI was given; null: it names no tool */
export function toolCall(said: Fields): ToolCall | null {
  const { tool_name: tool, tool_input: input } = said;
  if (typeof tool !== 'string' || tool === '') return null;
  const fields = typeof input === 'object' && input !== null ? (input as Fields) : {};
  const about = ['command', 'file_path', 'path', 'pattern', 'url', 'query'].map((name) => fields[name]);
  const named = about.find((value) => typeof value === 'string');
  const words = oneLine(`${tool} ${typeof named === 'string' ? named : ''}`, 150);
  return { key: `${tool} ${JSON.stringify(input ?? null)}`.slice(0, 4_000), words };
}

export function withCall(calls: readonly ToolCall[], call: ToolCall): readonly ToolCall[] {
  return [...calls.slice(1 - KEPT), call];
}

/** How often the last call was made of late. */
export function timesOf(calls: readonly ToolCall[]): number {
  const last = calls.at(-1);
  return calls.filter(({ key }) => key === last?.key).length;
}
