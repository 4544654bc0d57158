/** Syntax colours by highlight.js: https://highlightjs.readthedocs.io/en/latest/api.html */
import hljs from 'highlight.js/lib/common';
import type { CodeKind, CodeRun, Highlighter } from './runs.ts';

/** Longer texts would be felt at the keys: some 3 ms for 10,000 characters. */
const LONGEST = 120_000;
/** Three sides and a result, of this file and the one before. */
const KEPT = 8;

/** Scopes as of "Scopes Reference": the first word decides. */
const KIND_OF: Readonly<Record<string, CodeKind>> = {
  keyword: 'keyword',
  literal: 'keyword',
  operator: 'keyword',
  'selector-tag': 'keyword',
  tag: 'keyword',
  section: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  addition: 'string',
  symbol: 'string',
  number: 'number',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  meta: 'comment',
  title: 'name',
  attr: 'name',
  attribute: 'name',
  property: 'name',
  name: 'name',
  variable: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  type: 'type',
  built_in: 'type',
  class: 'type',
};

export function newHighlighter(): Highlighter {
  const known = new Map<string, readonly (readonly CodeRun[])[]>();
  return {
    lines(text, path) {
      const language = languageOf(path);
      if (language === null || text.length > LONGEST) return null;
      const key = `${language} ${text}`;
      const lines = known.get(key) ?? linesOf(hljs.highlight(text, { language, ignoreIllegals: true }).value);
      known.delete(key);
      known.set(key, lines);
      if (known.size > KEPT) known.delete(known.keys().next().value!);
      return lines;
    },
  };
}

/** By the end of the file's name, else by its whole name: `Makefile`, `Dockerfile`. */
function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const candidates = [name.slice(name.lastIndexOf('.') + 1), name];
  return candidates.find((one) => hljs.getLanguage(one) !== undefined) ?? null;
}

/** Its answer is HTML: text, entities, and spans whose class is `hljs-SCOPE`, one in another, over line ends too. */
function linesOf(html: string): CodeRun[][] {
  const lines: CodeRun[][] = [[]];
  const open: CodeKind[] = [];
  for (const [piece, scope] of html.matchAll(/<span class="hljs-([^" ]*)[^"]*">|<\/span>|<span[^>]*>|[^<]+/g)) {
    if (piece === '</span>') open.pop();
    else if (piece.startsWith('<')) open.push(KIND_OF[scope?.split('.')[0] ?? ''] ?? open.at(-1) ?? 'text');
    else addText(lines, unescaped(piece), open.at(-1) ?? 'text');
  }
  return lines;
}

function addText(lines: CodeRun[][], text: string, kind: CodeKind): void {
  text.split('\n').forEach((part, i) => {
    if (i > 0) lines.push([]);
    if (part !== '') lines.at(-1)!.push({ text: part, kind });
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

function unescaped(html: string): string {
  return html.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity]!);
}
