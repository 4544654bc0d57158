/** A parsed document with the place of every value: what the readers below check, whatever format it came from. */
import type { Problem } from './model.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
  /** The file, where it isn't the plan itself but one that it includes. */
  readonly file?: string;
}

export interface TreeEntry {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: Tree;
}

/** `source` is the value as it was written: 0x10 and 1.0 stay so where text is wanted. */
export type Tree =
  | { readonly kind: 'map'; readonly at: Place; readonly entries: readonly TreeEntry[] }
  | { readonly kind: 'list'; readonly at: Place; readonly items: readonly Tree[] }
  | {
      readonly kind: 'text';
      readonly at: Place;
      readonly value: string;
      /** Where its first character stands, where its lines stand below one another as they are: a YAML block. */
      readonly body?: Place;
    }
  | { readonly kind: 'number'; readonly at: Place; readonly value: number; readonly source: string }
  | { readonly kind: 'flag'; readonly at: Place; readonly value: boolean; readonly source: string }
  | { readonly kind: 'nothing'; readonly at: Place };

/** Where a character of a text stands: exact in a block and in a text of one line, else the text's own place. */
export function textPlace(tree: Tree, offset: number): Place {
  if (tree.kind !== 'text') return tree.at;
  const before = tree.value.slice(0, offset).split('\n');
  if (tree.body) {
    return { ...tree.body, line: tree.body.line + before.length - 1, column: tree.body.column + before.at(-1)!.length };
  }
  return tree.value.includes('\n') ? tree.at : { ...tree.at, column: tree.at.column + offset };
}

/** What a value is, in words a person who writes YAML knows. */
export function treeKindName(tree: Tree): string {
  switch (tree.kind) {
    case 'map':
      return 'a map of keys';
    case 'list':
      return 'a list';
    case 'text':
      return 'text';
    case 'number':
      return `the number ${tree.source}`;
    case 'flag':
      return tree.source;
    case 'nothing':
      return 'nothing';
  }
}

const MAX_PROBLEMS = 100;

/** Collects what is wrong, in the order of the file. */
export class ProblemList {
  readonly #file: string;
  readonly #problems: Problem[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  error(at: Place, message: string): void {
    this.#problems.push({ severity: 'error', message, file: at.file ?? this.#file, line: at.line, column: at.column });
  }

  warning(at: Place, message: string): void {
    this.#problems.push({
      severity: 'warning',
      message,
      file: at.file ?? this.#file,
      line: at.line,
      column: at.column,
    });
  }

  /** How a problem there is told of: file:line:column. */
  where(at: Place): string {
    return `${at.file ?? this.#file}:${at.line}:${at.column}`;
  }

  get hasErrors(): boolean {
    return this.#problems.some((problem) => problem.severity === 'error');
  }

  /** The plan itself first, then what it includes. */
  #order(problem: Problem): number {
    return problem.file === this.#file ? 0 : 1;
  }

  /** The first hundred: nobody reads more at once, and the first ones cause most of the others. */
  all(): readonly Problem[] {
    const many = this.#problems.length > MAX_PROBLEMS;
    const told = many ? this.#problems.filter((problem) => problem.severity === 'error') : this.#problems;
    return told
      .toSorted((a, b) => this.#order(a) - this.#order(b) || a.line - b.line || a.column - b.column)
      .slice(0, MAX_PROBLEMS);
  }
}
