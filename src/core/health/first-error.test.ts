import { describe, expect, it } from 'vitest';
import { firstError, firstErrorLine } from './first-error.ts';

/** Output as the tools really print it. */
const SAMPLES: readonly (readonly [tool: string, output: string, line: string])[] = [
  [
    'make and gcc',
    `gcc -o a a.c
a.c: In function ‘main’:
a.c:4:3: error: expected ‘,’ or ‘;’ before ‘return’
    4 |   return x;
      |   ^~~~~~
make: *** [Makefile:3: a] Error 1`,
    'a.c:4:3: expected ‘,’ or ‘;’ before ‘return’',
  ],
  [
    'gcc, a missing header',
    `b.c:1:10: fatal error: nope.h: No such file or directory
    1 | #include "nope.h"
      |          ^~~~~~~~
compilation terminated.`,
    'b.c:1:10: nope.h: No such file or directory',
  ],
  [
    'clang after a warning',
    `main.c:2:7: warning: unused variable 'y' [-Wunused-variable]
main.c:3:12: error: use of undeclared identifier 'z'
1 warning and 1 error generated.`,
    "main.c:3:12: use of undeclared identifier 'z'",
  ],
  [
    'tsc',
    `t.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
t.ts(2,14): error TS2322: Type 'number' is not assignable to type 'string'.`,
    "t.ts:1:7: TS2322: Type 'string' is not assignable to type 'number'.",
  ],
  [
    'tsc --pretty',
    `t.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.

1 const x: number = 'a';`,
    "t.ts:1:7: TS2322: Type 'string' is not assignable to type 'number'.",
  ],
  [
    'vitest',
    ` RUN  v5.1.1 /tmp/vt

 ❯ sum.test.ts (1 test | 1 failed) 6ms
   ❯ sum (1)
     × adds 5ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  sum.test.ts > sum > adds
AssertionError: expected 2 to be 3 // Object.is equality

- Expected
+ Received

- 3
+ 2

 ❯ sum.test.ts:4:19
      2| describe('sum', () => {`,
    'sum.test.ts:4:19: sum > adds: AssertionError: expected 2 to be 3 // Object.is equality',
  ],
  [
    'vitest, a file that does not parse',
    ` FAIL  bad.test.ts [ bad.test.ts ]
Error: Transform failed with 1 error:

[PARSE_ERROR] Unexpected token
  File: /tmp/vt/bad.test.ts
 ❯ transformWithOxc ../node_modules/vite/dist/node/chunks/node.js:7673:19`,
    'bad.test.ts: [ bad.test.ts ]: Error: Transform failed with 1 error:',
  ],
  [
    'jest',
    `FAIL src/sum.test.js
  ● adds

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2

      1 | test('adds', () => {
    > 2 |   expect(1 + 1).toBe(3);
        |                 ^

      at Object.toBe (src/sum.test.js:2:17)`,
    'src/sum.test.js:2:17: expect(received).toBe(expected) // Object.is equality',
  ],
  [
    'pytest',
    `F                                                                        [100%]
=================================== FAILURES ===================================
    def test_adds():
>       assert 1 + 1 == 3
E       assert (1 + 1) == 3

test_a.py:2: AssertionError
=========================== short test summary info ============================
FAILED test_a.py::test_adds - assert (1 + 1) == 3
1 failed in 0.77s`,
    'test_a.py:2: assert (1 + 1) == 3',
  ],
  [
    'python',
    `Traceback (most recent call last):
  File "/tmp/p.py", line 3, in <module>
    f()
  File "/tmp/p.py", line 2, in f
    return undefined_name
           ^^^^^^^^^^^^^^
NameError: name 'undefined_name' is not defined`,
    "/tmp/p.py:2: NameError: name 'undefined_name' is not defined",
  ],
  [
    'cargo build',
    `   Compiling rs v0.1.0 (/tmp/rs)
error[E0308]: mismatched types
 --> src/lib.rs:2:5
  |
2 |     "x"
error: could not compile \`rs\` (lib) due to 1 previous error`,
    'src/lib.rs:2:5: [E0308]: mismatched types',
  ],
  [
    'cargo test',
    `running 1 test
test tests::adds ... FAILED

failures:

---- tests::adds stdout ----

thread 'tests::adds' (19875) panicked at src/lib.rs:6:9:
assertion \`left == right\` failed
  left: 1
 right: 2
error: test failed, to rerun pass \`--lib\``,
    'src/lib.rs:6:9: assertion `left == right` failed',
  ],
  [
    'go build',
    `# example.com/a
./main.go:5:2: undefined: x
./main.go:6:2: undefined: y`,
    './main.go:5:2: undefined: x',
  ],
  [
    'go test',
    `--- FAIL: TestAdd (0.00s)
    add_test.go:8: got 3, want 2
FAIL
exit status 1
FAIL	example.com/a	0.002s`,
    'add_test.go:8: TestAdd: got 3, want 2',
  ],
  [
    'TAP',
    `TAP version 13
ok 1 - fine
not ok 2 - later # TODO not yet
not ok 3 - adds
  ---
  duration_ms: 1.020129
  location: '/tmp/n.test.mjs:2:1'
  error: '2 == 3'`,
    "/tmp/n.test.mjs:2:1: adds: '2 == 3'",
  ],
  [
    'node --test',
    `✖ adds (1.046118ms)
✔ fine (0.140691ms)
ℹ fail 1

✖ failing tests:

test at n.test.mjs:2:1
✖ adds (1.046118ms)
  AssertionError [ERR_ASSERTION]: 2 == 3
      at TestContext.<anonymous> (file:///tmp/n.test.mjs:2:27)`,
    'n.test.mjs:2:1: adds: AssertionError [ERR_ASSERTION]: 2 == 3',
  ],
  ['a shell', 'sh: 1: foo: not found', 'sh: 1: foo: not found'],
  [
    'npm without a package',
    `npm error code ENOENT
npm error syscall open
npm error path /tmp/package.json
npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '/tmp/package.json'`,
    "enoent Could not read package.json: Error: ENOENT: no such file or directory, open '/tmp/package.json'",
  ],
  [
    'make without a rule',
    "make: *** No rule to make target 'b', needed by 'a'.  Stop.",
    "*** No rule to make target 'b', needed by 'a'.  Stop.",
  ],
  ['make alone', 'cc -c x\nmake: *** [Makefile:3: a] Error 1', 'Makefile:3: [Makefile:3: a] Error 1'],
  ['esbuild', '✘ [ERROR] Unexpected ";"\n\n    bad.test.ts:2:26:\n', '✘ [ERROR] Unexpected ";"'],
  ['anything', 'working\nError: disk is full\n', 'disk is full'],
  ['javac', 'A.java:3: error: cannot find symbol\n    foo();', 'A.java:3: cannot find symbol'],
];

describe('firstError', () => {
  it.each(SAMPLES)('of %s', (_tool, output, line) => {
    const error = firstError(output.split('\n'));
    expect(error && firstErrorLine(error)).toBe(line);
  });

  it.each(['', 'all good\n0 errors, 0 failed\n', 'compiled without error', 'ok 1 - error handling'])(
    'is none in %j',
    (output) => {
      expect(firstError(output.split('\n'))).toBeNull();
    },
  );

  it('prefers a real error far down to a vague one at the top', () => {
    const lines = ['npm error Something', ...Array.from({ length: 50 }, () => 'x'), 'a.c:1:2: error: real'];
    expect(firstErrorLine(firstError(lines)!)).toBe('a.c:1:2: real');
  });
});
