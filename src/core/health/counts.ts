/** How many tests passed, failed and were skipped, read out of what the common runners print. */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** @param lines plain text without escape sequences, oldest first. null where no runner says it. */
export function testCounts(lines: readonly string[]): TestCounts | null {
  for (const read of READERS) {
    const counts = read(lines);
    if (counts !== null) return counts;
  }
  return null;
}

type Reader = (lines: readonly string[]) => TestCounts | null;

const WORDS: Readonly<Record<string, keyof TestCounts>> = {
  passed: 'passed',
  pass: 'passed',
  passing: 'passed',
  xpassed: 'passed',
  failed: 'failed',
  fail: 'failed',
  failing: 'failed',
  error: 'failed',
  errors: 'failed',
  cancelled: 'failed',
  skipped: 'skipped',
  ignored: 'skipped',
  pending: 'skipped',
  todo: 'skipped',
  xfailed: 'skipped',
  deselected: 'skipped',
};

const NONE: TestCounts = { passed: 0, failed: 0, skipped: 0 };

function plus(counts: TestCounts, word: string, number: number): TestCounts {
  const key = WORDS[word.toLowerCase()];
  return key === undefined ? counts : { ...counts, [key]: counts[key] + number };
}

/** `1 failed, 5 passed`: numbers before words. */
function pairs(text: string, from: TestCounts = NONE): TestCounts {
  let counts = from;
  for (const [, number, word] of text.matchAll(/(\d{1,9}) ([a-z]+)/gi)) counts = plus(counts, word!, Number(number));
  return counts;
}

/** The last line of this shape: a watcher prints one for each run. */
const lastOf =
  (pattern: RegExp): Reader =>
  (lines) => {
    const line = lines.findLast((one) => pattern.test(one));
    return line === undefined ? null : pairs(pattern.exec(line)![1]!);
  };

/** Each line of this shape is of one part of all. */
const sumOf =
  (pattern: RegExp): Reader =>
  (lines) => {
    const found = lines.flatMap((one) => pattern.exec(one)?.[1] ?? []);
    return found.length === 0 ? null : found.reduce((counts, text) => pairs(text, counts), NONE);
  };

/** Words before numbers, one to a line: `# pass 5` (TAP), `ℹ pass 5` (spec). */
const nodeTest: Reader = (lines) => {
  const start = lines.findLastIndex((line) => /^[#ℹ] tests \d+$/.test(line));
  if (start < 0) return null;
  let counts = NONE;
  for (const line of lines.slice(start + 1, start + 8)) {
    const match = /^[#ℹ] (pass|fail|cancelled|skipped|todo) (\d{1,9})$/.exec(line);
    if (match) counts = plus(counts, match[1]!, Number(match[2]));
  }
  return counts;
};

const ctest: Reader = (lines) => {
  const match = lastMatch(lines, /^\d+% tests passed, (\d+) tests? failed out of (\d+)/);
  if (!match) return null;
  const [failed, all] = [Number(match[1]), Number(match[2])];
  return { passed: Math.max(0, all - failed), failed, skipped: 0 };
};

/** The outermost element of JUnit's XML says it for all; suites without one around them are added up. */
const junit: Reader = (lines) => {
  const whole = lines.find((line) => /<testsuites\b[^>]*\btests="/.test(line));
  const tags = whole === undefined ? lines.filter((line) => /<testsuite\b[^>]*\btests="/.test(line)) : [whole];
  if (tags.length === 0) return null;
  return tags.reduce((counts, tag) => {
    const number = (name: string): number => Number(new RegExp(`\\b${name}="(\\d{1,9})"`).exec(tag)?.[1] ?? 0);
    const failed = number('failures') + number('errors');
    const skipped = number('skipped') + number('disabled');
    return {
      passed: counts.passed + Math.max(0, number('tests') - failed - skipped),
      failed: counts.failed + failed,
      skipped: counts.skipped + skipped,
    };
  }, NONE);
};

/** With -v tests are named, else packages are all that is told. */
const goTest: Reader = (lines) => {
  if (!lines.some((line) => /^(?:ok {2}|FAIL|\?\s+)\t/.test(line))) return null;
  const tests = tally(lines, /^--- (PASS|FAIL|SKIP): /, { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' });
  return tests ?? tally(lines, /^(ok {2}|FAIL|\?\s+)\t/, { ok: 'passed', FAIL: 'failed', '?': 'skipped' });
};

/** Test Anything Protocol 14: lines of subtests are indented. */
const tap: Reader = (lines) => {
  if (!lines.some((line) => /^1\.\.\d+/.test(line))) return null;
  let counts = NONE;
  for (const line of lines) {
    const match = /^(not ok|ok)\b(.*)$/.exec(line);
    if (!match) continue;
    const aside = /# (?:SKIP|TODO)/i.test(match[2]!);
    counts = plus(counts, aside ? 'skipped' : match[1] === 'ok' ? 'passed' : 'failed', 1);
  }
  return counts;
};

function tally(
  lines: readonly string[],
  pattern: RegExp,
  keys: Readonly<Record<string, keyof TestCounts>>,
): TestCounts | null {
  const found = lines.flatMap((line) => pattern.exec(line)?.[1]?.trim() ?? []);
  if (found.length === 0) return null;
  return found.reduce((counts, word) => plus(counts, keys[word] ?? '', 1), NONE);
}

function lastMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | null {
  const line = lines.findLast((one) => pattern.test(one));
  return line === undefined ? null : pattern.exec(line);
}

/** Who prints a summary that nobody else prints comes first. */
const READERS: readonly Reader[] = [
  // test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out
  sumOf(/^test result: \w+\. (.*)$/),
  // Tests:       1 failed, 5 passed, 6 total      (jest)
  lastOf(/^Tests: +(.*\d+ total)/),
  //       Tests  1 failed | 5 passed (6)          (vitest)
  lastOf(/^\s+Tests {2}(\d+ .*\(\d+\))/),
  // ==== 1 failed, 5 passed in 0.12s ====         (pytest)
  lastOf(/^(?:=+ )?((?:\d+ [a-z]+, )*\d+ [a-z]+) in \d[\d.]*s\b/),
  nodeTest,
  ctest,
  junit,
  goTest,
  tap,
  //   5 passing (3ms)      1 failing              (mocha)
  sumOf(/^\s+(\d+ (?:passing|failing|pending))\b/),
];
