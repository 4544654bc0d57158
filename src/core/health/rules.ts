/** How tools print the first thing that is wrong: data, tried in this order on every line. */

export interface ErrorRule {
  readonly id: string;
  /** Named groups: file, line, column, text. Only `text` must be there. */
  readonly pattern: RegExp;
  /** A line of this shape is the reason only if no rule above it matched anywhere. */
  readonly weak?: boolean;
  /** Where the pattern names no place: a later line, at most fifteen on, that does. */
  readonly place?: RegExp;
  /** The same in the lines before it, the nearest first. */
  readonly placeBefore?: RegExp;
  /** A later line that says more: its `text` is added. */
  readonly detail?: RegExp;
}

const PATH = String.raw`(?<file>(?:[A-Za-z]:)?[^\s:()'"]+)`;
const AT = String.raw`:(?<line>\d+)(?::(?<column>\d+))?`;

export const ERROR_RULES: readonly ErrorRule[] = [
  // src/a.ts(3,5): error TS2322: Type …
  { id: 'tsc', pattern: new RegExp(String.raw`^${PATH}\((?<line>\d+),(?<column>\d+)\): error (?<text>TS\d+: .*)$`) },
  // src/a.ts:3:5 - error TS2322: Type …  (--pretty)
  { id: 'tsc-pretty', pattern: new RegExp(String.raw`^${PATH}${AT} - error (?<text>TS\d+: .*)$`) },
  // main.c:3:5: error: …   also clang, swiftc, go vet with a severity
  { id: 'gcc', pattern: new RegExp(String.raw`^${PATH}${AT}: (?:fatal )?error: (?<text>.*)$`) },
  // /usr/bin/ld: main.c:4:(.text+0x9): undefined reference to `sum'
  {
    id: 'linker',
    pattern: new RegExp(
      String.raw`^(?:\S*\bld(?:\.\w+)?: )?${PATH}(?::(?<line>\d+))?:\(\.\w+\+0x[0-9a-f]+\): (?<text>undefined reference .*)$`,
    ),
  },
  // error[E0308]: mismatched types
  //   --> src/main.rs:2:18
  {
    id: 'cargo',
    pattern: /^error(?<text>(?:\[E\d+\])?: (?!could not compile|aborting|test failed).*)$/,
    place: new RegExp(String.raw`^\s*--> ${PATH}${AT}`),
  },
  // thread 'tests::adds' panicked at src/lib.rs:12:9:
  {
    id: 'rust-panic',
    pattern: new RegExp(String.raw`^thread '[^']*'(?: \(\d+\))? panicked at ${PATH}${AT}:?(?<text>.*)$`),
  },
  // FAIL src/a.test.ts > adds      (vitest)      FAIL src/a.test.ts (jest)
  {
    id: 'vitest',
    pattern: /^\s*(?:❯ )?FAIL\s+(?:\|?[\w-]+\|?\s+)?(?<file>\S+\.\w+)(?: > )?(?<text>.*)$/,
    place: new RegExp(String.raw`^\s*(?:❯|at) (?!.*node_modules)(?:.*[ (])?${PATH}${AT}\)?\s*$`),
    detail: /^\s*(?<text>(?:\w*Error|expect\(.*\).*|Expected|Cannot find)\b.*)$/,
  },
  // E   assert 1 == 2           tests/test_a.py:4: AssertionError
  { id: 'pytest', pattern: /^FAILED (?<text>(?<file>[^\s:]+)::.*)$/, weak: true },
  {
    id: 'pytest-assert',
    pattern: /^E\s{2,}(?<text>\S.*)$/,
    place: new RegExp(String.raw`^${PATH}:(?<line>\d+): `),
  },
  //   File "a.py", line 3, in f     … then  NameError: name 'x' is not defined
  {
    id: 'python',
    pattern: /^(?<text>[A-Z]\w*(?:Error|Exception|Interrupt)(?:: .*)?)$/,
    placeBefore: /^\s+File "(?<file>[^"]+)", line (?<line>\d+)/,
  },
  // --- FAIL: TestAdd (0.00s)
  //     add_test.go:8: got 3
  {
    id: 'go-test',
    pattern: /^\s*--- FAIL: (?<text>\S+).*$/,
    place: /^\s+(?<file>[\w./-]+\.go):(?<line>\d+): /,
    detail: /^\s+[\w./-]+\.go:\d+: (?<text>.+)$/,
  },
  // ./main.go:5:2: undefined: x
  { id: 'go', pattern: new RegExp(String.raw`^(?:vet: )?(?<file>\S+\.go)${AT}: (?<text>.*)$`) },
  // not ok 3 - adds
  {
    id: 'tap',
    pattern: /^\s*not ok \d+ (?:- )?(?<text>(?!.*# (?:TODO|SKIP)).*)$/,
    place: /^\s*(?:at|location): '?(?<file>[^\s':]+):(?<line>\d+)(?::(?<column>\d+))?/,
    detail: /^\s*(?:error|message): (?<text>.+)$/,
  },
  // ✖ adds (1.2ms)      (node --test, spec reporter)
  {
    id: 'node-test',
    pattern: /^\s*✖ (?<text>(?!failing tests).*?)(?: \([\d.]+ms\))?$/,
    place: /^(?:test at |\s*at (?!.*node:).*?)(?<file>\/[^\s:()]+|[\w./-]+\.\w+):(?<line>\d+):(?<column>\d+)\)?$/,
    detail: /^\s+(?<text>\w*Error\b.*)$/,
  },
  // a.js:3:1: anything with a place (eslint --format unix, shellcheck -f gcc, ruff)
  {
    id: 'placed',
    pattern: new RegExp(String.raw`^${PATH}:(?<line>\d+):(?<column>\d+):? (?<text>(?!warning|note|info).*)$`),
  },
  // Segmentation fault (core dumped)
  {
    id: 'crash',
    pattern: /^(?<text>.*\b(?:Segmentation fault|Bus error|Illegal instruction|Floating point exception|Aborted)\b.*)$/,
  },
  // sh: 1: foo: not found
  {
    id: 'shell',
    pattern: /^(?<text>.*(?:command not found|: not found|No such file or directory|Permission denied).*)$/,
  },
  // make: *** [Makefile:3: all] Error 1
  {
    id: 'make',
    pattern: /^(?:g?make|ninja)(?:\[\d+\])?: \*\*\* (?<text>(?:\[(?<file>[^\s:\]]+):(?<line>\d+): )?.*)$/,
    weak: true,
  },
  { id: 'make-missing', pattern: /^make(?:\[\d+\])?: (?<text>\*\*\* No rule to make target.*)$/ },
  {
    id: 'npm',
    pattern: /^npm (?:error|ERR!) (?<text>(?!code |path |command |syscall |errno |A complete log).*\S.*)$/,
    weak: true,
  },
  { id: 'generic', pattern: /^(?:.{0,80}?\b)?(?:error|fatal|panic)(?:\[\w+\])?: (?<text>.+)$/i, weak: true },
  { id: 'generic-word', pattern: /^(?<text>(?:.*\b)?(?:Error|ERROR|FAILED|FAILURE)\b.*)$/, weak: true },
];
