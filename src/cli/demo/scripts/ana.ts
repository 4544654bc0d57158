/** ana adds two operators: the straightforward one, with a test that fails first. */
import type { Script } from '../agent/script.ts';

const ITEMS = ['Read the operators', 'Write failing tests', 'Add % and ^', 'Explain them in the README'];

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculate } from '../src/evaluate.js';

test('remainder binds like a product', () => {
  assert.equal(calculate('7 % 4 + 1'), 4);
});

test('powers bind tightest and group from the right', () => {
  assert.equal(calculate('2 * 3 ^ 2'), 18);
  assert.equal(calculate('2 ^ 3 ^ 2'), 512);
});
`;

export const ANA: Script = {
  id: 'ana',
  task: 'Add the operators % and ^',
  color: [217, 119, 87],
  patience: 4,
  steps: [
    { do: 'say', text: "I'll add `%` and `^`, tests first. Let me see how operators are declared." },
    { do: 'list', items: ITEMS, done: 0 },
    { do: 'read', path: 'src/operators.js' },
    { do: 'read', path: 'src/parser.js' },
    { do: 'think', about: 'Weighing precedence', seconds: 4 },
    {
      do: 'say',
      text: 'The parser climbs by `binds`, and `right` is there for operators that group from the right. Only the table has to grow.',
    },
    { do: 'progress', percent: 10, text: 'writing tests for % and ^' },
    { do: 'write', path: 'test/operators.test.js', text: TEST },
    { do: 'run', argv: ['node', '--test', 'test/operators.test.js'], fails: true },
    { do: 'say', text: 'Red, as it should be: neither operator exists yet.' },
    { do: 'list', items: ITEMS, done: 2 },
    { do: 'think', about: 'Choosing a sign for remainders', seconds: 5 },
    {
      do: 'edit',
      path: 'src/operators.js',
      find: "  '/': { binds: 2, apply: divide },\n",
      put: "  '/': { binds: 2, apply: divide },\n  '%': { binds: 2, apply: (a, b) => a % b },\n",
    },
    { do: 'run', argv: ['node', '--test', 'test/operators.test.js'], fails: true },
    { do: 'progress', percent: 45, text: '% works, ^ is next' },
    { do: 'think', about: 'Grouping from the right', seconds: 12 },
    {
      do: 'edit',
      path: 'src/operators.js',
      find: "  '%': { binds: 2, apply: (a, b) => a % b },\n",
      put: "  '%': { binds: 2, apply: (a, b) => a % b },\n  '^': { binds: 3, right: true, apply: (a, b) => a ** b },\n",
    },
    { do: 'run', argv: ['node', '--test', 'test/operators.test.js'] },
    { do: 'progress', percent: 65, text: 'both operators work' },
    { do: 'todo', text: '% and ^ are tested' },
    { do: 'list', items: ITEMS, done: 3 },
    { do: 'run', argv: ['node', '--test', 'test/parser.test.js', 'test/evaluate.test.js'] },
    { do: 'think', about: 'Looking for corner cases', seconds: 18 },
    { do: 'run', argv: ['node', 'src/cli.js', '2 ^ 10 % 7'] },
    { do: 'say', text: '`2 ^ 10 % 7` is 2, so the power binds first. Now the README.' },
    {
      do: 'edit',
      path: 'README.md',
      find: '| * / | product, quotient |\n',
      put: '| * / % | product, quotient, remainder |\n| ^ | power, grouped from the right |\n',
    },
    { do: 'progress', percent: 80, text: 'documented' },
    { do: 'todo', text: 'README names them' },
    {
      do: 'commit',
      message: 'Add the operators % and ^',
      paths: ['src/operators.js', 'test/operators.test.js', 'README.md'],
    },
    { do: 'list', items: ITEMS, done: 4 },
    { do: 'think', about: 'Reading it all once more', seconds: 24 },
    { do: 'say', text: 'A remainder by zero gives NaN, while a division by zero is refused. The two should agree.' },
    {
      do: 'edit',
      path: 'src/operators.js',
      find: "  '%': { binds: 2, apply: (a, b) => a % b },\n",
      put: "  '%': { binds: 2, apply: remainder },\n",
    },
    {
      do: 'edit',
      path: 'src/operators.js',
      find: '  return a / b;\n}\n',
      put: "  return a / b;\n}\n\nfunction remainder(a, b) {\n  if (b === 0) throw new RangeError('remainder by zero');\n  return a % b;\n}\n",
    },
    { do: 'run', argv: ['node', 'src/cli.js', '7 % 0'], fails: true },
    { do: 'progress', percent: 92, text: 'remainder by zero is refused' },
    { do: 'run', argv: ['node', '--test', 'test/operators.test.js'] },
    { do: 'commit', message: 'Refuse a remainder by zero', paths: ['src/operators.js'] },
    { do: 'think', about: 'Summing up', seconds: 16 },
    { do: 'progress', percent: 100, text: '% and ^ are in' },
    { do: 'say', text: 'Done: `%` and `^` work, are tested and stand in the README. Both refuse what has no answer.' },
  ],
};
