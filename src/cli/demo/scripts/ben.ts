/** ben adds functions, meets cleo in src/evaluate.js, and asks a person before he goes on. */
import type { Script } from '../agent/script.ts';

const ITEMS = ['Find where calls end up', 'A table of functions', 'Call them from evaluate', 'Commit'];

/** Right below the constants, where cleo is at work: the two meet there, and both edits fit side by side. */
const ABOVE = `export function calculate(source, scope = constants) {
`;

const FUNCTIONS = `// Functions by name: what they take, and what they do.
export const functions = {
  sqrt: { takes: 1, apply: root },
  abs: { takes: 1, apply: Math.abs },
  round: { takes: 1, apply: Math.round },
  min: { takes: Infinity, apply: Math.min },
  max: { takes: Infinity, apply: Math.max },
};

function root(value) {
  if (value < 0) throw new RangeError('no root of ' + value);
  return Math.sqrt(value);
}

`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculate } from '../src/evaluate.js';

test('functions of one number', () => {
  assert.equal(calculate('sqrt(16) + abs(-2)'), 6);
});

test('functions of many numbers', () => {
  assert.equal(calculate('max(1, 7, 3) - min(4, 2)'), 5);
});

test('a function nobody knows is named', () => {
  assert.throws(() => calculate('cube(2)'), /no function is called cube/);
});
`;

const CALL = `    case 'call':
      throw new ReferenceError('no function is called ' + node.name);
`;

const NEW_CALL = `    case 'call':
      return call(node.name, node.args.map((arg) => evaluate(arg, scope)));
`;

const END = `call(node.name, node.args.map((arg) => evaluate(arg, scope)));
  }
}
`;

const CALL_FUNCTION = `
function call(name, args) {
  if (!Object.hasOwn(functions, name)) throw new ReferenceError('no function is called ' + name);
  return functions[name].apply(...args);
}
`;

export const BEN: Script = {
  id: 'ben',
  task: 'Add functions such as sqrt and max',
  color: [96, 165, 250],
  patience: 5,
  steps: [
    { do: 'say', text: "Functions it is. First I'll see what becomes of a call today." },
    { do: 'search', word: "'call'" },
    { do: 'read', path: 'src/evaluate.js' },
    { do: 'list', items: ITEMS, done: 1 },
    { do: 'think', about: 'Sketching a table of functions', seconds: 3 },
    { do: 'progress', percent: 15, text: 'a table of functions, below the constants' },
    { do: 'edit', path: 'src/evaluate.js', find: ABOVE, put: FUNCTIONS + ABOVE },
    { do: 'think', about: 'Reading it once more', seconds: 6 },
    {
      do: 'ask',
      command: 'node src/cli.js "sqrt(16)"',
      yes: [
        { do: 'run', argv: ['node', 'src/cli.js', 'sqrt(16)'], fails: true },
        { do: 'say', text: 'As expected: the table exists, and nobody asks it yet.' },
      ],
      no: [{ do: 'say', text: "All right, I won't run it. I can tell from the source: nobody asks the table yet." }],
    },
    { do: 'list', items: ITEMS, done: 2 },
    { do: 'progress', percent: 40, text: 'calling functions from evaluate' },
    { do: 'think', about: 'Finding the right seam', seconds: 4 },
    { do: 'edit', path: 'src/evaluate.js', find: CALL, put: NEW_CALL },
    { do: 'edit', path: 'src/evaluate.js', find: END, put: END + CALL_FUNCTION },
    { do: 'write', path: 'test/functions.test.js', text: TEST },
    { do: 'run', argv: ['node', '--test', 'test/functions.test.js'] },
    { do: 'list', items: ITEMS, done: 3 },
    { do: 'progress', percent: 70, text: 'functions work' },
    { do: 'todo', text: 'sqrt, abs, round, min, max' },
    { do: 'run', argv: ['node', 'src/cli.js', 'max(2, sqrt(81), 7)'] },
    {
      do: 'commit',
      message: 'Add functions: sqrt, abs, round, min, max',
      paths: ['src/evaluate.js', 'test/functions.test.js'],
    },
    { do: 'think', about: 'Counting arguments', seconds: 20 },
    { do: 'say', text: '`sqrt(1, 2)` passes silently. A function should say how many numbers it takes.' },
    {
      do: 'edit',
      path: 'src/evaluate.js',
      find: '  return functions[name].apply(...args);\n',
      put: "  const { takes, apply } = functions[name];\n  if (args.length > takes) throw new TypeError(name + ' takes ' + takes + ', not ' + args.length);\n  return apply(...args);\n",
    },
    {
      do: 'edit',
      path: 'test/functions.test.js',
      find: "test('a function nobody knows is named', () => {\n",
      put: "test('too many arguments are refused', () => {\n  assert.throws(() => calculate('sqrt(1, 2)'), /sqrt takes 1, not 2/);\n});\n\ntest('a function nobody knows is named', () => {\n",
    },
    { do: 'run', argv: ['node', '--test', 'test/functions.test.js', 'test/evaluate.test.js'] },
    { do: 'progress', percent: 90, text: 'arguments are counted' },
    { do: 'todo', text: 'Arguments are counted' },
    { do: 'think', about: 'Comparing with other calculators', seconds: 28 },
    {
      do: 'commit',
      message: 'Refuse more arguments than a function takes',
      paths: ['src/evaluate.js', 'test/functions.test.js'],
    },
    { do: 'list', items: ITEMS, done: 4 },
    { do: 'progress', percent: 100, text: 'functions are in' },
    { do: 'say', text: 'Done: five functions, their arguments counted, all tested.' },
  ],
};
