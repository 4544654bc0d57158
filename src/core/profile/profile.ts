/** What llmctl knows about one kind of agent: the one definition that profiles are read and checked by. */
import { WAITING_FOR } from '../model/agent.ts';
import { flag, number, prose, text, word } from '../plan/shape/leaves.ts';
import { sortRules } from '../plan/sections/failures.ts';
import { list, mapOf, may, need, oneOrMore, or, record, type Fields, type ReadFields } from '../plan/shape/record.ts';
import type { Shape } from '../plan/shape/shape.ts';
import { command, json, keys, pattern, region, template, version, words } from './leaves.ts';

export const RULE_STATES = ['working', 'waiting', 'idle', 'limited', 'done'] as const;
export const CHANNELS = ['report', 'osc', 'hook', 'api', 'title', 'notification', 'screen', 'process'] as const;

const NAME = { pattern: /^[A-Za-z0-9][\w.-]{0,63}$/, remedy: 'use letters, digits, ".", "_" and "-"' };
const line = text({ max: 300 });

/** A map that is there also where it wasn't written, with what its keys stand for then. */
function section<F extends Fields>(fields: F, noun: string, example: string): [Shape<ReadFields<F>>, ReadFields<F>] {
  const missing = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.missing]));
  return [record(fields, { noun, example }), missing as ReadFields<F>];
}

const versions = section(
  {
    args: or(words, ['--version'], 'Asks the program which it is. Not asked where there is no pattern.'),
    match: may(pattern, 'Finds the version in what it prints; the first group is it.'),
    least: may(version, 'Older ones are told to be too old.'),
    tried: or(list(version, 'a version', '["2.1.0"]', 50), [], 'Versions that this profile was tried with.'),
  },
  'version',
  '{match: "(\\\\d+\\\\.\\\\d+\\\\.\\\\d+)", least: "2.1.0"}',
);

const permissions = section(
  {
    ask: may(words, 'It asks before it edits or runs anything.'),
    edits: may(words, 'It edits files unasked.'),
    plan: may(words, 'It reads and plans only.'),
    all: may(words, 'It asks nothing.'),
  },
  'set of modes',
  '{ask: ["--ask"]}',
);

const launch = section(
  {
    prompt: may(words, 'Words that give it its first prompt. Left out: it is pasted once the program is ready.'),
    model: may(words, 'Words that choose the model.'),
    permission: or(...permissions, 'Words for each way of asking.'),
    begin: may(words, 'Words that give a new conversation an id of our choice.'),
    resume: may(words, 'Words that go on with the conversation of an id.'),
    continue: may(words, 'Words that go on with the last conversation in this folder.'),
  },
  'launch',
  '{model: ["--model", "{model}"]}',
);

const inject = section(
  {
    args: or(words, [], 'Words behind the command, in every run.'),
    env: or(mapOf(template, NAME, '{NAME: value}'), {}, 'Environment of every run.'),
    files: or(
      mapOf(json, NAME, '{settings.json: {}}'),
      {},
      'Files made in the folder of the run, {run}: a text as it is, anything else as JSON.',
    ),
  },
  'injection',
  '{args: ["--settings", "{run}/settings.json"]}',
);

const aside = record(
  {
    match: may(pattern, 'Messages that match are kept aside: the CLI would make something else of them.'),
    over: may(number(1, 1_000_000, true), 'Longer ones, in characters, are kept aside too.'),
    say: need(template, 'What it is told instead, with {message}.', 'write "say: read @llmctl:message://{message}"'),
  },
  { noun: 'way around', example: '{over: 20000, say: "read @llmctl:message://{message}"}' },
);

const briefing = section(
  {
    how: or(word(['paste-enter', 'none']), 'paste-enter', 'Bracketed paste, a moment, Enter; or not at all.'),
    pauseMs: or(number(0, 5000, true), 180, 'Between the paste and Enter, in milliseconds.'),
    mute: or(
      flag,
      false,
      'Its hooks tell nothing before its first prompt: it can be told something once its state is known.',
    ),
    aside: may(
      aside,
      'Messages that it reads as a resource of `llmctl mcp --messages {run}`, where it names one by @.',
    ),
  },
  'briefing',
  '{how: paste-enter}',
);

/** `briefing: none` says the same as `briefing: {how: none}`. */
const briefingShape: Shape<ReadFields<BriefingFields>> = {
  schema: { anyOf: [{ enum: ['paste-enter', 'none'] }, briefing[0].schema] },
  read(tree, what, context) {
    if (tree.kind === 'map') return briefing[0].read(tree, what, context);
    const how = word(['paste-enter', 'none']).read(tree, what, context);
    return how === null ? null : { ...briefing[1], how };
  },
};
type BriefingFields = typeof briefing extends [Shape<ReadFields<infer F>>, unknown] ? F : never;

const answer = record(
  {
    allow: need(keys, 'Keys that say yes, this once.', 'write "allow: [Enter]"'),
    always: may(keys, 'Keys that say yes to all of its kind in this session.'),
    deny: need(keys, 'Keys that say no.', 'write "deny: [Esc]"'),
    why: or(flag, false, 'After a no it takes a message that says why.'),
  },
  { noun: 'set of answers', example: '{allow: [Enter], deny: [Esc]}' },
);

/** What every rule has: what it means where it matches, and from which versions on. */
const MEANING = {
  state: need(word(RULE_STATES), 'The state that it shows.', `write "state: working", or ${RULE_STATES.join(', ')}`),
  for: may(word(WAITING_FOR), 'What is waited for.'),
  since: may(version, 'The first version that it is true of.'),
  before: may(version, 'The first version that it is no longer true of.'),
};

const id = need(text({ max: 60 }), 'Its name, as `llmctl agent explain` prints it.', 'write "id: busy"');

const ON_TEXT = {
  id,
  match: need(
    pattern,
    'A regular expression; a blank in it is any stretch of blanks and line ends.',
    'write "match: Working"',
  ),
  unless: may(pattern, 'Must not match at the same place.'),
  text: may(line, 'What it says, with $<name> for named groups; else what matched.'),
  until: may(line, 'When a limit ends, as $<name> of a group.'),
  ...MEANING,
};

const textRule = record(ON_TEXT, {
  noun: 'rule',
  nameKey: 'id',
  example: '{id: busy, match: Working, state: working}',
});

const screenRule = record(
  {
    ...ON_TEXT,
    also: or(list(pattern, 'a pattern', '["Esc to cancel"]', 10), [], 'Must match too, anywhere in the region.'),
    after: may(
      pattern,
      'The region begins behind the last place where this matches: the last message of a person, say.',
    ),
    region: or(region, 'bottom 20', 'Rows it looks at: screen, "top N" or "bottom N" of those that are not empty.'),
    priority: or(number(-100, 100, true), 0, 'The highest of those that match counts, then the first.'),
    sure: or(flag, false, 'What it shows is there now, whatever the program said before: a dialog, for example.'),
    answer: may(answer, 'Keys for the dialog that it recognises.'),
  },
  { noun: 'rule', nameKey: 'id', example: '{id: busy, match: "esc to interrupt", state: working}' },
);

const eventRule = record(
  {
    on: need(text({ max: 80 }), 'Name of the hook or event.', 'write "on: Stop"'),
    where: or(
      mapOf(pattern, { pattern: /^[\w.]+$/, remedy: 'write a path such as tool.name' }, '{error: rate_limit}'),
      {},
      'Fields that must match.',
    ),
    text: may(line, 'What it says, with {path.to.field}, or {one|other} for the first that is there.'),
    until: may(line, 'When a limit ends: {path.to.field}.'),
    ...MEANING,
  },
  { noun: 'rule', nameKey: 'on', example: '{on: Stop, state: idle}' },
);

const api = record(
  {
    events: need(line, 'Where it sends its events (SSE).', 'write "events: http://127.0.0.1:{port}/event"'),
    rules: or(list(eventRule, 'a rule', '[{on: session.idle, state: idle}]', 100), [], 'What they mean.'),
    answer: may(line, 'Where an answer to a permission goes, with {id}.'),
    models: may(line, 'Where it lists its models, with the size of their context windows.'),
    auth: may(
      line,
      'Who asks, as user:password of HTTP basic authentication (RFC 7617); {secret} is a password of this run.',
    ),
  },
  { noun: 'API', example: '{events: "http://127.0.0.1:{port}/event"}' },
);

const path = text({ max: 200 });
const usage = record(
  {
    from: need(
      word(['hook', 'api', 'transcript']),
      'Who says it: a hook, an event of its API, or each line of the file that it keeps a conversation in.',
      'write "from: transcript"',
    ),
    on: may(path, 'Name of the hook or event.'),
    where: or(
      mapOf(pattern, { pattern: /^[\w.]+$/, remedy: 'write a path such as payload.type' }, '{type: assistant}'),
      {},
      'Fields that must match.',
    ),
    each: may(
      path,
      'Field that names what is counted: the last count of each name is added up. Left out: the last count is of everything so far.',
    ),
    tokens: or(oneOrMore(path, 'a field', '[usage.input, usage.output]'), [], 'Fields that add up to the tokens used.'),
    costUsd: may(path, 'Field with the cost, in US dollars.'),
    contextUsed: may(path, 'Field with the percentage of the context window that is full.'),
    context: or(
      oneOrMore(path, 'a field', '[usage.input]'),
      [],
      'Instead of that: fields that add up to the tokens that fill it.',
    ),
    window: may(template, 'And the size of the window in tokens: a field, or a number.'),
    model: may(path, 'Field with the name of the model.'),
  },
  { noun: 'reader', example: '{from: hook, on: StatusLine, costUsd: cost.total_cost_usd}' },
);

const floor = section(
  {
    cols: or(number(1, 400, true), 1, 'Columns.'),
    rows: or(number(1, 200, true), 1, 'Rows.'),
  },
  'size',
  '{cols: 60, rows: 16}',
);

/** What tells that somebody is logged in, without asking the program: it might open a browser. */
const login = section(
  {
    how: or(line, '', 'What to do where it is not logged in.'),
    env: or(list(text({ max: 80 }), 'a name', '[API_KEY]', 20), [], 'Variables of which one is enough.'),
    files: or(
      list(text({ max: 300 }), 'a file', '["~/.agent/auth.json"]', 20),
      [],
      'Files of which one is enough, ~ is the home.',
    ),
  },
  'login',
  '{how: "agent login", env: [API_KEY]}',
);

const pause = section(
  {
    goOn: may(
      line,
      'What it is told when it is resumed after a pause for which its turn was ended (`llmctl pause --soft`).',
    ),
  },
  'pause',
  '{goOn: "Go on."}',
);

const end = section(
  {
    keys: or(keys, [], 'Keys that end it in good order, before it is ended by signals.'),
  },
  'end',
  '{keys: [C-c, C-c]}',
);

export const PROFILE_FIELDS = {
  title: may(text({ max: 40 }), 'What people call it: "Claude Code".'),
  extends: may(
    text({ max: 40 }),
    'The profile whose keys stand for those that are not written; its rules come behind.',
  ),
  command: or(command, [], 'The program and its words; the first is looked for on the PATH.'),
  install: or(line, '', 'What to do where its program is not there.'),
  login: or(...login, 'How to log in, and what tells that somebody did.'),
  version: or(...versions, 'Which versions there are.'),
  launch: or(...launch, 'How it is started.'),
  inject: or(...inject, "What it is given for a run, the person's own settings untouched."),
  briefing: or(briefingShape, briefing[1], 'How a prompt gets in.'),
  interrupt: or(keys, ['C-c'], 'Keys that make it stop what it does and listen.'),
  pause: or(...pause, 'How it is paused between two steps.'),
  end: or(...end, 'How it is ended.'),
  floor: or(...floor, 'Its terminal is never smaller: in a smaller pane it scrolls.'),
  channels: or(
    list(word(CHANNELS), 'a channel', '[title, screen]', 10),
    ['screen', 'process'],
    'What tells its state.',
  ),
  titles: or(
    list(textRule, 'a rule', '[{id: busy, match: "^◐", state: working}]', 100),
    [],
    'What its window title means.',
  ),
  notifications: or(
    list(textRule, 'a rule', '[{id: asks, match: permission, state: waiting}]', 100),
    [],
    'What its notifications mean (OSC 9, 777).',
  ),
  screen: or(
    list(screenRule, 'a rule', '[{id: busy, match: "esc to interrupt", state: working}]', 100),
    [],
    'What its screen means.',
  ),
  hooks: or(list(eventRule, 'a rule', '[{on: Stop, state: idle}]', 100), [], 'What its hooks mean.'),
  api: may(api, 'Its own API on loopback.'),
  usage: or(
    list(usage, 'a reader', '[{from: transcript, tokens: usage.total}]', 20),
    [],
    'Where tokens, cost and context are read.',
  ),
  failures: or(
    sortRules,
    [],
    "What failures of checks are, where such an agent is in the plan: behind the plan's own rules, before llmctl's.",
  ),
  traps: or(list(prose, 'a trap', '["It says idle at its trust dialog."]', 50), [], 'What one has to know about it.'),
};

export type ScreenRule = NonNullable<ReturnType<typeof screenRule.read>>;
export type TextRule = NonNullable<ReturnType<typeof textRule.read>>;
export type UsageReader = NonNullable<ReturnType<typeof usage.read>>;
export type EventRule = NonNullable<ReturnType<typeof eventRule.read>>;

/** One kind of agent: how it is launched, briefed, read, interrupted, paused and ended. Plain data. */
export interface Profile extends Omit<ReadFields<typeof PROFILE_FIELDS>, 'title' | 'extends'> {
  readonly id: string;
  readonly title: string;
  readonly from: 'llmctl' | 'person';
  /** Where a person's rules stand, as file:line:column, by RULE_LISTS and id: "screen busy". */
  readonly places: Readonly<Record<string, string>>;
}

/** What a profile's rules are told by. */
export const RULE_LISTS = ['screen', 'titles', 'notifications', 'hooks'] as const;
