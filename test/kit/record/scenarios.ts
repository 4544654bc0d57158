/** What is recorded of each CLI. A message's `[[stub:NAME]]` chooses the answer of the stand-in for the model. */
import type { Step } from './session.ts';

export interface Scenario {
  readonly profile: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: readonly [cols: number, rows: number];
  readonly steps: readonly Step[];
}

const idle: Step = { state: 'idle' };
const limited: Step = { state: 'limited' };
const stay: Step = { sleep: 2_500 };
const asks = (wait: RegExp, what: string): Step[] => [{ wait }, { state: 'waiting', for: what }, stay];
const working = (busy: RegExp): Step[] => [{ wait: busy }, { state: 'working' }];
const press = (key: string, busy: RegExp): Step[] => [{ state: null }, { keys: [key] }, ...working(busy)];
const over = (text: RegExp, busy: RegExp): Step[] => [{ wait: text }, { gone: busy }, idle, stay];
const ask = (script: string): Step => ({ say: `go [[stub:${script}]]` });
const say = (script: string, busy: RegExp): Step[] => [ask(script), ...working(busy)];
/** In the middle of an answer, stopped by a person. */
const interrupted = (busy: RegExp, ...keys: string[]): Step[] => [
  ...say('slow', busy),
  { sleep: 5_000 },
  { state: null },
  ...keys.flatMap((key): Step[] => [{ keys: [key] }, { sleep: 300 }]),
];

const CLAUDE_BUSY = /esc to interrupt/;
const CLAUDE_UP: Step[] = [{ wait: /manual mode|for shortcuts/ }, idle, stay];
const CLAUDE = { profile: 'claude', args: ['--permission-mode', 'manual'] };
const claudeAsk: Step[] = [
  ...CLAUDE_UP,
  ...say('ask', CLAUDE_BUSY),
  ...asks(/Which database/, 'question'),
  ...press('Enter', CLAUDE_BUSY),
  ...over(/Thank you, noted/, CLAUDE_BUSY),
  ...interrupted(CLAUDE_BUSY, 'Esc'),
  { wait: /Interrupted/ },
  idle,
  stay,
];
const claudeEdit: Step[] = [
  ...CLAUDE_UP,
  ...say('edit', CLAUDE_BUSY),
  ...asks(/Do you want to create/, 'permission'),
  ...press('Enter', CLAUDE_BUSY),
  { gone: /Do you want to create/ },
  ...asks(/Do you want to proceed/, 'permission'),
  ...press('Enter', CLAUDE_BUSY),
  ...over(/All is well now/, CLAUDE_BUSY),
];

const CODEX_BUSY = /esc to interrupt/;
const CODEX = { profile: 'codex', args: [] };
/** It works for a moment as it starts, and says so. */
const CODEX_UP: Step[] = [{ wait: /Ask Codex/ }, stay, idle, stay];
const codexEdit: Step[] = [
  ...CODEX_UP,
  ...say('edit', CODEX_BUSY),
  { wait: /All is well now.*Worked for/ },
  idle,
  stay,
  ...say('approve', CODEX_BUSY),
  ...asks(/Would you like/, 'permission'),
  ...press('Enter', CODEX_BUSY),
  { wait: /It ran.*Worked for/ },
  idle,
  stay,
  ...interrupted(CODEX_BUSY, 'Esc'),
  { wait: /interrupted/ },
  idle,
  stay,
];

const GEMINI_BUSY = /esc to cancel, \d/;
const GEMINI = { profile: 'gemini', args: [] };
/** What it is told while its first hook runs it never answers. */
const GEMINI_UP: Step[] = [{ wait: /Type your message/ }, idle, { sleep: 4_000 }, { gone: /Executing Hook/ }, stay];
const geminiApprove: Step[] = [
  ...GEMINI_UP,
  ...say('approve', GEMINI_BUSY),
  ...asks(/Allow execution/, 'permission'),
  ...press('Enter', GEMINI_BUSY),
  ...over(/It ran/, GEMINI_BUSY),
  ...say('ask', GEMINI_BUSY),
  ...asks(/Which database/, 'question'),
  ...press('Enter', GEMINI_BUSY),
  ...over(/Thank you, noted/, GEMINI_BUSY),
  ...interrupted(GEMINI_BUSY, 'Esc'),
  { wait: /Request cancelled/ },
  idle,
  stay,
];

const OPENCODE_BUSY = /[⬝■]{6}/;
const OPENCODE = { profile: 'opencode', args: [] };
const OPENCODE_UP: Step[] = [{ wait: /Ask anything/ }, idle, stay];
const opencodeEdit: Step[] = [
  ...OPENCODE_UP,
  ...say('approve', OPENCODE_BUSY),
  ...asks(/Permission required/, 'permission'),
  ...press('Enter', OPENCODE_BUSY),
  ...over(/It ran/, OPENCODE_BUSY),
  ...say('ask', OPENCODE_BUSY),
  ...asks(/Which database/, 'question'),
  ...press('Enter', OPENCODE_BUSY),
  ...over(/Thank you, noted/, OPENCODE_BUSY),
  ...interrupted(OPENCODE_BUSY, 'Esc', 'Esc'),
  { wait: /interrupted/ },
  idle,
  stay,
];

/** As small as their terminals get, with words in the answer that stand in dialogs, too. */
const small = (up: Step[], busy: RegExp, asked: RegExp | null, end: RegExp, ...esc: string[]): Step[] => [
  ...up,
  ...say('other', busy),
  ...(asked === null ? [] : [...asks(asked, 'permission'), ...press('Enter', busy)]),
  { wait: end },
  ...(busy === CODEX_BUSY ? [] : [{ gone: busy }]),
  idle,
  stay,
  ...interrupted(busy, ...esc),
  { sleep: 500 },
  idle,
  stay,
];

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'claude-small': {
    ...CLAUDE,
    size: [60, 16],
    steps: small(CLAUDE_UP, CLAUDE_BUSY, /Do you want to make this edit/, /Finished with the readme/, 'Esc'),
  },
  'codex-small': {
    ...CODEX,
    size: [60, 16],
    steps: small(CODEX_UP, CODEX_BUSY, null, /Finished with the readme.*Worked for/, 'Esc'),
  },
  'gemini-small': {
    ...GEMINI,
    size: [60, 16],
    steps: small(GEMINI_UP, GEMINI_BUSY, /Apply this change/, /Finished with the readme/, 'Esc'),
  },
  'opencode-small': {
    ...OPENCODE,
    size: [60, 16],
    steps: small(OPENCODE_UP, OPENCODE_BUSY, /Permission required/, /Finished with the readme/, 'Esc', 'Esc'),
  },
  'claude-edit': { ...CLAUDE, steps: claudeEdit },
  'claude-ask': { ...CLAUDE, size: [120, 40], steps: claudeAsk },
  'claude-narrow': {
    ...CLAUDE,
    size: [80, 24],
    steps: [...claudeEdit.slice(0, -1), ...interrupted(CLAUDE_BUSY, 'Esc'), idle, stay],
  },
  'claude-limits': {
    ...CLAUDE,
    steps: [
      ...CLAUDE_UP,
      ask('rate429'),
      { wait: /Request rejected \(429\)/ },
      limited,
      { sleep: 5_000 },
      ask('login'),
      { wait: /401 .*retrying in/ },
      { state: 'waiting', for: 'login' },
      { sleep: 5_000 },
    ],
  },
  'claude-trust': {
    ...CLAUDE,
    env: { RIG_TRUST: '0' },
    steps: [...asks(/trust this folder|Do you trust|safety check/, 'trust')],
  },
  'codex-edit': { ...CODEX, steps: codexEdit },
  'codex-narrow': { ...CODEX, size: [80, 24], steps: codexEdit },
  'codex-limits': {
    ...CODEX,
    steps: [
      ...CODEX_UP,
      ask('rate429'),
      { wait: /429 Too Many/ },
      limited,
      { sleep: 6_000 },
      { state: null },
      { keys: ['Esc'] },
      { wait: /interrupted/ },
      idle,
      stay,
      ask('login'),
      { wait: /401 Unauthorized/ },
      { state: 'waiting', for: 'login' },
      { sleep: 5_000 },
    ],
  },
  'codex-first': { ...CODEX, env: { RIG_TRUST: '0' }, steps: [...asks(/Trust this folder/, 'trust')] },
  'gemini-approve': { ...GEMINI, steps: geminiApprove },
  'gemini-narrow': { ...GEMINI, size: [80, 24], steps: geminiApprove },
  'gemini-limits': {
    ...GEMINI,
    steps: [
      ...GEMINI_UP,
      ask('login'),
      { wait: /code":401/ },
      { state: 'waiting', for: 'login' },
      { sleep: 4_000 },
      ask('rate429'),
      { wait: /Usage limit reached/ },
      limited,
      { sleep: 4_000 },
    ],
  },
  'opencode-approve': { ...OPENCODE, size: [120, 40], steps: opencodeEdit },
  'opencode-narrow': { ...OPENCODE, size: [80, 24], steps: opencodeEdit },
  'opencode-limits': {
    ...OPENCODE,
    steps: [
      ...OPENCODE_UP,
      ask('login'),
      { wait: /invalid x-api-key/ },
      { state: 'waiting', for: 'login' },
      { sleep: 4_000 },
      ask('rate429'),
      { wait: /retrying in/ },
      limited,
      { sleep: 6_000 },
    ],
  },
};
