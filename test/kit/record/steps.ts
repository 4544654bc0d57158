/** What scenarios are made of. A message's `[[stub:NAME]]` chooses the answer of the stand-in for the model (scripts.ts). */
import type { Step } from './session.ts';

export interface Scenario {
  readonly profile: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Set up and this folder trusted; set up, but a strange folder; all but the keys; never run before. Default: trusted. */
  readonly home?: 'trusted' | 'strange' | 'keyless' | 'empty';
  readonly size?: readonly [cols: number, rows: number];
  readonly steps: readonly Step[];
}

export const idle: Step = { state: 'idle' };
export const limited: Step = { state: 'limited' };
export const stay: Step = { sleep: 2_500 };
export const asks = (wait: RegExp, what: string): Step[] => [{ wait }, { state: 'waiting', for: what }, stay];
export const working = (busy: RegExp): Step[] => [{ wait: busy }, { state: 'working' }];
export const press = (key: string, busy: RegExp): Step[] => [{ state: null }, { keys: [key] }, ...working(busy)];
export const over = (text: RegExp, busy: RegExp): Step[] => [{ wait: text }, { gone: busy }, idle, stay];
export const ask = (script: string): Step => ({ say: `go [[stub:${script}]]` });
export const say = (script: string, busy: RegExp): Step[] => [ask(script), ...working(busy)];
/** In the middle of an answer, stopped by a person. */
export const interrupted = (busy: RegExp, ...keys: string[]): Step[] => [
  ...say('slow', busy),
  { sleep: 5_000 },
  { state: null },
  ...keys.flatMap((key): Step[] => [{ keys: [key] }, { sleep: 300 }]),
];

export const CLAUDE_BUSY = /esc to interrupt/;
export const CLAUDE = { profile: 'claude', args: ['--permission-mode', 'manual'] };
export const CLAUDE_UP: Step[] = [{ wait: /manual mode|for shortcuts/ }, idle, stay];
export const CODEX_BUSY = /esc to interrupt/;
export const CODEX = { profile: 'codex', args: [] };
/** It works for a moment as it starts, and says so. */
export const CODEX_UP: Step[] = [{ wait: /Ask Codex/ }, stay, idle, stay];
export const GEMINI_BUSY = /esc to cancel, \d/;
export const GEMINI = { profile: 'gemini', args: [] };
/** What it is told while its first hook runs it never answers. */
export const GEMINI_UP: Step[] = [
  { wait: /Type your message/ },
  idle,
  { sleep: 4_000 },
  { gone: /Executing Hook/ },
  stay,
];
export const OPENCODE_BUSY = /[⬝■]{6}/;
export const OPENCODE = { profile: 'opencode', args: [] };
export const OPENCODE_UP: Step[] = [{ wait: /Ask anything/ }, idle, stay];
