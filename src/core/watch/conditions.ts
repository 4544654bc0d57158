/** Whether the `if` of a step holds: a person's words, understood by rules of data; what no rule knows a person is asked. */
import type { FailureKind } from '../health/kinds.ts';

/** What is known where a step is to be taken. */
export interface Facts {
  /** Its agent waits for somebody, or its task is blocked. */
  readonly blocked: boolean;
  /** What went wrong, as it was printed; '' where nothing did. */
  readonly error: string;
  /** Of what kind its failures are. */
  readonly kinds: readonly FailureKind[];
}

const LINKER = /undefined reference|unresolved (?:external|symbol)|ld returned|linker|cannot find -l/i;

const is =
  (kind: FailureKind) =>
  ({ kinds }: Facts): boolean =>
    kinds.includes(kind);

/** The first whose words are in it: what says more comes first. */
const RULES: readonly (readonly [RegExp, (facts: Facts) => boolean])[] = [
  [/\b(block|wait)/i, ({ blocked }) => blocked],
  [/\blink/i, ({ error }) => LINKER.test(error)],
  [/compil|\bbuild/i, is('compile')],
  [/packag|depend|install/i, is('packaging')],
  [/time ?out|too long/i, is('timeout')],
  [/slow|perform/i, is('performance')],
  [/as it runs|run.?time|crash/i, is('crash')],
  [/\b(test|assert)/i, is('assertion')],
  [/error|fail/i, ({ error }) => error !== ''],
];

/** @returns null where no rule knows what is meant */
export function holds(condition: string, facts: Facts): boolean | null {
  return RULES.find(([pattern]) => pattern.test(condition))?.[1](facts) ?? null;
}
