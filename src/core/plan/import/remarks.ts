/** What stands below headings of their own in a task's section: whoever does the task is to read it, as its notes. */
import { cleanText, sectionsOf } from './blocks.ts';
import type { Section, Used } from './blocks.ts';
import { addNotes } from './draft.ts';
import type { Draft, DraftTask, Sourced } from './draft.ts';
import { unusedOf } from './tell.ts';

/** Runs last: what nothing else made use of is left. Lines right below the task's heading are told, as they may mean more. */
export function noteRemarks(root: Section, draft: Draft, used: Used): void {
  const tasks = new Map(draft.tasks.map((task) => [task.from, task]));
  for (const section of sectionsOf(root)) {
    const task = tasks.get(section.from);
    if (!task) continue;
    for (const below of sectionsOf(section)) {
      if (below !== section && !tasks.has(below.from)) noteOf(below, task, draft, used);
    }
  }
}

function noteOf(section: Section, task: DraftTask, draft: Draft, used: Used): void {
  const lines = section.blocks.flatMap((block) => {
    const left = unusedOf(block, used);
    used.addWhole(block);
    const mark = block.kind === 'list' ? '- ' : '';
    return left.map(({ text, from, depth }): Sourced<string> => ({
      value: `${'  '.repeat(depth)}${mark}${text}`,
      from,
    }));
  });
  if (lines[0] === undefined) return;
  const title = cleanText(section.title);
  addNotes(task, [{ value: `${title}:`, from: lines[0].from }, ...lines]);
  draft.notUnderstood.push({ ...section.from, text: `${title}: kept as it stands, in the notes of ${task.id}` });
}
