import { describe, expect, it } from 'vitest';
import { failuresIn } from './failures.ts';

const brief = (output: string) =>
  failuresIn(output.split('\n')).map(({ kind, file, line, text }) => [kind, file, line, text]);

describe('the failures', () => {
  it('of a compiler are all that it names, each once', () => {
    const output = `cc -c a.c
a.c:3:5: error: expected ';' before 'return'
    3 |   return 1
a.c:9:1: error: unknown type name 'foo'
b.c:2:7: error: 'x' undeclared (first use in this function)
b.c:2:7: note: each undeclared identifier is reported only once
make: *** [Makefile:2: a.o] Error 1
`;
    expect(brief(output)).toEqual([
      ['compile', 'a.c', 3, `expected ';' before 'return'`],
      ['compile', 'a.c', 9, `unknown type name 'foo'`],
      ['compile', 'b.c', 2, `'x' undeclared (first use in this function)`],
    ]);
  });

  it('of a runner that tells them twice are each told once', () => {
    const one = (at: string): string => `✖ adds (1.2ms)
  AssertionError [ERR_ASSERTION]: 3 !== 4
      at TestContext.<anonymous> (${at})
`;
    const output = `${one('file:///r/test/a.test.js:8:10')}✖ failing tests:

test at test/a.test.js:7:1
${one('test/a.test.js:8:10')}`;
    const all = brief(output.replaceAll('file:///r/', ''));
    expect(all.map(([kind]) => kind)).toEqual(['assertion']);
  });

  it('on one line are told apart by their columns', () => {
    const output = `✖ two (1ms)
  AssertionError [ERR_ASSERTION]: 1 == 2
      at TestContext.<anonymous> (t.mjs:2:22)
✖ four (1ms)
  Error: boom
      at TestContext.<anonymous> (t.mjs:2:94)
`;
    expect(brief(output).map(([, file, line]) => [file, line])).toEqual([
      ['t.mjs', 2],
      ['t.mjs', 2],
    ]);
  });

  it('of pytest have one for each test, with its trace', () => {
    const output = `________ test_a ________
    def test_a():
>       assert f() == 2
E       assert 1 == 2
E        +  where 1 = f()

tests/test_a.py:4: AssertionError
________ test_b ________
    def test_b():
>       g()

tests/test_b.py:9:
_ _ _ _ _ _ _
    def g():
>       raise ValueError('no')
E       ValueError: no

src/g.py:2: ValueError
`;
    const all = failuresIn(output.split('\n'));
    expect(all.map(({ kind, file, line }) => [kind, file, line])).toEqual([
      ['assertion', 'tests/test_a.py', 4],
      ['assertion', 'src/g.py', 2],
    ]);
    expect(all[1]!.files).toEqual(['src/g.py']);
  });

  it.each([
    ['crash', 'run.sh: line 1:    42 Segmentation fault      (core dumped) ./a'],
    ['timeout', 'FAIL src/a.test.ts > waits\nError: Test timed out in 5000ms.\n ❯ src/a.test.ts:3:1'],
    ['packaging', "error: Cannot find module 'left-pad'"],
    [
      'packaging',
      '/usr/bin/ld: main.c:(.text+0x9): undefined reference to `sum`\ncollect2: error: ld returned 1 exit status',
    ],
    ['compile', 'src/a.ts(3,5): error TS2322: no'],
    ['performance', 'error: parse is 12 % slower than its baseline'],
    ['other', 'fatal: something else'],
  ])('are sorted: %s', (kind, output) => {
    expect(failuresIn(output.split('\n'))[0]?.kind).toBe(kind);
  });

  it('are sorted by rules of a plan first', () => {
    const lines = ['a.c:3:5: error: the licence header is missing'];
    const rules = (match: string | null) => [{ kind: 'packaging', match, agent: 'pia' }] as const;
    expect(failuresIn(lines, rules('licence header'))[0]).toMatchObject({ kind: 'packaging', to: 'pia' });
    expect(failuresIn(lines, rules('('))[0]).not.toHaveProperty('to');
    expect(failuresIn(lines, rules(null))[0]).toMatchObject({ kind: 'compile' });
    expect(failuresIn(lines, [{ kind: 'compile', match: null, agent: 'cleo' }])[0]).toMatchObject({ to: 'cleo' });
  });

  it('name the files of their traces, but none of a package', () => {
    const output = `FAIL test/a.test.ts > adds
AssertionError: expected 1 to be 2
 ❯ Object.<anonymous> src/sum.ts:4:9
 ❯ node_modules/vitest/dist/a.js:1:1
 ❯ test/a.test.ts:12:3
`;
    expect(failuresIn(output.split('\n'))[0]!.files).toEqual(['src/sum.ts', 'test/a.test.ts']);
  });
});
