/** Whether the `if` of a step holds: a person's words, understood by rules of data; what no rule knows a person is asked. */

export type FailureKind = 'compile' | 'link' | 'slow' | 'package' | 'test' | 'run' | 'other';

/** What is known where a step is to be taken. */
export interface Facts {
  /** Its agent waits for somebody, or its task is blocked. */
  readonly blocked: boolean;
  /** What went wrong, as it was printed; '' where nothing did. */
  readonly error: string;
}

/** First match wins: what says more comes first. */
const KINDS: readonly (readonly [FailureKind, RegExp])[] = [
  ['link', /undefined reference|unresolved (external|symbol)|ld returned|linker|cannot find -l/i],
  ['compile', /error TS\d|: error:|syntax ?error|cannot find module|does not compile|compilation|expected [;'"]/i],
  ['package', /npm err|enoent.*package|pip |could not resolve dep|no matching (version|distribution)|packag/i],
  ['slow', /slower|timed? ?out|too slow|above the (limit|baseline)|performance|regress/i],
  ['test', /assert|expected .* (to|but)|not ok|✖|test.* fail/i],
  ['run', /segfault|sigsegv|segmentation|abort|panic|exception|traceback|crash/i],
];

export function failureKind(error: string): FailureKind | null {
  if (error === '') return null;
  return KINDS.find(([, pattern]) => pattern.test(error))?.[0] ?? 'other';
}

const RULES: readonly (readonly [RegExp, (facts: Facts) => boolean])[] = [
  [/\b(block|wait)/i, ({ blocked }) => blocked],
  [/\blink/i, ({ error }) => failureKind(error) === 'link'],
  [/compil|\bbuild/i, ({ error }) => failureKind(error) === 'compile'],
  [/packag|depend|install/i, ({ error }) => failureKind(error) === 'package'],
  [/slow|perform|time ?out/i, ({ error }) => failureKind(error) === 'slow'],
  [/as it runs|run.?time|crash/i, ({ error }) => failureKind(error) === 'run'],
  [/\b(test|assert)/i, ({ error }) => failureKind(error) === 'test'],
  [/error|fail/i, ({ error }) => error !== ''],
];

/** @returns null where no rule knows what is meant */
export function holds(condition: string, facts: Facts): boolean | null {
  return RULES.find(([pattern]) => pattern.test(condition))?.[1](facts) ?? null;
}
