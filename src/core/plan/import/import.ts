/** Documents that people wrote to run teams of agents, read as one plan. Pure: facts go in, the plan to be written comes out. */
import { assemble } from './assemble.ts';
import { cleanText, sectionsOf, sectionTree, Used } from './blocks.ts';
import type { Block, Section } from './blocks.ts';
import { agentFor, emptyDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { readJoints } from './joints.ts';
import type { Out } from './out.ts';
import { readAgentTable, readPeople } from './people.ts';
import { readRest } from './rest.ts';
import { noteRemarks } from './remarks.ts';
import { compareCounts, tellUnused } from './tell.ts';
import { readWork } from './work.ts';

export interface ImportDocument {
  readonly file: string;
  readonly blocks: readonly Block[];
}

export interface ImportedPlan {
  readonly plan: Out;
  /** What found no place in it, in the order of the documents. */
  readonly notUnderstood: readonly { readonly file: string; readonly line: number; readonly text: string }[];
}

/** @param profile what agents are to run */
export function importPlan(documents: readonly ImportDocument[], profile: string): ImportedPlan {
  const draft = emptyDraft();
  const used = new Used();
  const roots = documents.map(({ blocks, file }) => sectionTree(blocks, file));
  // Who there is comes first, in every document, so that whatever names them finds them.
  for (const root of roots) readPeople(root, draft, used);
  for (const root of roots) readRest(root, draft, used);
  for (const root of roots) readTables(root, draft, used);
  for (const root of roots) readWork(root, draft, used);
  for (const root of roots) readJoints(root, draft, used);
  nameOf(roots, documents, draft, used);
  if (draft.agents.length === 0) agentFor(draft, 'agent-1', '1', roots[0]?.from ?? { file: '', line: 1 });
  for (const root of roots) noteRemarks(root, draft, used);
  for (const root of roots) tellUnused(root, draft, used);
  for (const root of roots) compareCounts(root, draft);
  const plan = assemble(draft, profile);
  const order = new Map(documents.map(({ file }, at) => [file, at]));
  const notUnderstood = draft.notUnderstood.toSorted(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line,
  );
  return { plan, notUnderstood };
}

function readTables(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    for (const block of section.blocks) if (block.kind === 'table') readAgentTable(block, draft, used);
  }
}

function nameOf(roots: readonly Section[], documents: readonly ImportDocument[], draft: Draft, used: Used): void {
  const title = roots.flatMap((root) => root.children).find(({ depth }) => depth === 1);
  draft.name = title ? cleanText(title.title) : (documents[0]?.file.split('/').at(-1) ?? 'imported');
  const first = [...(title ? sectionsOf(title) : [])]
    .filter(({ title: heading, depth }) => depth === 1 || /overview|summary|objective/i.test(heading))
    .flatMap(({ blocks }) => blocks)
    .find((block) => block.kind === 'text');
  if (!first) return;
  const said = first.lines.find(({ key }) => /objective|goal/i.test(key ?? ''));
  const line = said ?? first.lines[0]!;
  used.add(line);
  draft.description = { value: said?.value ?? line.text, from: line.from };
}
