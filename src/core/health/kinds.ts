/** What kind of failure it is: rules of data, tried in their order. A plan's own come first. */

export const FAILURE_KINDS = ['compile', 'crash', 'assertion', 'timeout', 'performance', 'packaging', 'other'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A rule of a plan's own: what such a failure is, and who is told of it. */
export interface KindRule {
  readonly kind: FailureKind;
  /** A pattern without regard to case, found anywhere in the rule's id, the file and the text of a failure; null: all of the kind. */
  readonly match: string | null;
  readonly agent: string | null;
}

export interface Sort {
  readonly kind: FailureKind;
  /** Agent that is told. */
  readonly to?: string;
}

/**
 * What is looked at: `gcc src/a.c expected ';'`.
 * @param rule id of the rule that found it (rules.ts)
 */
export function sortOf(rule: string, file: string | null, text: string, own: readonly KindRule[] = []): Sort {
  const said = `${rule} ${file ?? ''} ${text}`.slice(0, SAID_MAX);
  const named = own.find(({ match }) => match !== null && patternOf(match)?.test(said));
  const kind = named?.kind ?? DEFAULTS.find(({ pattern }) => pattern.test(said))?.kind ?? 'other';
  const to = named?.agent ?? own.find((one) => one.match === null && one.kind === kind)?.agent ?? null;
  return to === null ? { kind } : { kind, to };
}

const SAID_MAX = 1_000;

/** null where it is no pattern: the plan's check says so, with its place. */
export function patternOf(match: string): RegExp | null {
  try {
    return new RegExp(match, 'i');
  } catch {
    return null;
  }
}

const DEFAULTS: readonly { readonly kind: FailureKind; readonly pattern: RegExp }[] = [
  {
    kind: 'timeout',
    pattern: /\btimed? ?out\b|\btimeout\b|\btook longer than\b|deadline exceeded|\bexceeded .*\d ?m?s\b/i,
  },
  {
    kind: 'crash',
    pattern:
      /^crash |segmentation fault|\bSIG(?:SEGV|ABRT|BUS|ILL|FPE|KILL)\b|core dumped|^rust-panic |\bpanic(?:ked)?\b|stack overflow|out of memory|heap limit|AddressSanitizer|double free|\baborted\b|Maximum call stack/i,
  },
  {
    kind: 'packaging',
    pattern:
      /^linker |^npm .*(?:ERESOLVE|E404|EINTEGRITY|package\.json|lock ?file)|cannot find (?:module|package)|ModuleNotFoundError|No module named|could not resolve dependenc|no matching distribution|unresolved import .*crate|\b(?:dpkg|rpmbuild|pip|setup\.py|pyproject\.toml)\b|package .* (?:not found|does not exist)|cannot find -l\w|unable to resolve/i,
  },
  { kind: 'performance', pattern: /^threshold |slower than|performance|regress(?:ed|ion)|baseline/i },
  {
    kind: 'compile',
    pattern:
      /^(?:tsc|tsc-pretty|gcc|cargo|go|placed|shell|make-missing) |SyntaxError|IndentationError|\bcompil|undeclared|unexpected token/i,
  },
  { kind: 'assertion', pattern: /^(?:vitest|pytest|pytest-assert|go-test|tap|node-test) |assert|expect|\bFAIL/i },
];
