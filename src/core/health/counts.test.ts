import { describe, expect, it } from 'vitest';
import { testCounts } from './counts.ts';

/** Tool, what it prints, passed, failed, skipped. */
const SAMPLES: readonly (readonly [string, string, number, number, number])[] = [
  ['vitest', ' Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 34 passed | 1 skipped (37)\n', 34, 2, 1],
  ['vitest, all green', ' Test Files  34 passed (34)\n      Tests  426 passed (426)\n', 426, 0, 0],
  ['jest', 'Test Suites: 1 failed, 1 total\nTests:       1 failed, 1 skipped, 5 passed, 7 total\n', 5, 1, 1],
  ['pytest', '=========== 1 failed, 5 passed, 2 skipped, 1 error in 0.12s ===========\n', 5, 2, 2],
  ['pytest -q', '.....\n5 passed in 0.01s\n', 5, 0, 0],
  [
    'cargo, several crates',
    'test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n',
    6,
    2,
    1,
  ],
  ['ctest', '95% tests passed, 1 tests failed out of 20\n', 19, 1, 0],
  ['node --test', 'ℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\n', 2, 1, 1],
  ['node --test, TAP', 'TAP version 13\nok 1 - a\n1..1\n# tests 1\n# suites 0\n# pass 1\n# fail 0\n', 1, 0, 0],
  ['TAP', '1..4\nok 1 - a\n    not ok 1 - of a subtest\nnot ok 2 - b\nok 3 # SKIP no net\nnot ok 4 # TODO\n', 1, 1, 2],
  [
    'go test -v',
    '--- PASS: TestA (0.00s)\n    --- PASS: TestA/x (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\texample/a\t0.1s\n',
    1,
    1,
    0,
  ],
  ['go test', 'ok  \texample/a\t0.1s\n?   \texample/b\t[no test files]\nFAIL\texample/c\t0.1s\n', 1, 1, 1],
  [
    'JUnit',
    '<?xml version="1.0"?>\n<testsuites tests="7" failures="1" errors="1">\n<testsuite tests="7" skipped="2">\n',
    5,
    2,
    0,
  ],
  [
    'JUnit, suites alone',
    '<testsuite tests="3" failures="1" skipped="1">\n<testsuite tests="2" errors="1">\n',
    2,
    2,
    1,
  ],
  ['mocha', '  5 passing (3ms)\n  2 pending\n  1 failing\n', 5, 1, 2],
];

describe('the counts', () => {
  it.each(SAMPLES)('of %s', (_tool, output, passed, failed, skipped) => {
    expect(testCounts(output.split('\n'))).toEqual({ passed, failed, skipped });
  });

  it.each(['', 'make: Nothing to be done\n', 'a.c:1: error: 5 errors\n', '1 file changed, 5 insertions in total\n'])(
    'are not made up from %j',
    (output) => {
      expect(testCounts(output.split('\n'))).toBeNull();
    },
  );

  it('are those of the last run, where there were several', () => {
    const watched = '      Tests  1 failed (1)\n rerun\n      Tests  1 passed (1)\n';
    expect(testCounts(watched.split('\n'))).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });
});
