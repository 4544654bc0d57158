/** What scenarios are made of. A message's `[[stub:NAME]]` chooses the answer of the stand-in for the model (scripts.ts). */
import type { Step } from './session.ts';

export interface Scenario {
  readonly profile: string;
  readonly args: readonly string[];
  /** `{model}` is the address of the stand-in. */
  readonly env?: Readonly<Record<string, string>>;
  /** More of its home. */
  readonly files?: Readonly<Record<string, string>>;
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

export const busy: Step = { state: 'working' };
export const pause: Step = { sleep: 1_200 };
/** The model has told all of it; when the program is through with that, nobody can say exactly. */
export const served: Step[] = [{ served: true }, { state: null }, { sleep: 500 }, idle, stay];
/** It looks through its files afterwards. */
export const servedAll: Step[] = [{ served: true }, { state: null }, { sleep: 2_000 }, idle, stay];
/** A menu or view that a person opened: whoever it is, the agent is what it was before. */
export const look = (...keys: string[]): Step[] => keys.flatMap((key): Step[] => [{ keys: [key] }, pause]);
export const typed = (text: string): Step[] => [...text].map((key): Step => ({ keys: [key === ' ' ? 'Space' : key] }));

/** A dialog that is left without an answer. */
export const left: Step[] = [{ state: null }, { keys: ['Esc'] }, { sleep: 2_000 }];

/** Text on the screen that quotes dialogs and signs of work, while it is written and afterwards. */
export const quote = (up: Step[], cli: string, first: RegExp, end = served): Step[] => [
  ...up,
  { say: `Erkläre mir, wie seine Dialoge aussehen [[stub:quote-${cli}]]` },
  { wait: first },
  busy,
  ...end,
  pause,
];

/** Long output, and a command that is silent for twenty seconds. */
export const tools = (up: Step[], mark: RegExp, end = served): Step[] => [
  ...up,
  { say: `テストを実行してください。 [[stub:tools]]` },
  { wait: mark },
  busy,
  { wait: /silent for a while/ },
  { sleep: 10_000 },
  { wait: /The tools are through/ },
  ...end,
];

/** A message is typed while it works, and taken back. @param looks what is looked at before */
export const queued = (mark: RegExp, looks: Step[] = []): Step[] => [
  ...say('slow', mark),
  stay,
  ...looks,
  ...typed('queued text'),
  pause,
  ...look('C-u'),
];

/** Several questions in one dialog, at two sizes, up to its last page. */
export const severalQuestions = (cli: string, mark: RegExp): Step[] => [
  ...say(`many-${cli}`, mark),
  ...asks(/Welche Datenbank/, 'question'),
  ...look('Down', 'Enter', 'Down'),
  { size: [60, 20] },
  stay,
  ...look('Enter'),
  stay,
];

/** An error that passes. */
export const errorOnce = (mark: RegExp, end = served): Step[] => [
  ...say('err500', mark),
  { wait: /It works again/ },
  ...end,
];

/** One that ends the turn. */
export const errorAtOnce = (end = served): Step[] => [ask('errAll'), { wait: /prompt is broken/ }, ...end];

/** A dialog at two more sizes, left without an answer. */
export const resizedAndLeft: Step[] = [{ size: [60, 20] }, stay, { size: [140, 40] }, stay, ...left, idle, stay];
