/** Reads one map of a document, key by key: wrong types, duplicates and unknown keys become problems with a remedy. */
import { didYouMean } from '../nearest.ts';
import { splitArgv } from './argv.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree, TreeEntry } from './tree.ts';

/** C0 controls but tab, newline and return; DEL; C1. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;
const LINE_BREAK = /[\n\r]/;

export interface TextRule {
  /** One line only. */
  readonly line?: boolean;
  readonly max?: number;
  /** Text may be empty. */
  readonly empty?: boolean;
}

/** Checks a text value; null after a problem was noted. */
export function readText(tree: Tree, what: string, problems: ProblemList, rule: TextRule = {}): string | null {
  if (tree.kind !== 'text') {
    const remedy = tree.kind === 'number' || tree.kind === 'flag' ? 'put it in quotes' : 'write some text';
    problems.error(tree.at, `${what} must be text, not ${treeKindName(tree)}; ${remedy}`);
    return null;
  }
  const max = rule.max ?? 1000;
  if (CONTROL.test(tree.value)) {
    problems.error(tree.at, `${what} holds a control character; take it out`);
  } else if (rule.line !== false && LINE_BREAK.test(tree.value)) {
    problems.error(tree.at, `${what} must be a single line; take the line break out`);
  } else if (rule.empty !== true && tree.value.trim() === '') {
    problems.error(tree.at, `${what} is empty; write something or take the key out`);
  } else if (tree.value.length > max) {
    problems.error(tree.at, `${what} has ${tree.value.length} characters; ${max} at most`);
  } else {
    return tree.value;
  }
  return null;
}

/** argv from a list of words or a string split by quotes; null after a problem was noted. */
export function readArgv(tree: Tree, what: string, problems: ProblemList): readonly string[] | null {
  if (tree.kind === 'text') {
    const line = readText(tree, what, problems, { max: 10_000, line: false });
    if (line === null) return null;
    const split = splitArgv(line);
    if (split.ok) return split.argv;
    problems.error(tree.at, `${what} can't be split into words: ${split.reason}`);
    return null;
  }
  if (tree.kind !== 'list' || tree.items.length === 0) {
    const got = tree.kind === 'list' ? 'an empty list' : treeKindName(tree);
    problems.error(tree.at, `${what} must be a list of words such as ["npm", "start"], not ${got}`);
    return null;
  }
  const words: string[] = [];
  for (const [index, item] of tree.items.entries()) {
    if (item.kind === 'number' || item.kind === 'flag') {
      words.push(item.source);
      continue;
    }
    const rule: TextRule = { line: false, empty: index > 0, max: 100_000 };
    const word = readText(item, `word ${index + 1} of ${what}`, problems, rule);
    if (word === null) return null;
    words.push(word);
  }
  return words;
}

export class MapReader {
  readonly #entries = new Map<string, TreeEntry>();
  readonly #asked = new Set<string>();
  /** Keys that were asked for and found in another spelling. */
  readonly #known = new Set<string>();
  readonly #problems: ProblemList;
  #what: string;
  readonly tree: Tree;

  constructor(tree: Tree & { kind: 'map' }, what: string, problems: ProblemList) {
    this.tree = tree;
    this.#what = what;
    this.#problems = problems;
    for (const entry of tree.entries) this.#addEntry(entry);
  }

  /** What the map is, for messages: `agent "a"`. */
  get what(): string {
    return this.#what;
  }

  /** A better name, found in the map itself. */
  rename(what: string): void {
    this.#what = what;
  }

  #addEntry(entry: TreeEntry): void {
    const first = this.#entries.get(entry.key);
    if (!first) {
      this.#entries.set(entry.key, entry);
      return;
    }
    const message = `"${entry.key}" stands twice in ${this.#what} (first on line ${first.keyAt.line}); keep one`;
    this.#problems.error(entry.keyAt, message);
  }

  take(key: string): Tree | null {
    const value = this.entry(key)?.value;
    return value === undefined || value.kind === 'nothing' ? null : value;
  }

  /** The key as it stands in the file, for messages about the key itself; `depends_on` counts as `dependsOn`. */
  entry(key: string): TreeEntry | null {
    const other = snakeCase(key);
    const spelt = !this.#entries.has(key) && this.#entries.has(other) ? other : key;
    this.#asked.add(spelt);
    if (spelt !== key) this.#known.add(key);
    return this.#entries.get(spelt) ?? null;
  }

  keys(): readonly TreeEntry[] {
    return [...this.#entries.values()];
  }

  text(key: string, rule: TextRule = {}): string | null {
    const tree = this.take(key);
    return tree && readText(tree, `"${key}" of ${this.#what}`, this.#problems, rule);
  }

  argv(key: string): readonly string[] | null {
    const tree = this.take(key);
    return tree && readArgv(tree, `"${key}" of ${this.#what}`, this.#problems);
  }

  flag(key: string): boolean | null {
    const tree = this.take(key);
    if (!tree || tree.kind === 'flag') return tree && tree.value;
    const message = `"${key}" of ${this.#what} must be true or false, not ${treeKindName(tree)}`;
    this.#problems.error(tree.at, message);
    return null;
  }

  wholeNumber(key: string, min: number, max: number): number | null {
    const tree = this.take(key);
    if (!tree) return null;
    if (tree.kind === 'number' && Number.isInteger(tree.value) && tree.value >= min && tree.value <= max) {
      return tree.value;
    }
    const message = `"${key}" of ${this.#what} must be a whole number from ${min} to ${max}, not ${treeKindName(tree)}`;
    this.#problems.error(tree.at, message);
    return null;
  }

  list(key: string, example: string): readonly Tree[] {
    const tree = this.take(key);
    if (!tree) return [];
    if (tree.kind === 'list') return tree.items;
    const message = `"${key}" of ${this.#what} must be a list, not ${treeKindName(tree)}; write ${example}`;
    this.#problems.error(tree.at, message);
    return [];
  }

  map(key: string, example: string): MapReader | null {
    const tree = this.take(key);
    if (!tree) return null;
    if (tree.kind === 'map') return new MapReader(tree, `"${key}"`, this.#problems);
    const message = `"${key}" of ${this.#what} must be a map, not ${treeKindName(tree)}; write ${example}`;
    this.#problems.error(tree.at, message);
    return null;
  }

  /** Call last: whatever was not asked for is unknown, or (when in `later`) understood by other versions only. */
  finish(later: readonly string[] = []): void {
    for (const [key, entry] of this.#entries) {
      if (this.#asked.has(key) || key.startsWith('x-')) continue;
      if (later.includes(key)) {
        this.#problems.warning(entry.keyAt, `"${key}" of ${this.#what} is not used by this version of llmctl`);
        continue;
      }
      const known = [...this.#asked, ...this.#known, ...later];
      const near = didYouMean(key, known);
      const remedy = near === '' ? `; known here: ${[...this.#asked].join(', ')}` : near;
      this.#problems.error(entry.keyAt, `unknown key "${shorten(key)}" in ${this.#what}${remedy}`);
    }
  }
}

/** `dependsOn` as some write it: `depends_on`. */
export function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A name out of a file, short and without control characters, for a message. */
export function shorten(text: string): string {
  const plain = text.replaceAll(new RegExp(CONTROL, 'g'), '?').replaceAll(/[\n\r\t]/g, ' ');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
