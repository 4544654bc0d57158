/** What comes over the socket may be anything: only what has the right shape goes further. */
import type { ClientCommand } from '../../core/model/commands.ts';
import { EVENT_LEVELS } from '../../core/records/levels.ts';
import type { ClientMessage } from '../../protocol/messages.ts';

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

/** Longer texts are mistakes; a frame may hold 8 MB. */
const TEXT_MAX = 2_000_000;

const text: Check = (value) => typeof value === 'string' && value.length <= TEXT_MAX;
/** PATH_MAX of Linux. */
const path: Check = (value) => typeof value === 'string' && value.length <= 4096;
const bool: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check, max = 1_000): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(check);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const record: Check = (value) => isObject(value) && Object.values(value).every(text);
const shaped =
  (shape: Shape): Check =>
  (value) =>
    isObject(value) && fits(value, shape);

const agentRequest = shaped({
  id: text,
  name: text,
  profile: text,
  command: list(text),
  cwd: text,
  worktree: maybe(orNull(text)),
  env: record,
  prompt: orNull(text),
  task: orNull(text),
  origin: oneOf('plan', 'person'),
});

/** A whole file in base64 fits a frame up to some 5 MB; larger ones are settled by taking a side. */
const CONTENT_MAX = 7_000_000;
const settled: Check = (value) =>
  isObject(value) &&
  text(value.path) &&
  (value.take === 'edit'
    ? typeof value.content === 'string' && value.content.length <= CONTENT_MAX
    : oneOf('A', 'B', 'both')(value.take));

const COMMANDS: Readonly<Record<ClientCommand['type'], Shape>> = {
  'agent.add': { agent: agentRequest, start: bool },
  'agent.pause': { agent: text },
  'agent.resume': { agent: text },
  'agent.restart': { agent: text },
  'agent.stop': { agent: text },
  'agent.remove': { agent: text },
  'agent.send': { agent: text, text, enter: bool },
  'agent.keys': { agent: text, keys: list(text) },
  'agent.report': {
    agent: text,
    kind: oneOf('started', 'progress', 'blocked', 'done', 'failed', 'ask'),
    percent: orNull(number),
    text,
    artefacts: maybe(list(text, 100)),
  },
  'task.start': { task: text, agent: orNull(text), force: bool },
  'task.done': { task: text, force: bool },
  'task.fail': { task: text, reason: text },
  'task.retry': { task: text, force: bool },
  'task.assign': { task: text, agent: orNull(text) },
  'gate.run': { gate: text, force: bool },
  'gate.pass': { gate: text, reason: text, force: bool },
  'gate.fail': { gate: text, reason: text, force: bool },
  'gate.waive': { gate: text, reason: text },
  'schedule.hold': { reason: orNull(text) },
  'todo.add': { text, task: maybe(orNull(text)) },
  'todo.check': { id: text, done: bool },
  'todo.remove': { id: text },
  'health.run': { name: text },
  'health.send': { name: text, failure: orNull(count), agent: orNull(text) },
  'alert.clear': { id: text },
  'alert.ack': { id: text },
  'emergency.start': {
    when: oneOf('stuck', 'build-broken', 'tests-failing', 'limited', 'conflict', 'failed'),
    agent: orNull(text),
  },
  'emergency.go': { emergency: text },
  'emergency.skip': { emergency: text },
  'emergency.stop': { emergency: text },
  'sync.hold': { point: text },
  'overlap.merge': { overlap: text },
  'overlap.settle': { overlap: text, settled: list(settled) },
  'overlap.defer': { overlap: text },
  'round.undo': { round: text },
  'lock.free': { path: text },
  'agent.land': { agent: text },
  'agent.forward': { agent: text },
  'landing.withdraw': { landing: text },
  'landing.rollback': { landing: text, undo: bool, untested: bool },
  'health.blame': { name: orNull(text) },
  'permission.answer': { permission: text, verdict: oneOf('allow', 'always', 'deny'), reason: text },
  'session.end': {},
};

const command: Check = (value) => {
  if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(COMMANDS, value.type)) return false;
  return fits(value, COMMANDS[value.type as ClientCommand['type']]);
};

const REQUESTS: Readonly<Record<ClientMessage['method'], Shape>> = {
  hello: { version: number, kind: oneOf('tui', 'cli', 'agent'), readOnly: bool, user: text, token: maybe(text) },
  subscribe: {},
  snapshot: {},
  command: { command },
  add: {
    agent: shaped({
      id: text,
      name: maybe(text),
      profile: maybe(text),
      command: maybe(list(text)),
      cwd: maybe(text),
      prompt: maybe(text),
      workspace: maybe(oneOf('worktree', 'shared')),
      start: bool,
      path: maybe(text),
    }),
  },
  view: {
    panes: list(shaped({ pane: count, cols: count, rows: count }), 256),
    focus: orNull(count),
    active: bool,
  },
  lines: { pane: count, from: count, count },
  search: { pane: count, query: text },
  output: { agent: text, lines: orNull(count), screen: bool, ansi: bool },
  follow: { agent: text },
  log: { since: orNull(number), agent: orNull(text), limit: count },
  journal: {
    filter: shaped({ agent: orNull(text), type: orNull(text), level: oneOf(...EVENT_LEVELS), text: path }),
    from: count,
    step: (value) => value === 1 || value === -1,
    limit: count,
  },
  report: {},
  series: { most: count },
  keep: { what: oneOf('report', 'metrics') },
  debugAt: { seq: count },
  diagnostics: {},
  evidence: { agent: text },
  healthOutput: { name: text, back: count, after: orNull(shaped({ run: count, offset: count })), wait: bool },
  metrics: {},
  overlap: { overlap: text },
  diff: { agent: text, against: orNull(text), path: orNull(text) },
  branches: {},
  mayWrite: { agent: text, path: text },
  wrote: { agent: text, path: text },
  claim: { agent: text, paths: list(path) },
  release: { agent: text, paths: orNull(list(path)) },
  mcpTrouble: { agent: text, text },
  idle: {},
  down: {},
};

/**
 * @returns the message, or what is wrong with it; null where it isn't even worth an answer
 */
export function checkMessage(value: unknown): ClientMessage | { readonly id: number; readonly wrong: string } | null {
  if (!isObject(value) || !count(value.id)) return null;
  const id = value.id as number;
  const { method } = value;
  if (typeof method !== 'string' || !Object.hasOwn(REQUESTS, method)) {
    return { id, wrong: 'this daemon knows no such request: client and daemon are of different versions' };
  }
  const shape = REQUESTS[method as ClientMessage['method']];
  if (!fits(value, shape)) return { id, wrong: `the request "${method}" is not as it should be` };
  return value as unknown as ClientMessage;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits(value: Record<string, unknown>, shape: Shape): boolean {
  return Object.entries(shape).every(([name, check]) => check(Object.hasOwn(value, name) ? value[name] : undefined));
}
