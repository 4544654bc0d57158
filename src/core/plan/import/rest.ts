/** What stands around the work: checklists, emergencies, risks, sync points, GitHub, commits, launch, success. */
import { parseDuration } from '../duration.ts';
import { cleanText, isUnder, sectionsOf } from './blocks.ts';
import type { Block, Item, Line, Section, Used } from './blocks.ts';
import { addTexts } from './draft.ts';
import type { Draft, DraftStep } from './draft.ts';
import { provenOf, sourced, texts } from './people.ts';

type Rule = (section: Section, items: readonly Item[], draft: Draft, used: Used) => boolean;

export function readRest(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    const items = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
    const rule = RULES.find((candidate) => candidate(section, items, draft, used));
    if (rule) used.add(section);
    for (const block of section.blocks) {
      if (block.kind === 'table') readRiskTable(block, draft, used);
      if (block.kind === 'code') readTree(block, draft, used);
    }
  }
}

const checklists: Rule = (section, items, draft, used) => {
  const boxes = items.filter(({ checked }) => checked !== null);
  if (boxes.length === 0 || !isUnder(section, /checklist/i)) return false;
  used.add(...boxes);
  const when = /after each|each agent|per (task|agent)/i.test(section.title) ? 'after-task' : 'end';
  draft.checklists.push({ title: cleanText(section.title), from: section.from, when, items: texts(boxes) });
  return true;
};

const EMERGENCIES: readonly (readonly [RegExp, string])[] = [
  [/stuck|no progress|hangs?/i, 'stuck'],
  [/build (breaks?|fails?|broken)/i, 'build-broken'],
  [/tests? (fail|break)/i, 'tests-failing'],
  [/rate limit|quota/i, 'limited'],
  [/conflict/i, 'conflict'],
];

const emergencies: Rule = (section, items, draft, used) => {
  const title = cleanText(section.title);
  if (items.length === 0 || !(isUnder(section, /emergenc|protocols?$/i) && /^(if|when|conflict)\b/i.test(title)))
    return false;
  const when = EMERGENCIES.find(([pattern]) => pattern.test(title))?.[1];
  if (when === undefined) return false;
  used.add(...items, ...items.flatMap(below));
  const lines = [title, ...items.map(({ text }) => text)];
  const after = lines.map((line) => /(\d+)\s*(minutes?|mins?|hours?|h)\b/i.exec(line)).find((found) => found !== null);
  const length = after ? `${after[1]}${after[2]![0]!.toLowerCase()}` : null;
  draft.emergencies.push({
    title,
    from: section.from,
    when,
    after: length !== null && parseDuration(length) !== null ? length : null,
    items: items.flatMap(stepsOf),
  });
  return true;
};

/** "If blocked: reassign it", or "Determine if the issue is:" with the cases below: each only where it is so. */
function stepsOf(item: Item): readonly DraftStep[] {
  const cases = below(item);
  const said = texts([item]).map(({ value, from }): DraftStep => {
    const only = /^(?:if|when) ([^:]+): (.+)$/i.exec(value);
    return { value: only?.[2] ?? value, from, only: only?.[1] ?? null };
  });
  const apart = /\b(if|whether|which)\b.*:$/i.test(item.text);
  return [
    ...said,
    ...texts(cases).map((text) => ({ ...text, only: apart ? text.value.replace(/\s*\([^)]*\)$/, '') : null })),
  ];
}

function below(item: Item): readonly Item[] {
  return item.children.flatMap((child) => (child.kind === 'list' ? child.items : []));
}

const risks: Rule = (section, items, draft, used) => {
  const heading = /^risk\s*\d*\s*[:–—-]\s*(.+)$/i.exec(cleanText(section.title));
  if (heading) {
    const lines = section.blocks.flatMap((block) => (block.kind === 'text' ? block.lines : []));
    const impact = lines.find(({ key }) => /^impact$/i.test(key ?? ''));
    used.add(...items, ...lines.filter((line) => line === impact || /^mitigation$/i.test(line.key ?? '')));
    const bad = impact ? sourced(impact.value, impact.from) : null;
    draft.risks.push({ title: heading[1]!, from: section.from, impact: bad, items: texts(items) });
    return true;
  }
  if (!isUnder(section, /\brisks?\b/i) || items.length === 0) return false;
  for (const item of items) {
    const lines = item.children.flatMap((child): readonly Line[] =>
      child.kind === 'list' ? child.items : child.kind === 'text' ? child.lines : [],
    );
    used.add(item, ...lines);
    const mitigation = lines
      .map(({ text, from }) => sourced(text.replace(/^mitigation\s*:\s*/i, ''), from))
      .filter(({ value }) => value !== '');
    draft.risks.push({ title: item.text, from: item.from, impact: null, items: mitigation });
  }
  return true;
};

const syncPoints: Rule = (section, items, draft, used) => {
  if (items.length === 0 || !/sync points?|daily sync\b|^syncs?$/i.test(cleanText(section.title))) return false;
  used.add(...items);
  for (const item of items) {
    const [, hour, minute, rest] = /^(\d{1,2}):(\d{2})\b\s*[:–—-]?\s*(.*)$/.exec(item.text) ?? [];
    const at = Number(hour) < 24 && Number(minute) < 60 ? `${hour!.padStart(2, '0')}:${minute}` : null;
    const title = at === null ? (item.key ?? item.text) : rest || item.text;
    draft.syncPoints.push({ title, from: item.from, at, digest: at === null ? item.value : '', items: [] });
  }
  return true;
};

/** `milestone-1` through `milestone-5`. */
const labels: Rule = (section, items, draft, used) => {
  if (!/^labels$/i.test(cleanText(section.title))) return false;
  for (const item of items) {
    const plain = item.codes.length === 0 && /^[\w.:/-]{1,50}$/.test(item.text) ? [item.text] : item.codes;
    if (plain.length === 0) continue;
    used.add(item);
    const [first, last] = plain;
    const [a, b] = [/^(.*?)(\d+)$/.exec(first ?? ''), /^(.*?)(\d+)$/.exec(last ?? '')];
    const range = /through|\bto\b|…|\.\./i.test(item.text) && a && b && a[1] === b[1];
    const names = range
      ? Array.from({ length: Math.min(100, Number(b[2]) - Number(a[2]) + 1) }, (_, at) => `${a[1]}${Number(a[2]) + at}`)
      : plain;
    addTexts(
      draft.labels,
      names.map((name) => ({ value: name, from: item.from })),
    );
  }
  return items.length > 0;
};

const issueTemplates: Rule = (section, _items, draft, used) => {
  const name = /^(.+?)\s*issue template$/i.exec(cleanText(section.title))?.[1];
  const code = section.blocks.find((block) => block.kind === 'code');
  if (name === undefined || !code) return false;
  used.add(code);
  const body = { value: code.text.replaceAll('{{', '\\{{'), from: code.from };
  draft.issueTemplates.push({ title: name, from: section.from, items: [], body });
  return true;
};

const commits: Rule = (section, items, draft, used) => {
  const code = section.blocks.find((block) => block.kind === 'code');
  if (!code && items.length > 0 && /commit (convention|messages?|style)/i.test(section.title)) {
    used.add(...items);
    addTexts(draft.commitExamples, texts(items));
    return true;
  }
  if (!code) return false;
  if (/commit message format|commit template/i.test(section.title)) {
    used.add(code);
    draft.commitTemplate = { value: code.text.replaceAll('{{', '\\{{'), from: code.from };
    return true;
  }
  if (!/commit (convention|messages?|style)/i.test(section.title)) return false;
  used.add(code);
  const lines = code.text
    .split('\n')
    .map((line, at) => ({ value: line.trim(), from: { ...code.from, line: code.from.line + at } }));
  addTexts(
    draft.commitExamples,
    lines.filter(({ value }) => value !== ''),
  );
  return true;
};

const launch: Rule = (section, _items, draft, used) => {
  if (!isUnder(section, /launch sequence/i)) return false;
  const code = section.blocks.find((block) => block.kind === 'code');
  if (!code) return false;
  used.add(code);
  const lines = code.text
    .split('\n')
    .map((text, at) => ({ value: text.trim(), from: { ...code.from, line: code.from.line + at } }));
  const after = lines.find(({ value }) => /^#.*\bafter\b/i.test(value)) ?? null;
  const starts = lines.filter(({ value }) => value !== '' && !value.startsWith('#'));
  draft.launch.push({ title: cleanText(section.title), from: section.from, items: starts, after });
  return true;
};

const success: Rule = (section, items, draft, used) => {
  const about = /success (metrics|criteria)|project complete|quality gates?|delivery artifacts/i;
  if (
    items.length === 0 ||
    !isUnder(section, about) ||
    isUnder(section, /^(agent|workstream|checkpoint|phase)\s*[\dA-Z]\b/i)
  )
    return false;
  used.add(...items);
  addTexts(draft.success, items.flatMap(provenOf));
  return true;
};

const rules: Rule = (section, items, draft, used) => {
  if (items.length === 0 || !isUnder(section, /communication|coordination responsibilities/i)) return false;
  // Who hands what to whom is read as such.
  if (/integration points?/i.test(section.title)) return false;
  section.blocks.forEach((block, at) => {
    if (block.kind !== 'list') return;
    const before = section.blocks[at - 1];
    const lead = before?.kind === 'text' ? before.lines.at(-1)! : null;
    const leads = lead !== null && lead.text.endsWith(':');
    if (leads) used.add(lead);
    const head = leads ? `${cleanText(lead.text)} ` : '';
    used.add(...block.items);
    addTexts(
      draft.rules,
      texts(block.items).map(({ value, from }) => ({ value: head + value, from })),
    );
  });
  return true;
};

const todos: Rule = (section, items, draft, used) => {
  if (items.length === 0 || !/^(next steps|to-?dos?|todo list)$/i.test(cleanText(section.title))) return false;
  used.add(...items);
  addTexts(draft.todos, texts(items));
  return true;
};

const RULES: readonly Rule[] = [
  checklists,
  emergencies,
  risks,
  syncPoints,
  labels,
  issueTemplates,
  commits,
  launch,
  success,
  rules,
  todos,
];

function readRiskTable(table: Block & { kind: 'table' }, draft: Draft, used: Used): void {
  const [risk, mitigation] = [/^risk$/i, /^mitigation$/i].map((name) =>
    table.head.findIndex((head) => name.test(head)),
  );
  if (risk === -1 || mitigation === -1) return;
  const impact = table.head.findIndex((head) => /^(impact|severity)$/i.test(head));
  used.addColumns(table, [risk!, mitigation!, impact]);
  for (const { cells, from } of table.rows) {
    draft.risks.push({
      title: cells[risk!] ?? '',
      from,
      impact: impact === -1 ? null : sourced(cells[impact] ?? '', from),
      items: [sourced(cells[mitigation!] ?? '', from)],
    });
  }
}

/** A folder drawn with ├── and └──: its paths help to place bare file names. */
function readTree(block: Block & { kind: 'code' }, draft: Draft, used: Used): void {
  const lines = block.text.split('\n');
  if (!lines.some((line) => /[├└]──\s*[\w.]+/.test(line))) return;
  const roots = lines.filter((line) => /^[\w.-]+\/\s*$/.test(line));
  const stack: string[] = [];
  for (const [at, line] of lines.entries()) {
    const found = /^([│├└─\s]*)([\w.@-]+(?:\/[\w.@-]+)*\/?)\s*(?:#.*)?$/.exec(line);
    if (!found) continue;
    if (roots.length > 0) used.addLine(block, block.from.line + at);
    const depth = Math.floor(found[1]!.length / 4);
    stack.length = depth;
    stack[depth] = found[2]!.replace(/\/$/, '');
    // A single root is the repository itself.
    const path = (roots.length === 1 ? stack.slice(1) : stack).join('/');
    if (path !== '' && !found[2]!.endsWith('/')) draft.tree.push(path);
  }
}
