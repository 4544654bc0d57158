/** The throw-away project of the demo: a small calculator in plain JavaScript, commit by commit. Its tests run. */

export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

export interface ProjectCommit {
  readonly message: string;
  readonly files: readonly ProjectFile[];
}

const PACKAGE = `{
  "name": "abacus",
  "version": "0.3.0",
  "description": "Works out what you type",
  "private": true,
  "type": "module",
  "bin": { "abacus": "src/cli.js" },
  "scripts": { "test": "node --test" }
}
`;

const README = `# abacus

Works out what you type.

    $ node src/cli.js "2 * (3 + 4)"
    14

## Operators

| operator | meaning |
| --- | --- |
| + - | sum, difference |
| * / | product, quotient |

## Tests

    $ npm test
`;

const LEXER = `// Cuts an expression into tokens: {type: 'number' | 'name' | 'mark', text, at}.

const TOKEN = /\\s*(?:(?<number>\\d+(?:\\.\\d+)?)|(?<name>[a-z]\\w*)|(?<mark>[-+*/%^(),=]))/iy;

export function tokenize(source) {
  const tokens = [];
  const pattern = new RegExp(TOKEN);
  let at = 0;
  while (source.slice(at).trim() !== '') {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) throw new SyntaxError('unexpected ' + source.slice(at).trim()[0] + ' at ' + at);
    const [type, text] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    tokens.push({ type, text, at: pattern.lastIndex - text.length });
    at = pattern.lastIndex;
  }
  return tokens;
}
`;

const LEXER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenize } from '../src/lexer.js';

test('numbers and marks', () => {
  assert.deepEqual(tokenize('1.5 + 20').map((token) => token.text), ['1.5', '+', '20']);
});

test('names', () => {
  assert.equal(tokenize('pi')[0].type, 'name');
});

test('what it does not know is said with its place', () => {
  assert.throws(() => tokenize('1 $ 2'), /unexpected \\$ at 1/);
});
`;

const OPERATORS = `// Binary operators: how tightly they bind, and what they do.

export const operators = {
  '+': { binds: 1, apply: (a, b) => a + b },
  '-': { binds: 1, apply: (a, b) => a - b },
  '*': { binds: 2, apply: (a, b) => a * b },
  '/': { binds: 2, apply: divide },
};

function divide(a, b) {
  if (b === 0) throw new RangeError('division by zero');
  return a / b;
}
`;

const PARSER = `// Turns tokens into a tree by precedence climbing.
import { tokenize } from './lexer.js';
import { operators } from './operators.js';

export function parse(source) {
  const tokens = tokenize(source);
  let next = 0;

  function expression(least) {
    let left = primary();
    for (;;) {
      const operator = operators[tokens[next]?.text];
      if (operator === undefined || operator.binds < least) return left;
      const mark = tokens[next++].text;
      const right = expression(operator.right ? operator.binds : operator.binds + 1);
      left = { type: 'binary', mark, left, right };
    }
  }

  function primary() {
    const token = tokens[next++];
    if (token === undefined) throw new SyntaxError('something is missing at the end');
    if (token.type === 'number') return { type: 'number', value: Number(token.text) };
    if (token.text === '-') return { type: 'negative', of: primary() };
    if (token.text === '(') return closed(expression(1));
    if (token.type !== 'name') throw new SyntaxError('unexpected ' + token.text + ' at ' + token.at);
    if (tokens[next]?.text !== '(') return { type: 'name', name: token.text };
    next++;
    return { type: 'call', name: token.text, args: list() };
  }

  function list() {
    const args = [expression(1)];
    while (tokens[next]?.text === ',') {
      next++;
      args.push(expression(1));
    }
    return closed(args);
  }

  function closed(inside) {
    if (tokens[next++]?.text !== ')') throw new SyntaxError('a ) is missing');
    return inside;
  }

  const tree = expression(1);
  if (next < tokens.length) throw new SyntaxError('unexpected ' + tokens[next].text + ' at ' + tokens[next].at);
  return tree;
}
`;

const PARSER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../src/parser.js';

test('products bind tighter than sums', () => {
  const tree = parse('1 + 2 * 3');
  assert.equal(tree.mark, '+');
  assert.equal(tree.right.mark, '*');
});

test('calls take a list', () => {
  assert.equal(parse('max(1, 2, 3)').args.length, 3);
});

test('a missing bracket is named', () => {
  assert.throws(() => parse('(1 + 2'), /\\) is missing/);
});
`;

const EVALUATE = `// Works out a tree.
import { operators } from './operators.js';
import { parse } from './parser.js';

export const constants = { pi: Math.PI, e: Math.E };

export function calculate(source, scope = constants) {
  return evaluate(parse(source), scope);
}

export function lookUp(name, scope) {
  if (name in scope) return scope[name];
  throw new ReferenceError('nothing is called ' + name);
}

export function evaluate(node, scope) {
  switch (node.type) {
    case 'number':
      return node.value;
    case 'negative':
      return -evaluate(node.of, scope);
    case 'name':
      return lookUp(node.name, scope);
    case 'binary':
      return operators[node.mark].apply(evaluate(node.left, scope), evaluate(node.right, scope));
    case 'call':
      throw new ReferenceError('no function is called ' + node.name);
  }
}
`;

const EVALUATE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculate } from '../src/evaluate.js';

test('sums and products', () => {
  assert.equal(calculate('2 * (3 + 4)'), 14);
  assert.equal(calculate('1 - 2 - 3'), -4);
});

test('constants', () => {
  assert.equal(calculate('2 * pi'), 2 * Math.PI);
});

test('division by zero is refused', () => {
  assert.throws(() => calculate('1 / 0'), /division by zero/);
});
`;

const FORMAT = `// Numbers as people write them.

export function format(value) {
  return String(value);
}
`;

const FORMAT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/format.js';

test('whole numbers', () => {
  assert.equal(format(14), '14');
});
`;

const CLI = `#!/usr/bin/env node
import { calculate } from './evaluate.js';
import { format } from './format.js';

try {
  console.log(format(calculate(process.argv.slice(2).join(' '))));
} catch (error) {
  console.error('abacus: ' + error.message);
  process.exitCode = 1;
}
`;

const BENCH = `// How long a long sum takes to format. Warms up until two rounds in a row take the same time.
import { format } from '../src/format.js';

const numbers = Array.from({ length: 20_000 }, (_, i) => i * 1.1);
const round = () => {
  const start = process.hrtime.bigint();
  for (const number of numbers) format(number);
  return process.hrtime.bigint() - start;
};

let last = round();
const again = () => {
  const now = round();
  if (now === last) return console.log('steady at ' + now + ' ns');
  last = now;
  setTimeout(again, 200);
};
again();
`;

export const ABACUS: readonly ProjectCommit[] = [
  {
    message: 'Cut expressions into tokens',
    files: [
      { path: 'package.json', text: PACKAGE },
      { path: '.gitignore', text: 'node_modules/\n.llmctl/\n' },
      { path: 'src/lexer.js', text: LEXER },
      { path: 'test/lexer.test.js', text: LEXER_TEST },
    ],
  },
  {
    message: 'Parse by precedence climbing',
    files: [
      { path: 'src/operators.js', text: OPERATORS },
      { path: 'src/parser.js', text: PARSER },
      { path: 'test/parser.test.js', text: PARSER_TEST },
    ],
  },
  {
    message: 'Evaluate trees, refuse division by zero',
    files: [
      { path: 'src/evaluate.js', text: EVALUATE },
      { path: 'test/evaluate.test.js', text: EVALUATE_TEST },
    ],
  },
  {
    message: 'A command line, a README, a benchmark',
    files: [
      { path: 'src/format.js', text: FORMAT },
      { path: 'src/cli.js', text: CLI },
      { path: 'test/format.test.js', text: FORMAT_TEST },
      { path: 'bench/format.js', text: BENCH },
      { path: 'README.md', text: README },
    ],
  },
];
