/** A parsed document with the place of every value: what the readers below check, whatever format it came from. */
import type { Problem } from './model.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
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
  | { readonly kind: 'text'; readonly at: Place; readonly value: string }
  | { readonly kind: 'number'; readonly at: Place; readonly value: number; readonly source: string }
  | { readonly kind: 'flag'; readonly at: Place; readonly value: boolean; readonly source: string }
  | { readonly kind: 'nothing'; readonly at: Place };

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
    this.#problems.push({ severity: 'error', message, file: this.#file, line: at.line, column: at.column });
  }

  warning(at: Place, message: string): void {
    this.#problems.push({ severity: 'warning', message, file: this.#file, line: at.line, column: at.column });
  }

  get hasErrors(): boolean {
    return this.#problems.some((problem) => problem.severity === 'error');
  }

  /** The first hundred: nobody reads more at once, and the first ones cause most of the others. */
  all(): readonly Problem[] {
    const many = this.#problems.length > MAX_PROBLEMS;
    const told = many ? this.#problems.filter((problem) => problem.severity === 'error') : this.#problems;
    return told.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_PROBLEMS);
  }
}
