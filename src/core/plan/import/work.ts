/** Milestones, phases, tasks as YAML, and tables of durations. */
import type { Tree } from '../tree.ts';
import { cleanText, isUnder, itemsOf, sectionsOf, valueOf } from './blocks.ts';
import type { Block, From, Section, Used } from './blocks.ts';
import { addNotes, addTexts, taskFor } from './draft.ts';
import type { Draft, DraftMilestone, DraftPhase, DraftTask, Sourced } from './draft.ts';
import { sourced, texts, waitsOf } from './people.ts';
import { hoursOf, isEstimate, PHASE, slug, weeksOf } from './refs.ts';
import { doerOf, isTask, readTaskHeading, readTaskItems } from './tasks.ts';

const MILESTONE = /^milestone\s*(\d+)\s*[:–—-]\s*(.+)$/i;

export function readWork(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    const milestone = MILESTONE.exec(cleanText(section.title));
    if (milestone) readMilestone(section, milestone[1]!, milestone[2]!, draft, used);
    if (/milestones? to commit|commit milestones?/i.test(section.title)) readCommits(section, draft, used);
    readPhases(section, draft, used);
    readTaskHeading(section, draft, used);
    readTaskItems(section, draft, used);
    readYamlTasks(section, draft, used);
    for (const block of section.blocks) if (block.kind === 'table') readDurations(block, draft, used);
  }
}

function milestoneFor(draft: Draft, number: string | null, id: string, title: string, from: From): DraftMilestone {
  const known = draft.milestones.find((milestone) => milestone.id === id);
  if (known) return known;
  const milestone: DraftMilestone = {
    id,
    number,
    from,
    title,
    owner: null,
    weeks: null,
    done: false,
    commit: {},
    tasks: [],
    deliverables: [],
    dependsOn: [],
    after: null,
  };
  draft.milestones.push(milestone);
  return milestone;
}

const COMMIT_PARTS = [
  [/^(git )?tag$/i, 'tag'],
  [/^commit( message)?$/i, 'message'],
] as const;

function readMilestone(section: Section, number: string, title: string, draft: Draft, used: Used): void {
  used.add(section);
  const plain = title.replace(/\s*\([^)]*\)\s*$/, '');
  const milestone = milestoneFor(draft, number, `milestone-${number}`, plain, section.from);
  milestone.weeks ??= weeksOf(title);
  const owner = valueOf(section, /^owner$/i, used);
  if (owner) milestone.owner = sourced(owner.value, owner.from);
  const waits = valueOf(section, /^depend(s on|encies)$/i, used);
  if (waits) milestone.dependsOn.push({ value: waits.value, from: waits.from, soft: false });
  for (const [key, part] of COMMIT_PARTS) {
    const line = valueOf(section, key, used);
    const plain = line?.value.replace(/^["'](.*)["']$/, '$1').replaceAll('{{', '\\{{');
    if (line && plain) milestone.commit[part] = { value: plain, from: line.from };
  }
  const status = valueOf(section, /^status$/i, used);
  milestone.done = status !== null && /^(done|complete)/i.test(status.value);
  addTexts(milestone.deliverables, texts(itemsOf(section, /^deliverables$/i, used)));
}

/** `1. **chatbot_main.cpp compiles** (after Agent 1)`. */
function readCommits(section: Section, draft: Draft, used: Used): void {
  used.add(section);
  const owner =
    section.parent === null ? null : (draft.agents.find(({ from }) => from === section.parent!.from) ?? null);
  const items = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
  items.forEach((item, at) => {
    used.add(item);
    const title = item.key ?? item.text.replace(/\s*\([^)]*\)\s*$/, '');
    const milestone = milestoneFor(draft, null, `commit-${at + 1}`, title, item.from);
    milestone.commit.description = { value: title, from: item.from };
    milestone.done = /already done|\bdone\b/i.test(item.value);
    if (owner) milestone.owner = { value: owner.id, from: owner.from };
    const after = /after\s+[^)]+/i.exec(item.value);
    if (after) milestone.after = sourced(after[0], item.from);
  });
}

function phaseFor(draft: Draft, number: string, from: From): DraftPhase {
  const known = draft.phases.find((phase) => phase.number === number);
  if (known) return known;
  const phase: DraftPhase = {
    id: `phase-${number}`,
    number,
    from,
    title: '',
    weeks: null,
    success: [],
    validation: [],
  };
  draft.phases.push(phase);
  return phase;
}

/** Phases stand in trees drawn as text, in lists, or over the criteria that end them. */
function readPhases(section: Section, draft: Draft, used: Used): void {
  // The order of launch is no list of phases, and what a prompt refers to is not of this plan.
  if (isUnder(section, /launch sequence|prompts?\b/i)) return;
  for (const block of section.blocks) {
    if (block.kind === 'code') {
      block.text.split('\n').forEach((line, at) => {
        const found = /^PHASE\s+(\d+)\s*(\([^)]*\))?\s*:\s*(.+)$/i.exec(line);
        if (!found) return;
        const from = { ...block.from, line: block.from.line + at };
        used.addLine(block, from.line);
        setPhase(draft, found, from);
      });
    }
    if (block.kind === 'list') {
      for (const item of block.items) {
        const found = item.key === null ? null : PHASE.exec(item.key);
        if (!found) continue;
        used.add(item);
        setPhase(draft, [found[0], found[1]!, found[2] ?? '', found[3] || item.value], item.from);
      }
    }
  }
  const heading = PHASE.exec(cleanText(section.title));
  const ends = isUnder(section, /success metrics|success criteria/i);
  if (!heading || (!ends && (heading[3] ?? '') === '')) return;
  used.add(section);
  const phase = setPhase(draft, [heading[0], heading[1]!, heading[2] ?? '', heading[3] ?? ''], section.from);
  const items = section.blocks
    .flatMap((block) => (block.kind === 'list' ? block.items : []))
    .filter(({ checked, text }) => (ends || checked !== null) && !isTask(text));
  used.add(...items);
  addTexts(phase.success, texts(items));
}

function setPhase(draft: Draft, [, number, weeks, title]: readonly string[], from: From): DraftPhase {
  const phase = phaseFor(draft, number!, from);
  if (phase.title === '') phase.title = cleanText(title ?? '');
  phase.weeks ??= /weeks/i.test(weeks ?? '')
    ? weeksOf(weeks!)
    : /\(.*weeks? \d/i.test(title ?? '')
      ? weeksOf(title!)
      : null;
  return phase;
}

const PHASE_TASKS = /^phase\s+(\d+)\s+tasks/i;

/** Blocks of YAML with a task_id, below a line such as **Phase 2 Tasks**. */
function readYamlTasks(section: Section, draft: Draft, used: Used): void {
  let phase: string | null = null;
  for (const block of section.blocks) {
    if (block.kind === 'text') {
      const line = block.lines.find(({ text }) => PHASE_TASKS.test(text));
      if (!line) continue;
      phase = PHASE_TASKS.exec(line.text)![1]!;
      const known = phaseFor(draft, phase, line.from);
      known.weeks ??= weeksOf(line.text);
      used.add(line);
    }
    if (block.kind !== 'code' || block.tree === null) continue;
    for (const tree of taskTrees(block.tree)) {
      const task = readYamlTask(tree, block, draft);
      if (!task) continue;
      used.add(block);
      task.phase ??= phase === null ? null : `phase-${phase}`;
      task.agent ??= draft.agents.find(({ from }) => from === section.from)?.id ?? null;
    }
  }
}

/** One task, a list of tasks, or a map with a list of them. */
function taskTrees(tree: Tree): readonly (Tree & { kind: 'map' })[] {
  if (tree.kind === 'list') return tree.items.filter((item) => item.kind === 'map');
  if (tree.kind !== 'map') return [];
  const inner = tree.entries.find(({ key }) => key === 'tasks')?.value;
  return inner ? taskTrees(inner) : [tree];
}

function readYamlTask(tree: Tree & { kind: 'map' }, block: Block & { kind: 'code' }, draft: Draft): DraftTask | null {
  const line = (at: Tree['at']): From => ({ ...block.from, line: block.from.line + at.line - 1 });
  const taken = new Set<string>();
  const take = (...keys: readonly string[]) => {
    for (const key of keys) taken.add(key);
    return tree.entries.find(({ key }) => keys.includes(key))?.value ?? null;
  };
  const id = take('task_id', 'id', 'task');
  if (id?.kind !== 'text') return null;
  const named = take('name', 'title');
  const doer = take('agent', 'owner', 'assignee');
  const task = taskFor(draft, slugged(id.value), named ? textOf(named) : id.value, line(id.at));
  const all = (...keys: readonly string[]): Sourced<string>[] => {
    const value = take(...keys);
    const items = value?.kind === 'list' ? value.items : value && value.kind !== 'nothing' ? [value] : [];
    return items.map((item) => ({ value: textOf(item), from: line(item.at) })).filter(({ value: text }) => text !== '');
  };
  if (doer) task.agent ??= doerOf(textOf(doer), draft);
  addTexts(task.files, all('files'));
  addTexts(task.deliverables, all('deliverables', 'outputs'));
  addTexts(task.acceptance, all('acceptance_criteria', 'acceptance', 'success_criteria'));
  addTexts(task.inputs, all('inputs', 'input_files'));
  addTexts(task.validation, all('validation'));
  for (const dependency of all('dependencies', 'depends_on', 'dependsOn'))
    task.dependsOn.push({ ...dependency, soft: false });
  const hours = take('estimated_hours', 'estimate', 'hours');
  const read =
    hours?.kind === 'number' ? ([hours.value, hours.value] as const) : hours && hoursOf(`${textOf(hours)} h`);
  if (hours && read && isEstimate(read)) task.estimate = { value: read, from: line(hours.at) };
  const priority = take('priority');
  if (priority) task.priority = { value: textOf(priority), from: line(priority.at) };
  addNotes(task, all('notes', 'description'));
  for (const entry of tree.entries.filter(({ key }) => !taken.has(key)))
    draft.notUnderstood.push({ ...line(entry.value.at), text: cleanText(`${entry.key}: ${textOf(entry.value)}`) });
  return task;
}

function slugged(id: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id) ? id : slug(id);
}

function textOf(tree: Tree): string {
  if (tree.kind === 'text') return cleanText(tree.value);
  return tree.kind === 'number' || tree.kind === 'flag' ? tree.source : '';
}

/** `| Workstream | Agent | Duration | Dependencies |`: rows that are no task yet become one. */
function readDurations(table: Block & { kind: 'table' }, draft: Draft, used: Used): void {
  const column = (name: RegExp) => table.head.findIndex((head) => name.test(head));
  const [time, waits, doer] = [column(/^(duration|time|hours)$/i), column(/^depend/i), column(/^agent$|^owner$/i)];
  if (time === -1 || waits === -1) return;
  used.addColumns(table, [0, time, waits, doer]);
  for (const { cells, from } of table.rows) {
    const name = cells[0] ?? '';
    const known = draft.tasks.find(({ id }) => name.toLowerCase().startsWith(id));
    const task = known ?? taskFor(draft, slug(name), name, from);
    const hours = hoursOf(cells[time] ?? '');
    if (hours) task.estimate ??= { value: hours, from };
    const waitings = waitsOf(cells[waits] ?? '', from).filter(({ value }) => value !== '');
    // What is known of it already says more than a table, but for an order to prefer.
    task.dependsOn.push(...waitings.filter(({ soft }) => soft || !known));
    if (!known) task.agent = doer === -1 ? null : slug(cells[doer] ?? '');
  }
}
