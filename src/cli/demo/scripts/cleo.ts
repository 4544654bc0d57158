/** cleo adds constants, helpful names and variables: in src/evaluate.js like ben, and first of all in the very same place. */
import type { Script } from '../agent/script.ts';

const ITEMS = ['See how names are looked up', 'More constants', 'Suggest the nearest name', 'Variables'];

const BELOW = `export function evaluate(node, scope) {
`;

const NEAREST = `// The known name that was perhaps meant.
export function nearest(name, known) {
  const scored = known.map((candidate) => ({ candidate, edits: distance(name, candidate) }));
  scored.sort((a, b) => a.edits - b.edits);
  return scored[0]?.edits <= 2 ? scored[0].candidate : undefined;
}

function distance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length];
}

`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculate, nearest } from '../src/evaluate.js';

test('the nearest name', () => {
  assert.equal(nearest('po', ['pi', 'tau']), 'pi');
  assert.equal(nearest('nonsense', ['pi', 'tau']), undefined);
});

test('a wrong name brings a suggestion', () => {
  assert.throws(() => calculate('2 * po'), /did you mean pi/);
});
`;

const LOOK_UP = `  throw new ReferenceError('nothing is called ' + name);
`;

const NEW_LOOK_UP = `  const meant = nearest(name, Object.keys(scope));
  throw new ReferenceError('nothing is called ' + name + (meant ? ': did you mean ' + meant + '?' : ''));
`;

export const CLEO: Script = {
  id: 'cleo',
  task: 'Make errors about names helpful',
  color: [52, 211, 153],
  patience: 6,
  steps: [
    { do: 'run', argv: ['node', 'src/cli.js', '2 * po'], fails: true },
    { do: 'say', text: 'That message could help more: `pi` is only one letter away.' },
    { do: 'list', items: ITEMS, done: 0 },
    { do: 'read', path: 'src/evaluate.js' },
    { do: 'say', text: 'First two constants that people look for:' },
    {
      do: 'edit',
      path: 'src/evaluate.js',
      find: 'export const constants = { pi: Math.PI, e: Math.E };\n',
      put: 'export const constants = { pi: Math.PI, tau: 2 * Math.PI, e: Math.E, phi: (1 + Math.sqrt(5)) / 2 };\n',
    },
    { do: 'run', argv: ['node', 'src/cli.js', 'phi * phi - phi'] },
    { do: 'progress', percent: 15, text: 'tau and phi' },
    { do: 'list', items: ITEMS, done: 2 },
    { do: 'think', about: 'Measuring distances between words', seconds: 12 },
    { do: 'edit', path: 'src/evaluate.js', find: BELOW, put: NEAREST + BELOW },
    { do: 'think', about: 'Wiring it in', seconds: 4 },
    { do: 'edit', path: 'src/evaluate.js', find: LOOK_UP, put: NEW_LOOK_UP },
    { do: 'write', path: 'test/nearest.test.js', text: TEST },
    { do: 'run', argv: ['node', '--test', 'test/nearest.test.js'] },
    { do: 'progress', percent: 50, text: 'wrong names bring a suggestion' },
    { do: 'todo', text: 'Nearest name in the error' },
    { do: 'list', items: ITEMS, done: 3 },
    { do: 'run', argv: ['node', 'src/cli.js', '2 * po'], fails: true },
    { do: 'say', text: 'Much better.' },
    {
      do: 'commit',
      message: 'Suggest the nearest name, know tau and phi',
      paths: ['src/evaluate.js', 'test/nearest.test.js'],
    },
    { do: 'think', about: 'Thinking about variables', seconds: 20 },
    {
      do: 'say',
      text: 'Variables need no change in the parser when they come in from outside: `x=3` before the expression.',
    },
    { do: 'read', path: 'src/cli.js' },
    {
      do: 'edit',
      path: 'src/cli.js',
      find: "import { calculate } from './evaluate.js';\n",
      put: "import { calculate, constants } from './evaluate.js';\n",
    },
    {
      do: 'edit',
      path: 'src/cli.js',
      find: 'try {\n',
      put: "const given = process.argv.slice(2).filter((word) => /^[a-z]\\w*=/.test(word));\nconst scope = { ...constants, ...Object.fromEntries(given.map((word) => [word.split('=')[0], Number(word.split('=')[1])])) };\n\ntry {\n",
    },
    {
      do: 'edit',
      path: 'src/cli.js',
      find: "calculate(process.argv.slice(2).join(' '))",
      put: "calculate(process.argv.slice(2).filter((word) => !given.includes(word)).join(' '), scope)",
    },
    { do: 'run', argv: ['node', 'src/cli.js', 'x=3', 'x * x + 1'] },
    { do: 'progress', percent: 80, text: 'variables on the command line' },
    { do: 'todo', text: 'Variables on the command line' },
    { do: 'think', about: 'Asking what x= alone should mean', seconds: 24 },
    { do: 'run', argv: ['node', '--test', 'test/evaluate.test.js', 'test/nearest.test.js'] },
    { do: 'commit', message: 'Take variables from the command line', paths: ['src/cli.js'] },
    { do: 'list', items: ITEMS, done: 4 },
    { do: 'progress', percent: 100, text: 'names help, variables work' },
    { do: 'say', text: 'Done: a wrong name brings the nearest one, and `x=3` sets a variable.' },
  ],
};
