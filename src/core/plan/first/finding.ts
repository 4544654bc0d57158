/** What a repository says about itself, as far as a first plan can use it. */

/** What one file of the repository told. */
export interface Finding {
  /** The file, relative to the repository. */
  readonly from: string;
  /** Shell lines; null where the file says nothing of it. */
  readonly build: string | null;
  readonly test: string | null;
  /** More that may be checked: lint, types. */
  readonly more: readonly NamedCheck[];
  /** What makes a fresh checkout usable. */
  readonly setup: readonly { readonly run: string; readonly creates: string | null }[];
  /** Folders of build results that are worth cloning into a worktree. */
  readonly reflink: readonly string[];
  /** Files that only one may change at a time. */
  readonly lockfiles: readonly string[];
}

export interface NamedCheck {
  readonly name: string;
  readonly run: string;
}

export const NOTHING: Omit<Finding, 'from'> = {
  build: null,
  test: null,
  more: [],
  setup: [],
  reflink: [],
  lockfiles: [],
};

export interface Survey {
  /** The surest first: where two say how to build, the first has it. */
  readonly findings: readonly Finding[];
  /** Files that git leaves out and that work may need (`.env`). */
  readonly copy: readonly string[];
  /** Files that grow at one place, and whose changes are both wanted. */
  readonly union: readonly string[];
}

export interface FoundCheck extends NamedCheck {
  readonly from: string;
}

/** @returns `build` and `test` where there are any, then what else there is; each name once */
export function checksOf({ findings }: Survey): readonly FoundCheck[] {
  const all = findings.flatMap(({ from, build, test, more }): FoundCheck[] => [
    ...(build === null ? [] : [{ name: 'build', run: build, from }]),
    ...(test === null ? [] : [{ name: 'test', run: test, from }]),
    ...more.map((check) => ({ ...check, from })),
  ]);
  const first = (name: string): FoundCheck[] => all.filter((check) => check.name === name).slice(0, 1);
  const others = new Set(all.map(({ name }) => name).filter((name) => name !== 'build' && name !== 'test'));
  return [...first('build'), ...first('test'), ...[...others].flatMap(first)];
}
