/** YAML text into a tree of values with their places. Aliases are followed, with a bound on what they unfold to. */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Alias, Document, Node, Pair, Scalar, YAMLError } from 'yaml';
import { ProblemList } from '../../core/plan/tree.ts';
import { shorten } from '../../core/plan/reader.ts';
import type { Place, Tree, TreeEntry } from '../../core/plan/tree.ts';
import type { Problem } from '../../core/plan/model.ts';

/** Values in one document, and those that its aliases unfold to: far above any plan, far below what hurts. */
const MAX_VALUES = 200_000;
const MAX_UNFOLDED = 20_000;
const MAX_DEPTH = 64;

export interface ParsedTree {
  /** null when any problem is an error. */
  readonly tree: Tree | null;
  readonly problems: readonly Problem[];
}

/**
 * Never throws. `file` only names the text in problems.
 * @param part the text is a part of another plan: its places carry the file
 */
export function parseYaml(text: string, file: string, part = false): ParsedTree {
  const problems = new ProblemList(file);
  const counter = new LineCounter();
  const deep = tooDeep(text);
  if (deep) {
    problems.error(deep, `brackets are nested more than ${MAX_BRACKETS} levels deep; close them, or make it flatter`);
    return { tree: null, problems: problems.all() };
  }
  try {
    const tree = new TreeBuilder(counter, problems, part ? file : null).build(text);
    return { tree: problems.hasErrors ? null : tree, problems: problems.all() };
  } catch (error) {
    // The library recurses by nesting: tens of thousands of brackets exhaust the stack before any depth is known.
    const why = error instanceof RangeError ? 'it is nested too deeply' : 'it is not YAML that can be read';
    problems.error({ line: 1, column: 1 }, `${why}; write it with at most ${MAX_DEPTH} levels`);
    return { tree: null, problems: problems.all() };
  }
}

/** The library takes seconds over a million open brackets; quotes need no care here, so deep is nesting like this. */
const MAX_BRACKETS = 1000;

function tooDeep(text: string): Place | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) depth++;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
    if (depth > MAX_BRACKETS) {
      const before = text.slice(0, i).split('\n');
      return { line: before.length, column: before.at(-1)!.length + 1 };
    }
  }
  return null;
}

class TreeBuilder {
  readonly #counter: LineCounter;
  readonly #problems: ProblemList;
  readonly #unfolding = new Set<unknown>();
  #values = 0;
  #unfolded = 0;
  #told = false;
  readonly #file: string | null;
  #document: Document | null = null;
  #text = '';

  constructor(counter: LineCounter, problems: ProblemList, file: string | null) {
    this.#file = file;
    this.#counter = counter;
    this.#problems = problems;
  }

  build(text: string): Tree {
    this.#text = text;
    const documents = parseAllDocuments(text, {
      lineCounter: this.#counter,
      prettyErrors: false,
      // Duplicates are told with both places by the reader of the map.
      uniqueKeys: false,
      logLevel: 'silent',
      stringKeys: false,
    });
    const list: readonly Document[] = Array.isArray(documents) ? documents : [];
    for (const document of list) {
      for (const error of document.errors) this.#syntax(error);
      for (const warning of document.warnings) this.#syntax(warning);
    }
    const second = list[1];
    if (second) {
      const at = this.#place(second.range?.[0] ?? 0);
      this.#problems.error(at, 'a second document begins here; keep one, without a "---" line in between');
    }
    this.#document = list[0] ?? null;
    const contents = this.#document?.contents;
    return contents ? this.#tree(contents as Node, 0) : { kind: 'nothing', at: { line: 1, column: 1 } };
  }

  #place(offset: number): Place {
    const { line, col } = this.#counter.linePos(offset);
    const at = { line: Math.max(1, line), column: Math.max(1, col) };
    return this.#file === null ? at : { ...at, file: this.#file };
  }

  #at(node: Node): Place {
    return this.#place(node.range?.[0] ?? 0);
  }

  #syntax(error: YAMLError): void {
    this.#problems.error(this.#place(error.pos[0]), syntaxMessage(error));
  }

  #nothing(node: Node, message: string): Tree {
    const at = this.#at(node);
    this.#problems.error(at, message);
    return { kind: 'nothing', at };
  }

  #tree(node: Node, depth: number): Tree {
    if (depth > MAX_DEPTH) return this.#nothing(node, `nested more than ${MAX_DEPTH} levels deep; make it flatter`);
    if (this.#isTooMuch()) {
      if (this.#told) return { kind: 'nothing', at: this.#at(node) };
      this.#told = true;
      return this.#nothing(node, 'too many values, or too many once its aliases are unfolded; take aliases out');
    }
    if (isAlias(node)) return this.#alias(node, depth);
    if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
      return this.#nothing(node, `the tag ${shorten(node.tag)} means nothing here; take it out`);
    }
    const at = this.#at(node);
    if (isScalar(node)) {
      const tree = scalarTree(node.value, node.source ?? String(node.value), at);
      return tree.kind === 'text' ? { ...tree, ...this.#body(node) } : tree;
    }
    if (isSeq(node)) {
      return { kind: 'list', at, items: node.items.map((item) => this.#item(item as Node | null, at, depth)) };
    }
    if (!isMap(node)) return this.#nothing(node, 'this value can not be read; write plain text, a list or a map');
    const entries: TreeEntry[] = [];
    for (const pair of node.items) {
      const entry = this.#entry(pair as Pair<Node, Node | null>, depth);
      if (entry) entries.push(entry);
    }
    return { kind: 'map', at, entries };
  }

  /** Where the text itself begins: below the `|` of a block, behind the quote of a text of one line. */
  #body(node: Scalar): { readonly body?: Place } {
    const start = node.range?.[0] ?? 0;
    if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') {
      const at = this.#place(start);
      return String(node.value).includes('\n') ? {} : { body: { ...at, column: at.column + 1 } };
    }
    if (node.type !== 'BLOCK_LITERAL') return {};
    const begin = this.#text.indexOf('\n', start) + 1;
    const indent = /^(?:[ \t]*\n)*( *)/.exec(this.#text.slice(begin, node.range?.[1] ?? begin))?.[1] ?? '';
    const at = this.#place(begin);
    return { body: { ...at, column: indent.length + 1 } };
  }

  #isTooMuch(): boolean {
    this.#values++;
    if (this.#unfolding.size > 0) this.#unfolded++;
    return this.#values > MAX_VALUES || this.#unfolded > MAX_UNFOLDED;
  }

  #item(item: Node | null, parent: Place, depth: number): Tree {
    return item ? this.#tree(item, depth + 1) : { kind: 'nothing', at: parent };
  }

  #entry(pair: Pair<Node, Node | null>, depth: number): TreeEntry | null {
    const key = pair.key;
    if (!isScalar(key) || typeof key.value === 'object') {
      this.#problems.error(this.#at(key), 'a key must be plain text; put it in quotes, and check the brackets');
      return null;
    }
    const keyAt = this.#at(key);
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    if (name === '<<') {
      this.#problems.error(keyAt, 'merge keys ("<<") are not read; write the keys out');
      return null;
    }
    if (['__proto__', 'constructor', 'prototype'].includes(name)) {
      this.#problems.error(keyAt, `"${name}" can't be a key; take it out`);
      return null;
    }
    return { key: name, keyAt, value: pair.value ? this.#tree(pair.value, depth + 1) : { kind: 'nothing', at: keyAt } };
  }

  #alias(alias: Alias, depth: number): Tree {
    const target = this.#document ? alias.resolve(this.#document) : undefined;
    if (!target) return this.#nothing(alias, `nothing is anchored as &${shorten(alias.source)}; write the value out`);
    if (this.#unfolding.has(target)) {
      return this.#nothing(alias, `*${shorten(alias.source)} holds itself; write the value out`);
    }
    this.#unfolding.add(target);
    const tree = this.#tree(target, depth + 1);
    this.#unfolding.delete(target);
    // What is wrong with the value is said where it is used, not where it was written.
    return { ...tree, at: this.#at(alias) };
  }
}

function scalarTree(value: unknown, source: string, at: Place): Tree {
  if (typeof value === 'string') return { kind: 'text', at, value };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { kind: 'number', at, value: Number(value), source };
  if (typeof value === 'boolean') return { kind: 'flag', at, value, source };
  return value === null ? { kind: 'nothing', at } : { kind: 'text', at, value: source };
}

/** The library's words are for those who wrote it: what a person can do about each kind of error. */
const REMEDIES: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab can not indent YAML; use spaces',
  BAD_INDENT: 'this line is indented differently from what it belongs to; line it up',
  MISSING_CHAR: 'something is not closed or a space is missing; check quotes, brackets and the space after ":"',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; a ":" or a quote may be missing',
  BLOCK_AS_IMPLICIT_KEY: 'two ": " stand in one line; put the text in quotes',
  BLOCK_IN_FLOW: 'a block can not stand inside brackets; close the bracket first',
  BAD_DQ_ESCAPE: 'an escape in "…" that YAML does not know; use single quotes or double the backslash',
  BAD_SCALAR_START: 'text can not begin with this character; put it in quotes',
  BAD_ALIAS: 'an alias that leads nowhere; write the value out, or put the text in quotes',
  BAD_DIRECTIVE: 'a line that begins with "%" is no text; put it in quotes',
  TAG_RESOLVE_FAILED: 'a tag that means nothing here; take it out, or put the text in quotes',
  UNEXPECTED_TOKEN: 'this was not expected here; check quotes, brackets, commas and indentation',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters; a ":" may be missing',
  MULTIPLE_ANCHORS: 'a value can have one anchor; take the others out',
  MULTIPLE_TAGS: 'a value can have one tag; take the tags out',
  RESOURCE_EXHAUSTION: 'it is nested too deeply or unfolds to too much; make it flatter',
};

/** Two errors whose code names something else than the cause. */
function commonCause(message: string): string | undefined {
  if (/^Flow (sequence|map) in block/.test(message)) return 'a bracket was not closed before this; close it';
  if (message.includes('without - indicator'))
    return 'this line is not indented like the list it belongs to; line it up';
  return undefined;
}

function syntaxMessage(error: YAMLError): string {
  const remedy =
    commonCause(error.message) ?? REMEDIES[error.code] ?? 'put the text in quotes, or check the lines above';
  const said = shorten(error.message.split('\n')[0] ?? '');
  return `${remedy} (${said})`;
}
