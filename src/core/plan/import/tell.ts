/** What the plan has no place for, and what it has another figure for: told, line by line, and never guessed at. */
import { cleanText, sectionsOf } from './blocks.ts';
import type { Block, From, Section, TableRow, Used } from './blocks.ts';
import type { Draft } from './draft.ts';

const COUNT =
  /(?<!\b(?:phase|week|stage|step|part|wave) )\b(\d+)\s+(?:specialized |parallel |new )?(?:claude code )?(?:sub)?(agents|milestones|issues|modules|tasks)\b/gi;

/** Figures in the prose that the plan doesn't come to: nobody can tell which of the two is meant. */
export function compareCounts(root: Section, draft: Draft): void {
  const files = new Set(draft.agents.flatMap((agent) => agent.files.map(({ value }) => value)));
  const found: Readonly<Record<string, number>> = {
    agents: draft.agents.length,
    milestones: draft.milestones.length,
    issues: draft.tasks.filter(({ issue }) => issue !== null).length,
    modules: files.size,
    tasks: draft.tasks.length,
  };
  for (const section of sectionsOf(root)) {
    for (const { text, from } of section.blocks.flatMap(linesOf)) {
      for (const [words, count, what] of text.matchAll(COUNT)) {
        const have = found[what!.toLowerCase()] ?? 0;
        if (have === Number(count) || have === 0) continue;
        draft.notUnderstood.push({ ...from, text: `it says "${words}", but ${have} were found` });
      }
    }
  }
}

function linesOf(block: Block): readonly { readonly text: string; readonly from: From }[] {
  if (block.kind === 'text') return block.lines;
  return block.kind === 'list' ? block.items : [];
}

/** Every line that found no place is an entry of its own; a drawing is one, as its lines say nothing apart. */
export function tellUnused(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    for (const { text, from } of section.blocks.flatMap((block) => unusedOf(block, used))) tell(text, from, draft);
  }
}

const MAX_SHOWN = 120;

function tell(text: string, { file, line }: From, draft: Draft): void {
  const plain = cleanText(text);
  const shown = plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN - 1)}…` : plain;
  if (shown !== '') draft.notUnderstood.push({ file, line, text: shown });
}

export interface Unused {
  readonly text: string;
  readonly from: From;
  /** How deep it lies in a list, from 0. */
  readonly depth: number;
}

/** Lines, items, rows, columns and lines of code that nothing made use of, in their order. */
export function unusedOf(block: Block, used: Used, depth = 0): readonly Unused[] {
  if (block.kind === 'list') {
    return block.items.flatMap((item) => [
      ...(used.has(item) || item.text === '' ? [] : [{ text: item.text, from: item.from, depth }]),
      ...item.children.flatMap((child) => unusedOf(child, used, depth + 1)),
    ]);
  }
  if (used.has(block)) return block.kind === 'table' ? [...columnsOf(block, used), ...rowsLeft(block, used)] : [];
  switch (block.kind) {
    case 'heading':
      return [];
    case 'text':
      return block.lines.filter((line) => !used.has(line)).map(({ text, from }) => ({ text, from, depth }));
    case 'table': {
      const rows = block.rows.map(rowOf);
      return rows.length > 0 ? rows : [{ text: block.head.join(' | '), from: block.from, depth }];
    }
    case 'code': {
      const lines = block.text
        .split('\n')
        .map((text, at) => ({ text: text.trimEnd(), from: { ...block.from, line: block.from.line + at }, depth }))
        .filter(({ text, from }) => /\p{L}|\d/u.test(text) && !used.hasLine(block, from.line));
      return /[─│┌└├▼▶]/.test(block.text) && !used.hasLine(block) ? lines.slice(0, 1) : lines;
    }
  }
}

function rowOf({ cells, from }: TableRow): Unused {
  return { text: cells.join(' | '), from, depth: 0 };
}

function rowsLeft(table: Block & { kind: 'table' }, used: Used): readonly Unused[] {
  return table.rows.filter((row) => used.isLeft(row)).map(rowOf);
}

/** Columns of a table of which others were read: each with all that stands in it. */
function columnsOf(table: Block & { kind: 'table' }, used: Used): readonly Unused[] {
  const read = used.columns(table);
  if (read === null) return [];
  return table.head.flatMap((head, at) => {
    if (read.has(at)) return [];
    const cells = table.rows.filter((row) => !used.isLeft(row)).map(({ cells: row }) => row[at] ?? '');
    const said = cells.filter((cell) => cell !== '').join('; ');
    return said === '' ? [] : [{ text: `${head}: ${said}`, from: table.from, depth: 0 }];
  });
}
