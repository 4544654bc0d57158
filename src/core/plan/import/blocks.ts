/** A Markdown document as facts: headings, lines with their keys, lists, code, tables, each with its place. */
import type { Tree } from '../tree.ts';

export interface From {
  readonly file: string;
  readonly line: number;
}

/** A line of text; `**Key**: value` has both parts. */
export interface Line {
  readonly text: string;
  readonly key: string | null;
  /** What stands behind the key; the whole text where there is none. */
  readonly value: string;
  /** Texts in `code`. */
  readonly codes: readonly string[];
  readonly from: From;
}

export interface Item extends Line {
  /** A check box; null: none. */
  readonly checked: boolean | null;
  readonly children: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly from: From }
  | { readonly kind: 'text'; readonly lines: readonly Line[]; readonly from: From }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly from: From }
  /** `from` is the line of its first character; `tree` is there where it is YAML that can be read. */
  | {
      readonly kind: 'code';
      readonly lang: string;
      readonly text: string;
      readonly tree: Tree | null;
      readonly from: From;
    }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly TableRow[];
      readonly from: From;
    };

export interface TableRow {
  readonly cells: readonly string[];
  readonly from: From;
}

export interface Section {
  readonly title: string;
  readonly depth: number;
  readonly from: From;
  readonly blocks: readonly Block[];
  readonly children: readonly Section[];
  readonly parent: Section | null;
}

/** The blocks of a document under their headings; the root has depth 0 and no title. */
export function sectionTree(blocks: readonly Block[], file: string): Section {
  interface Open extends Section {
    readonly blocks: Block[];
    readonly children: Open[];
    readonly parent: Open | null;
  }
  const open = (title: string, depth: number, from: From, parent: Open | null): Open => ({
    title,
    depth,
    from,
    blocks: [],
    children: [],
    parent,
  });
  const root = open('', 0, { file, line: 1 }, null);
  let at = root;
  for (const block of blocks) {
    if (block.kind !== 'heading') {
      at.blocks.push(block);
      continue;
    }
    while (at.parent !== null && at.depth >= block.depth) at = at.parent;
    const child = open(block.text.replace(/\s*:$/, ''), block.depth, block.from, at);
    at.children.push(child);
    at = child;
  }
  return root;
}

/** A section and all below it, in the order of the document. */
export function* sectionsOf(section: Section): Generator<Section> {
  yield section;
  for (const child of section.children) yield* sectionsOf(child);
}

/** True where the section or one above it has a title like this. */
export function isUnder(section: Section, title: RegExp): boolean {
  for (let at: Section | null = section; at !== null; at = at.parent) if (title.test(at.title)) return true;
  return false;
}

/** Which facts have found their place in the plan; the others are told as not understood. */
export class Used {
  readonly #used = new Set<object>();
  readonly #lines = new Map<object, Set<number>>();
  readonly #rowsLeft = new Set<TableRow>();
  readonly #columns = new Map<object, ReadonlySet<number>>();

  add(...facts: readonly object[]): void {
    for (const fact of facts) this.#used.add(fact);
  }

  has(fact: object): boolean {
    return this.#used.has(fact);
  }

  /** Nothing could be made of them after all. */
  drop(...facts: readonly object[]): void {
    for (const fact of facts) this.#used.delete(fact);
  }

  /** All that is in it. */
  addWhole(block: Block): void {
    this.add(block);
    if (block.kind === 'text') this.add(...block.lines);
    if (block.kind === 'table') this.#columns.delete(block);
    if (block.kind !== 'list') return;
    for (const item of block.items) {
      this.add(item);
      for (const child of item.children) this.addWhole(child);
    }
  }

  /** Of a block of code only these lines, counted as the document's. */
  addLine(code: Block & { kind: 'code' }, line: number): void {
    this.#lines.set(code, (this.#lines.get(code) ?? new Set()).add(line));
  }

  /** @param line left out: any line of it */
  hasLine(code: Block & { kind: 'code' }, line?: number): boolean {
    const lines = this.#lines.get(code);
    return lines !== undefined && (line === undefined || lines.has(line));
  }

  /** Of a table only these columns. */
  addColumns(table: Block & { kind: 'table' }, columns: readonly number[]): void {
    this.add(table);
    this.#columns.set(table, new Set([...(this.#columns.get(table) ?? []), ...columns]));
  }

  /** A row of such a table that could not be read. */
  addRowLeft(row: TableRow): void {
    this.#rowsLeft.add(row);
  }

  isLeft(row: TableRow): boolean {
    return this.#rowsLeft.has(row);
  }

  /** null: all of them. */
  columns(table: Block & { kind: 'table' }): ReadonlySet<number> | null {
    return this.#columns.get(table) ?? null;
  }
}

/** Lines of a section with a key: in its paragraphs and its lists. */
export function keyLines(section: Section): readonly Line[] {
  return section.blocks.flatMap((block) => {
    if (block.kind === 'text') return block.lines.filter(({ key }) => key !== null);
    return block.kind === 'list' ? block.items.filter(({ key }) => key !== null) : [];
  });
}

/** The value of the first key that matches; marks it as used. */
export function valueOf(section: Section, key: RegExp, used: Used): Line | null {
  const line = keyLines(section).find((candidate) => key.test(candidate.key!)) ?? null;
  if (line) used.add(line);
  return line;
}

/** The items that belong to a heading or a key: `### Output` or `**Output**:` with a list behind it, or a text on its line. */
export function itemsOf(section: Section, name: RegExp, used: Used): readonly Item[] {
  const found: Item[] = [];
  for (const child of section.children.filter(({ title }) => name.test(title))) {
    used.add(child);
    for (const block of child.blocks) if (block.kind === 'list') found.push(...block.items);
  }
  section.blocks.forEach((block, at) => {
    if (block.kind === 'text') {
      const next = section.blocks[at + 1];
      for (const line of block.lines.filter(({ key }) => key !== null && name.test(key))) {
        if (line.value !== '') found.push(...saidOn(line, used));
        else if (line === block.lines.at(-1) && next?.kind === 'list') {
          used.add(line);
          found.push(...next.items);
        }
      }
    }
    if (block.kind !== 'list') return;
    for (const item of block.items.filter(({ key }) => key !== null && name.test(key))) {
      found.push(...saidOn(item, used));
      for (const child of item.children) if (child.kind === 'list') found.push(...child.items);
    }
  });
  used.add(...found);
  return found;
}

function saidOn(line: Line, used: Used): readonly Item[] {
  used.add(line);
  return line.value === '' ? [] : [{ ...line, text: line.value, key: null, checked: null, children: [] }];
}

/** Code below a heading that matches. */
export function codesOf(section: Section, name: RegExp, used: Used): readonly (Block & { kind: 'code' })[] {
  const found = section.children
    .filter(({ title }) => name.test(title))
    .flatMap((child) => child.blocks.filter((block) => block.kind === 'code'));
  used.add(...found);
  return found;
}

/** Words without the signs in front of them (emoji, ticks, what is left of mangled ones), on one line. */
export function cleanText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(?:[^\s\p{ASCII}]+\s+)+/u, '')
    .trim();
}
