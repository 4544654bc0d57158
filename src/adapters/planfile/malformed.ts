/** Plans that are wrong in a known way, for tests: each must be refused with a place and a remedy. */

export interface MalformedPlan {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the first error says; absent where only the refusal counts. */
  readonly says?: RegExp;
  /** Where the first error stands, where the case fixes it. */
  readonly line?: number;
  readonly column?: number;
}

export const GOOD_PLAN = `version: 1
name: good
base: main
health:
  build: make
  test: { run: npm test, timeout: 5m }
todos:
  - Read the notes
agents:
  - id: a
    name: Parser
    command: ["bash", "-l"]
    prompt: Fix the parser.
    cwd: src
    env: { LEVEL: 3 }
    task: t1
    todos: [Write a test]
  - id: b
    profile: claude
`;

const HEAD = 'version: 1\nname: x\n';
const AGENT = 'agents:\n  - id: a\n    profile: shell\n';

type Row = readonly [name: string, text: string, says: RegExp, line?: number, column?: number];

const SYNTAX: readonly Row[] = [
  ['nothing at all', '', /empty/, 1, 1],
  ['blank lines only', '\n\n  \n', /empty/, 1, 1],
  ['a comment only', '# soon\n', /empty/, 1, 1],
  ['a null', '~\n', /empty/, 1, 1],
  ['plain text', 'hello\n', /map of keys, not text/, 1, 1],
  ['a number', '42\n', /map of keys, not the number 42/, 1, 1],
  ['a list', '- a\n- b\n', /map of keys, not a list/, 1, 1],
  ['a tab as indentation', `${HEAD}agents:\n\t- id: a\n`, /use spaces/, 4],
  ['an open double quote', 'version: 1\nname: "x\n', /not closed/],
  ['an open single quote', "version: 1\nname: 'x\n", /not closed/],
  ['an open bracket', `${HEAD}agents: [\n`, /not closed|not expected/],
  ['an open brace', `${HEAD}agents: {\n`, /not closed|not expected/],
  ['a bracket closed by a brace', `${HEAD}agents: [a}\n`, /not closed|not expected/],
  ['a stray bracket', `${HEAD}agents: ]\n`, /not expected|quotes/],
  ['no space after the colon', 'version:1\nname:x\n', /map of keys|must stand on one line/],
  ['two colons in a line', 'version: 1\nname: a: b\n', /quotes/, 2],
  ['uneven indentation', `${HEAD}agents:\n  - id: a\n   profile: b\n`, /line it up/],
  ['an unknown escape', 'version: 1\nname: "a\\qb"\n', /escape/, 2],
  ['a reserved first character', 'version: 1\nname: @x\n', /quotes/, 2],
  ['a back quote', 'version: 1\nname: `x`\n', /quotes/, 2],
  ['two documents', `${HEAD}${AGENT}---\n${HEAD}`, /second document/],
  ['a merge key', `${HEAD}x-a: &a {id: a}\nagents:\n  - <<: *a\n    profile: shell\n`, /merge keys/, 5, 5],
  ['an alias to nowhere', `${HEAD}agents: *no\n`, /written? the value out|write the value out/i, 3],
  ['an alias that holds itself', `${HEAD}agents: &a [*a]\n`, /holds itself/, 3],
  ['an unknown tag', `${HEAD}agents: !!js/function 'x'\n`, /tag/, 3],
  ['a private tag', `${HEAD}agents: !secret [a]\n`, /tag/, 3],
  ['a map as key', `${HEAD}? {a: 1}\n: 2\n`, /key must be plain text/, 3],
  ['a list as key', `${HEAD}? [a]\n: 2\n`, /key must be plain text/, 3],
  ['__proto__ on top', `${HEAD}__proto__: {polluted: 1}\n${AGENT}`, /__proto__/, 3, 1],
  ['__proto__ in an agent', `${HEAD}${AGENT}    __proto__: {a: 1}\n`, /__proto__/, 6, 5],
  ['constructor in env', `${HEAD}${AGENT}    env: {constructor: 1}\n`, /constructor/, 6],
  ['a Markdown file', '# Plan\n\nDo *this*:\n\n- one\n- two: three: four\n', /./],
  ['a JSON array', '[1, 2, 3]', /map of keys, not a list/, 1, 1],
  ['an HTML page', '<!doctype html>\n<html><body>404</body></html>\n', /map of keys, not text/, 1, 1],
  ['merge marks of git', `${HEAD}<<<<<<< HEAD\n${AGENT}=======\n>>>>>>> x\n`, /./],
];

const TOP: readonly Row[] = [
  ['no version', `name: x\n${AGENT}`, /write "version: 1"/, 1, 1],
  ['version 2', `version: 2\nname: x\n${AGENT}`, /must be 1, not the number 2/, 1, 10],
  ['version as text', `version: "1"\nname: x\n${AGENT}`, /must be 1, not "1"/, 1, 10],
  ['version as list', `version: [1]\nname: x\n${AGENT}`, /must be 1, not a list/, 1, 10],
  ['version left blank', `version:\nname: x\n${AGENT}`, /write "version: 1"/, 1, 1],
  ['no name', `version: 1\n${AGENT}`, /has no name/, 1, 1],
  ['an empty name', `version: 1\nname: ""\n${AGENT}`, /empty/, 2, 7],
  ['a number as name', `version: 1\nname: 12\n${AGENT}`, /quotes/, 2, 7],
  ['a name of two lines', `version: 1\nname: "a\\nb"\n${AGENT}`, /single line/, 2, 7],
  ['an escape sequence in the name', `version: 1\nname: "\\e[2J"\n${AGENT}`, /control character/, 2, 7],
  ['a very long name', `version: 1\nname: ${'n'.repeat(500)}\n${AGENT}`, /80 at most/, 2, 7],
  ['name twice', `${HEAD}name: y\n${AGENT}`, /stands twice.*line 2/, 3, 1],
  ['agents twice', `${HEAD}${AGENT}${AGENT}`, /stands twice.*line 3/, 6, 1],
  ['a misspelt section', `${HEAD}agnets:\n  - id: a\n${AGENT}`, /did you mean "agents"/, 3, 1],
  ['an unknown section', `${HEAD}wombat: 1\n${AGENT}`, /unknown key "wombat".*known here/, 3, 1],
  ['upper case', `${HEAD}Health: {a: b}\n${AGENT}`, /did you mean "health"/, 3, 1],
  ['a base with blanks', `${HEAD}base: my branch\n${AGENT}`, /can't be a branch/, 3, 7],
  ['a base like an option', `${HEAD}base: --force\n${AGENT}`, /can't be a branch/, 3, 7],
  ['a base with two dots', `${HEAD}base: a..b\n${AGENT}`, /can't be a branch/, 3, 7],
  ['an unknown workspace', `${HEAD}workspace: cloud\n${AGENT}`, /workspace/, 3, 12],
  ['health as text', `${HEAD}health: make\n${AGENT}`, /must be a map/, 3, 9],
  ['health as list', `${HEAD}health: [make]\n${AGENT}`, /must be a map/, 3, 9],
  ['a check that runs a number', `${HEAD}health: {a: 1}\n${AGENT}`, /must be a command/, 3, 13],
  ['a check without run', `${HEAD}health: {a: {timeout: 5}}\n${AGENT}`, /nothing to run/, 3, 13],
  ['a check of no words', `${HEAD}health: {a: []}\n${AGENT}`, /an empty list/, 3, 13],
  ['a check with a wild name', `${HEAD}health: {"../a": b}\n${AGENT}`, /can't name a health check/, 3, 10],
  ['a check left blank', `${HEAD}health: {a: }\n${AGENT}`, /must be a command/, 3],
  ['a check twice', `${HEAD}health: {a: b, a: c}\n${AGENT}`, /stands twice/, 3],
  ['a timeout in words', `${HEAD}health: {a: {run: b, timeout: soon}}\n${AGENT}`, /"soon"; write seconds/, 3, 31],
  ['a timeout below zero', `${HEAD}health: {a: {run: b, timeout: -1}}\n${AGENT}`, /the number -1/, 3, 31],
  ['a timeout of zero', `${HEAD}health: {a: {run: b, timeout: 0}}\n${AGENT}`, /the number 0/, 3, 31],
  ['an endless timeout', `${HEAD}health: {a: {run: b, timeout: .inf}}\n${AGENT}`, /timeout/, 3, 31],
  ['a timeout that is no number', `${HEAD}health: {a: {run: b, timeout: .nan}}\n${AGENT}`, /timeout/, 3, 31],
  ['a misspelt timeout', `${HEAD}health: {a: {run: b, timeuot: 5}}\n${AGENT}`, /did you mean "timeout"/, 3, 22],
  ['todos as text', `${HEAD}todos: all of it\n${AGENT}`, /must be a list/, 3, 8],
  ['a number as todo', `${HEAD}todos: [1]\n${AGENT}`, /quotes/, 3, 9],
  ['an empty todo', `${HEAD}todos: ["", b]\n${AGENT}`, /empty/, 3, 9],
  ['a todo that became a map', `${HEAD}todos:\n  - Fix: the parser\n${AGENT}`, /no text|unknown key/, 4, 5],
  ['a todo done perhaps', `${HEAD}todos: [{text: a, done: maybe}]\n${AGENT}`, /true or false/, 3, 25],
];

const AGENTS: readonly Row[] = [
  ['no agents', HEAD, /has no agents/, 1, 1],
  ['agents left blank', `${HEAD}agents:\n`, /empty/, 3, 1],
  ['an empty list of agents', `${HEAD}agents: []\n`, /empty/, 3, 1],
  ['agents as map', `${HEAD}agents: {a: {profile: shell}}\n`, /must be a list, not a map/, 3, 9],
  ['agents as text', `${HEAD}agents: claude\n`, /must be a list, not text/, 3, 9],
  ['an agent as text', `${HEAD}agents: [claude]\n`, /is a map of keys, not text/, 3, 10],
  ['an agent of nothing', `${HEAD}agents: [~]\n`, /is a map of keys, not nothing/, 3, 10],
  ['no id', `${HEAD}agents:\n  - profile: shell\n`, /has no id/, 4, 5],
  ['an empty id', `${HEAD}agents: [{id: "", profile: s}]\n`, /empty/, 3, 15],
  ['a path as id', `${HEAD}agents: [{id: ../a, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['two dots in the id', `${HEAD}agents: [{id: a..b, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['an option as id', `${HEAD}agents: [{id: -x, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['a blank in the id', `${HEAD}agents: [{id: a b, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['a shell word as id', `${HEAD}agents: [{id: $(id), profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['an id that ends in .lock', `${HEAD}agents: [{id: a.lock, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['a list as id', `${HEAD}agents: [{id: [a], profile: s}]\n`, /must be text/, 3, 15],
  ['a very long id', `${HEAD}agents: [{id: ${'a'.repeat(41)}, profile: s}]\n`, /can't be an agent's id/, 3, 15],
  ['one id twice', `${HEAD}${AGENT}  - id: a\n    profile: shell\n`, /stands twice \(first on line 4\)/, 6, 9],
  ['one id twice but for case', `${HEAD}${AGENT}  - id: A\n    profile: shell\n`, /stands twice/, 6, 9],
  ['nothing to run', `${HEAD}agents:\n  - id: a\n`, /nothing to run/, 4, 5],
  ['a blank command', `${HEAD}agents:\n  - id: a\n    command:\n`, /nothing to run/, 4, 5],
  ['an empty command', `${HEAD}agents:\n  - id: a\n    command: []\n`, /empty list/, 5, 14],
  ['a command of blanks', `${HEAD}agents:\n  - id: a\n    command: "  "\n`, /empty/, 5, 14],
  ['a command of number', `${HEAD}agents:\n  - id: a\n    command: 5\n`, /list of words/, 5, 14],
  ['a list in a command', `${HEAD}agents:\n  - id: a\n    command: [a, [b]]\n`, /word 2/, 5, 18],
  ['a pipe without a shell', `${HEAD}agents:\n  - id: a\n    command: a | b\n`, /needs a shell/, 5, 14],
  ['a quote never closed', `${HEAD}agents:\n  - id: a\n    command: a 'b\n`, /never closed/, 5, 14],
  ['an escape sequence in a command', `${HEAD}agents:\n  - id: a\n    command: ["a\\e"]\n`, /control/, 5, 15],
  ['a NUL in a command', `${HEAD}agents:\n  - id: a\n    command: ["a\\0"]\n`, /control/, 5, 15],
  ['a list as profile', `${HEAD}agents:\n  - id: a\n    profile: [claude]\n`, /must be text/, 5, 14],
  ['a list as prompt', `${HEAD}${AGENT}    prompt: [do it]\n`, /must be text/, 6, 13],
  ['an end of paste in the prompt', `${HEAD}${AGENT}    prompt: "a\\e[201~b"\n`, /control/, 6, 13],
  ['a cwd above', `${HEAD}${AGENT}    cwd: ../other\n`, /leaves the repository/, 6, 10],
  ['a cwd that climbs out', `${HEAD}${AGENT}    cwd: a/../../b\n`, /leaves the repository/, 6, 10],
  ['an absolute cwd', `${HEAD}${AGENT}    cwd: /etc\n`, /leaves the repository/, 6, 10],
  ['a home as cwd', `${HEAD}${AGENT}    cwd: ~/x\n`, /leaves the repository/, 6, 10],
  ['a cwd inside .git', `${HEAD}${AGENT}    cwd: .git/hooks\n`, /leaves the repository/, 6, 10],
  ['a drive as cwd', `${HEAD}${AGENT}    cwd: C:\\x\n`, /leaves the repository/, 6, 10],
  ['env as list', `${HEAD}${AGENT}    env: [A=1]\n`, /must be a map/, 6, 10],
  ['a name with = in env', `${HEAD}${AGENT}    env: {"A=B": 1}\n`, /can't name a variable/, 6, 11],
  ['an own variable of llmctl', `${HEAD}${AGENT}    env: {LLMCTL_TOKEN: x}\n`, /set by llmctl/, 6, 11],
  ['a list in env', `${HEAD}${AGENT}    env: {A: [1]}\n`, /must be text/, 6, 14],
  ['a NUL in env', `${HEAD}${AGENT}    env: {A: "\\0"}\n`, /control/, 6, 14],
  ['a misspelt key', `${HEAD}${AGENT}    promt: x\n`, /did you mean "prompt"/, 6, 5],
  ['profile twice', `${HEAD}${AGENT}    profile: b\n`, /stands twice/, 6, 5],
  ['todos of an agent as text', `${HEAD}${AGENT}    todos: x\n`, /must be a list/, 6, 12],
  ['65 agents', `${HEAD}agents:\n${manyAgents(65)}`, /64 at most/, 68],
];

function manyAgents(count: number): string {
  return Array.from({ length: count }, (_, i) => `  - {id: a${i}, profile: shell}\n`).join('');
}

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const next = i === 0 ? '"lol"' : Array.from({ length: 9 }, () => `*l${i - 1}`).join(', ');
    return `x-l${i}: &l${i} [${next}]\n`;
  });
  return `${HEAD}${levels.join('')}${AGENT}`;
}

function* binary(): Generator<MalformedPlan> {
  const good = Buffer.from(GOOD_PLAN);
  yield { name: 'a NUL in it', bytes: Buffer.from(`${HEAD}na\0me: y\n`), says: /NUL/, line: 3, column: 3 };
  yield { name: 'UTF-16 with a mark', bytes: Buffer.from(`\uFEFF${GOOD_PLAN}`, 'utf16le'), says: /UTF-16/ };
  yield { name: 'UTF-16 without a mark', bytes: Buffer.from(GOOD_PLAN, 'utf16le'), says: /NUL/ };
  const latin = Buffer.concat([Buffer.from('version: 1\nname: caf'), Buffer.from([0xe9]), Buffer.from('\n')]);
  yield { name: 'Latin-1', bytes: latin, says: /UTF-8/, line: 2, column: 10 };
  yield { name: 'a mark, then nonsense', bytes: Buffer.from('\uFEFF][\n'), says: /./ };
  yield { name: '3 MB', bytes: Buffer.alloc(3_000_000, `# ${'x'.repeat(77)}\n`), says: /2 MB/ };
  yield { name: '10 MB', bytes: Buffer.alloc(10_000_000, good), says: /2 MB/, line: 1, column: 1 };
  yield { name: 'a million brackets', bytes: Buffer.alloc(1_000_000, '['), says: /./ };
  yield {
    name: 'deep brackets',
    bytes: Buffer.from(`${HEAD}x-a: ${'['.repeat(200)}${']'.repeat(200)}\n`),
    says: /deep/,
  };
  yield { name: 'a bomb of aliases', bytes: Buffer.from(bomb()), says: /alias/ };
  yield { name: 'an image', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), says: /UTF-8|NUL/ };
  yield { name: 'an escape byte', bytes: Buffer.from(`version: 1\nname: \x1b[2Jx\n${AGENT}`), says: /./, line: 2 };
}

/** What each key of the good plan must not be; every pair is one more plan. */
const WRONG_TYPES: Readonly<Record<string, readonly string[]>> = {
  'version: 1': ['~', 'true', '"one"', '1.5', '0', '{}', '[]'],
  'name: good': ['~x: [', '[a]', '{a: b}', 'true', '1.5', '"\\0"', "''"],
  'base: main': ['[a]', '{a: b}', 'false', '7', '-x', '"a b"', '/', 'a~1', 'x.lock', '"@{-1}"', '"a\\nb"'],
  'build: make': ['true', '3', '{}', '[[a]]', '{run: [a], timeout: "5 m x"}', '{run: {}}', '""'],
  'timeout: 5m': ['timeout: []', 'timeout: {}', 'timeout: true', 'timeout: "5 parsecs"', 'timeout: 99999999'],
  '- Read the notes': ['- [a]', '- true', '- {done: true}', '- {text: [a]}', '- {text: a, dnoe: true}', '- 5'],
  'name: Parser': ['name: [a]', 'name: {a: b}', 'name: 1', 'name: "\\r"', 'name: ""', 'name: "\\x07"'],
  'command: ["bash", "-l"]': ['command: {}', 'command: true', 'command: [~]', 'command: [""]', 'command: [{a: b}]'],
  'prompt: Fix the parser.': ['prompt: 5', 'prompt: true', 'prompt: {a: b}', 'prompt: ""', 'prompt: "\\x1b[A"'],
  'cwd: src': ['cwd: 5', 'cwd: []', 'cwd: ..', 'cwd: "../"', 'cwd: /', 'cwd: .git', 'cwd: "a\\0"', 'cwd: a/../..'],
  'env: { LEVEL: 3 }': ['env: x', 'env: 5', 'env: {1A: x}', 'env: {"": x}', 'env: {A: {}}', 'env: {"A B": x}'],
  'task: t1': ['task: [a]', 'task: {}', 'task: 5', 'task: false', 'task: "\\n"'],
  'todos: [Write a test]': ['todos: {a: b}', 'todos: 5', 'todos: [[a]]', 'todos: [~]', 'todos: [""]', 'todos: true'],
  'profile: claude': ['profile: 5', 'profile: {}', 'profile: ""', 'profile: "a\\nb"', 'profile: true'],
};

function* mutated(): Generator<MalformedPlan> {
  for (const [line, wrongs] of Object.entries(WRONG_TYPES)) {
    const key = line.slice(0, line.indexOf(':') + 1);
    for (const wrong of wrongs) {
      const keeps = wrong.startsWith('-') ? line.startsWith('-') : key !== '' && wrong.startsWith(key);
      const text = keeps ? wrong : `${key} ${wrong}`;
      const at = GOOD_PLAN.slice(0, GOOD_PLAN.indexOf(line)).split('\n').length;
      yield { name: `${key} ${wrong}`, bytes: Buffer.from(GOOD_PLAN.replace(line, text)), line: at };
    }
  }
}

/** More than 200 plans; names are unique. */
export function* malformedPlans(): Generator<MalformedPlan> {
  for (const [name, text, says, line, column] of [...SYNTAX, ...TOP, ...AGENTS]) {
    yield { name, bytes: Buffer.from(text), says, line, column };
  }
  yield* binary();
  yield* mutated();
}
