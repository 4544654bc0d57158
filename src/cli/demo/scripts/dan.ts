/** dan formats numbers, and gets stuck on a benchmark that never ends. */
import type { Script } from '../agent/script.ts';

const ITEMS = ['See it go wrong', 'Round to 12 digits', 'Measure it', 'Group thousands'];

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/format.js';

test('no noise in the last digits', () => {
  assert.equal(format(0.1 + 0.2), '0.3');
});

test('very small and very large numbers keep their exponent', () => {
  assert.equal(format(1e-9), '1e-9');
  assert.equal(format(1e21), '1e+21');
});
`;

export const DAN: Script = {
  id: 'dan',
  task: 'Print numbers as people write them',
  color: [192, 132, 252],
  patience: 7,
  steps: [
    { do: 'run', argv: ['node', 'src/cli.js', '0.1 + 0.2'] },
    { do: 'say', text: 'There it is: 0.30000000000000004. People expect 0.3.' },
    { do: 'list', items: ITEMS, done: 1 },
    { do: 'read', path: 'src/format.js' },
    { do: 'think', about: 'Counting digits that mean something', seconds: 4 },
    { do: 'write', path: 'test/rounding.test.js', text: TEST },
    {
      do: 'edit',
      path: 'src/format.js',
      find: '  return String(value);\n',
      put: '  // Twelve digits are what a double can be trusted with after a few operations.\n  return String(Number(value.toPrecision(12)));\n',
    },
    { do: 'run', argv: ['node', '--test', 'test/rounding.test.js', 'test/format.test.js'] },
    { do: 'progress', percent: 35, text: 'rounding works' },
    { do: 'todo', text: '0.1 + 0.2 prints 0.3' },
    { do: 'list', items: ITEMS, done: 2 },
    { do: 'say', text: "Let me see what the rounding costs. There's a benchmark." },
    { do: 'stall', argv: ['node', 'bench/format.js'], seconds: 75 },
    { do: 'read', path: 'bench/format.js' },
    {
      do: 'say',
      text: 'It waits until two rounds take the same time *to the nanosecond*, which never happens. Ten per cent will do.',
    },
    {
      do: 'edit',
      path: 'bench/format.js',
      find: '  if (now === last) return',
      put: '  if (Math.abs(Number(now - last)) < Number(now) / 10) return',
    },
    { do: 'run', argv: ['node', 'bench/format.js'] },
    { do: 'progress', percent: 60, text: 'measured' },
    { do: 'todo', text: 'The benchmark ends' },
    { do: 'list', items: ITEMS, done: 3 },
    {
      do: 'commit',
      message: 'Round to twelve digits; let the benchmark settle',
      paths: ['src/format.js', 'bench/format.js', 'test/rounding.test.js'],
    },
    { do: 'think', about: 'Reading about separators', seconds: 18 },
    {
      do: 'edit',
      path: 'src/format.js',
      find: 'export function format(value) {\n',
      put: "export function grouped(value) {\n  const [whole, rest] = format(value).split('.');\n  const groups = whole.replace(/\\B(?=(\\d{3})+$)/g, ' ');\n  return rest === undefined ? groups : groups + '.' + rest;\n}\n\nexport function format(value) {\n",
    },
    {
      do: 'edit',
      path: 'test/format.test.js',
      find: "test('whole numbers', () => {\n",
      put: "test('thousands are grouped where asked', () => {\n  assert.equal(grouped(1234567.5), '1 234 567.5');\n});\n\ntest('whole numbers', () => {\n",
    },
    {
      do: 'edit',
      path: 'test/format.test.js',
      find: "import { format } from '../src/format.js';\n",
      put: "import { format, grouped } from '../src/format.js';\n",
    },
    { do: 'run', argv: ['node', '--test', 'test/format.test.js', 'test/rounding.test.js'] },
    { do: 'progress', percent: 85, text: 'thousands are grouped' },
    { do: 'commit', message: 'Group thousands', paths: ['src/format.js', 'test/format.test.js'] },
    { do: 'list', items: ITEMS, done: 4 },
    { do: 'think', about: 'Looking at it from the outside', seconds: 12 },
    { do: 'progress', percent: 100, text: 'numbers look right' },
    { do: 'say', text: 'Done: 0.1 + 0.2 is 0.3, thousands can be grouped, and the benchmark ends.' },
  ],
};
