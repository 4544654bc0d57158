/** Markdown into facts, with GitHub's tables and check boxes. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Code, List, ListItem, Paragraph, PhrasingContent, RootContent, Table } from 'mdast';
import type { Block, From, Item, Line, TableRow } from '../../core/plan/import/blocks.ts';
import type { Tree } from '../../core/plan/tree.ts';
import { parseYaml } from '../planfile/yaml-tree.ts';
import { repairMojibake } from './mojibake.ts';
import { piecesOf } from './pieces.ts';
import type { Piece } from './pieces.ts';

/**
 * Reads a document. Anything is Markdown, so that it can't fail: what would take too long to parse comes as its first
 * line, which nobody will make anything of.
 * @param file names it in the facts
 */
export function readMarkdown(text: string, file: string): readonly Block[] {
  return piecesOf(repairMojibake(text)).flatMap((piece) => readPiece(piece, file));
}

function readPiece({ text, before, refused }: Piece, file: string): readonly Block[] {
  const reader = new Reader(file, before);
  if (refused === null) {
    try {
      const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
      return root.children.flatMap((node) => reader.blocks(node));
    } catch (error) {
      // Nesting that its bounds let through.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const from = { file, line: before + 1 };
  const said = `(${refused ?? 'nested too deeply'}) ${text.trimStart().slice(0, 200).split('\n')[0]}`;
  return [{ kind: 'text', lines: [{ text: said, key: null, value: said, codes: [], from }], from }];
}

interface Inline {
  readonly text: string;
  readonly strong: boolean;
  readonly code: boolean;
  readonly line: number;
}

class Reader {
  readonly #file: string;
  readonly #before: number;

  /** @param before lines of the document before what is read */
  constructor(file: string, before: number) {
    this.#file = file;
    this.#before = before;
  }

  #from(node: { readonly position?: { readonly start: { readonly line: number } } | undefined }): From {
    return { file: this.#file, line: this.#before + (node.position?.start.line ?? 1) };
  }

  blocks(node: RootContent): readonly Block[] {
    const from = this.#from(node);
    switch (node.type) {
      case 'heading':
        return [{ kind: 'heading', depth: node.depth, text: this.#plain(node.children), from }];
      case 'paragraph':
        return [{ kind: 'text', lines: this.#lines(node), from }];
      case 'list':
        return [{ kind: 'list', items: this.#items(node), from }];
      case 'code':
        return [this.#code(node)];
      case 'table':
        return [this.#table(node)];
      case 'blockquote':
        return node.children.flatMap((child) => this.blocks(child));
      default:
        return [];
    }
  }

  #code(node: Code): Block {
    const line = this.#from(node).line + 1;
    const lang = node.lang ?? '';
    const tree = /^ya?ml$/i.test(lang) ? yamlTree(node.value) : null;
    return { kind: 'code', lang, text: node.value, tree, from: { file: this.#file, line } };
  }

  #table(node: Table): Block {
    const rows = node.children.map((row): TableRow => ({
      cells: row.children.map((cell) => this.#plain(cell.children)),
      from: this.#from(row),
    }));
    return { kind: 'table', head: rows[0]?.cells ?? [], rows: rows.slice(1), from: this.#from(node) };
  }

  #items(node: List): readonly Item[] {
    return node.children.map((item) => this.#item(item));
  }

  #item(node: ListItem): Item {
    const [first, ...rest] = node.children;
    const lines = first?.type === 'paragraph' ? this.#lines(first) : [];
    const head = lines[0] ?? { text: '', key: null, value: '', codes: [], from: this.#from(node) };
    const more = lines.slice(1);
    const others = first?.type === 'paragraph' ? rest : node.children;
    const children = others.flatMap((child) => this.blocks(child));
    // Lines behind the first that have no key of their own go on with it.
    const joined = more.some(({ key }) => key !== null) ? head : joinLines([head, ...more]);
    const below: readonly Block[] =
      joined === head && more.length > 0 ? [{ kind: 'text', lines: more, from: more[0]!.from }] : [];
    return { ...joined, checked: node.checked ?? null, children: [...below, ...children] };
  }

  #lines(node: Paragraph): readonly Line[] {
    const lines: Inline[][] = [[]];
    for (const part of this.#inline(node.children, false)) {
      part.text.split('\n').forEach((text, at) => {
        if (at > 0) lines.push([]);
        if (text !== '') lines.at(-1)!.push({ ...part, text, line: part.line + at });
      });
    }
    return lines.filter((parts) => parts.length > 0).map((parts) => this.#line(parts));
  }

  /** `**Key**: value` and `**Key:** value`; a strong text without a colon is a key with what follows it too. */
  #line(parts: readonly Inline[]): Line {
    const text = parts
      .map((part) => part.text)
      .join('')
      .trim();
    const from = { file: this.#file, line: parts[0]!.line };
    const codes = parts.filter(({ code }) => code).map((part) => part.text);
    const strongs = parts.findIndex(({ strong }) => !strong);
    const lead = parts.slice(0, strongs < 0 ? parts.length : strongs);
    const strong = lead
      .map((part) => part.text)
      .join('')
      .trim();
    const colon = /^([A-Za-z][\w &/()'-]{0,40}):(?:\s+(.+))?$/.exec(text);
    if (strong !== '') {
      const value = text.slice(strong.length).replace(/^\s*:?\s*/, '');
      return { text, key: strong.replace(/\s*:$/, ''), value, codes, from };
    }
    return colon
      ? { text, key: colon[1]!, value: colon[2] ?? '', codes, from }
      : { text, key: null, value: text, codes, from };
  }

  #inline(nodes: readonly PhrasingContent[], strong: boolean): readonly Inline[] {
    return nodes.flatMap((node): readonly Inline[] => {
      const { line } = this.#from(node);
      if (node.type === 'text') return [{ text: node.value, strong, code: false, line }];
      if (node.type === 'inlineCode') return [{ text: node.value, strong, code: true, line }];
      if (node.type === 'break') return [{ text: '\n', strong, code: false, line }];
      if (node.type === 'html') return [{ text: node.value, strong, code: false, line }];
      if (node.type === 'strong') return this.#inline(node.children, true);
      return 'children' in node ? this.#inline(node.children, strong) : [];
    });
  }

  #plain(nodes: readonly PhrasingContent[]): string {
    return this.#inline(nodes, false)
      .map(({ text }) => text)
      .join('')
      .replaceAll('\n', ' ')
      .trim();
  }
}

function joinLines(lines: readonly Line[]): Line {
  const [head, ...rest] = lines as [Line, ...Line[]];
  if (rest.length === 0) return head;
  const more = rest.map(({ text }) => text).join(' ');
  const codes = lines.flatMap((line) => line.codes);
  return { ...head, text: `${head.text} ${more}`, value: `${head.value} ${more}`, codes };
}

/** YAML as people type it into documents: with tabs, and a list entry that begins with a sign of YAML's own is meant as text. */
function yamlTree(written: string): Tree | null {
  const text = written.replaceAll(/^[\t ]+/gm, (blanks) => blanks.replaceAll('\t', '  '));
  const quoted = text.replaceAll(
    /^(\s*-\s+)([>|@`%&*!?].*)$/gm,
    (_, lead: string, rest: string) => lead + JSON.stringify(rest),
  );
  return parseYaml(text, '').tree ?? parseYaml(quoted, '').tree;
}
