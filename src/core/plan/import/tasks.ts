/** Tasks under headings of their own, and in lists. */
import { cleanText, isUnder, valueOf } from './blocks.ts';
import type { From, Section, Used } from './blocks.ts';
import { addNotes, taskFor } from './draft.ts';
import type { Draft, DraftTask } from './draft.ts';
import { fill } from './people.ts';
import { hoursOf, PHASE, slug } from './refs.ts';

/** The agent that a name or `Agent 2` means; null: nobody that is known. */
export function doerOf(words: string, draft: Draft): string | null {
  const number = /^agent[\s-]*(\d+|[A-Z])$/i.exec(words)?.[1]?.toUpperCase();
  const id = slug(words);
  return draft.agents.find((agent) => agent.id === id || (number !== undefined && agent.number === number))?.id ?? null;
}

const TASK = /^task\s*(\d+|[A-Z]+-\d+)\s*[:–—-]\s*(.+)$/i;

export function isTask(text: string): boolean {
  return TASK.test(cleanText(text));
}

/** `### Task 3: Build the parser`, with its agent, hours and criteria below. */
export function readTaskHeading(section: Section, draft: Draft, used: Used): void {
  const [, number, title] = TASK.exec(cleanText(section.title)) ?? [];
  if (number === undefined || title === undefined) return;
  used.add(section);
  const task = taskFor(draft, /^\d+$/.test(number) ? `task-${number}` : number, title, section.from);
  fill(section, task, used);
  const doer = valueOf(section, /^(agent|owner|assignee|assigned to)$/i, used);
  const above = draft.agents.find(({ from }) => from === section.parent?.from);
  task.agent ??= (doer ? doerOf(doer.value, draft) : null) ?? above?.id ?? null;
  task.phase ??= section.parent && phaseOf(section.parent, draft);
}

/** `- [ ] Task 2: Weld (Agent 2, 2-4h, after Task 1)` in a list below a phase, or anywhere. */
export function readTaskItems(section: Section, draft: Draft, used: Used): void {
  if (isUnder(section, /prompts?\b|templates?$/i)) return;
  for (const block of section.blocks) {
    if (block.kind !== 'list') continue;
    for (const item of block.items) {
      const [, number, said] = TASK.exec(cleanText(item.text)) ?? [];
      if (number === undefined || said === undefined) continue;
      used.add(item);
      const [, title, more] = /^(.+?)\s*\(([^)]*)\)\s*$/.exec(said) ?? [said, said, ''];
      const task = taskFor(draft, /^\d+$/.test(number) ? `task-${number}` : number, title!, item.from);
      if (item.checked === true) task.done = true;
      for (const part of more!.split(/[,;]\s*/)) readPart(part, item.from, task, draft);
      task.phase ??= phaseOf(section, draft);
    }
  }
}

function readPart(part: string, from: From, task: DraftTask, draft: Draft): void {
  const hours = hoursOf(part);
  const waits = /^(?:after|depends on|needs|waits for|blocked by)\s+(.+)$/i.exec(part)?.[1];
  const doer = doerOf(part, draft);
  if (waits !== undefined) task.dependsOn.push({ value: waits, from, soft: false });
  else if (doer !== null) task.agent ??= doer;
  else if (hours) task.estimate ??= { value: hours, from };
  else if (part !== '') addNotes(task, [{ value: part, from }]);
}

function phaseOf(section: Section, draft: Draft): string | null {
  const phase = PHASE.exec(cleanText(section.title))?.[1];
  return phase !== undefined && draft.phases.some((one) => one.number === phase) ? `phase-${phase}` : null;
}
