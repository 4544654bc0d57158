/** What scripted agents write: a section of its own for every task, in every file that the task declares. */
import { insidePath } from '../plan/inside-path.ts';
import type { Plan } from '../plan/model.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { doerOf } from './doer.ts';
import type { Meeting } from './meetings.ts';

/** More lines than any two changes have to be apart to be combined. */
const APART = 20;
/** No two alike: a diff is to find its place among them. */
const FILLER = /^# \. \d+$/;

const foldersOf = new WeakMap<Plan, ReadonlySet<string>>();

/** Files that the task writes, relative to the repository; one at least. Every line of them begins with `#`. */
export function filesOf(plan: Plan, task: PlanTask): readonly string[] {
  const declared = [...task.files, ...task.deliverables.flatMap(({ path }) => path ?? [])];
  const files = declared.flatMap((path) => concrete(plan, path, task.id) ?? []);
  return files.length === 0 ? [`rehearsal/${task.id}.txt`] : [...new Set(files)];
}

/** A file for a path that may be a folder or a pattern; null where it can't be written. */
function concrete(plan: Plan, path: string, task: string): string | null {
  const isPattern = /[*?[\]{}]/.test(path);
  const plain = path
    .replaceAll('**/', '')
    .replaceAll(/\*+/g, task)
    .replaceAll(/\{([^,}]*)[^}]*\}/g, '$1')
    .replaceAll(/[?[\]{}]/g, 'x');
  const inside = insidePath(plain);
  if (inside === null || /^\.(git|llmctl)(\/|$)/.test(inside)) return null;
  const isFolder = inside === '.' || plain.endsWith('/') || (!isPattern && folders(plan).has(inside));
  return isFolder ? `${inside === '.' ? '' : `${inside}/`}${task}.txt` : inside;
}

/** Folders that something of the plan stands in. */
function folders(plan: Plan): ReadonlySet<string> {
  const known = foldersOf.get(plan);
  if (known) return known;
  const found = new Set<string>();
  for (const { files, deliverables } of plan.tasks) {
    for (const path of [...files, ...deliverables.flatMap((item) => item.path ?? [])]) {
      const parts = path.replaceAll('./', '').split('/');
      for (let count = 1; count < parts.length; count++) found.add(parts.slice(0, count).join('/'));
    }
  }
  foldersOf.set(plan, found);
  return found;
}

export const sectionLine = (task: string): string => `# -- ${task} --`;
const meetingLine = ({ tasks }: Meeting): string => `# -- ${tasks.join(' meets ')} --`;

/** Files that are there before anybody begins: those that several tasks write, and those that some start from. */
export function firstFiles(plan: Plan, meetings: readonly Meeting[]): ReadonlyMap<string, string> {
  const writers = new Map<string, string[]>();
  for (const task of plan.tasks) {
    for (const path of filesOf(plan, task)) writers.set(path, [...(writers.get(path) ?? []), task.id]);
  }
  // What a person owes is there from the start: nobody writes it.
  const given = new Set(
    plan.tasks.filter((task) => doerOf(plan, task) === null).flatMap((task) => filesOf(plan, task)),
  );
  const met = new Set([...given, ...meetings.map(({ path }) => path)]);
  const files = new Map<string, string>();
  for (const path of readOf(plan)) if (!writers.has(path)) files.set(path, `# ${path}\n`);
  for (const [path, tasks] of writers) {
    if (tasks.length < 2 && !met.has(path)) continue;
    const sections = [
      ...tasks.map(sectionLine),
      ...meetings.filter((one) => one.path === path).map(meetingLine),
    ].flatMap((line) => [line, ...Array.from({ length: APART }, (_, at) => `# . ${at + 1}`)]);
    files.set(path, `${[`# ${path}`, ...sections].join('\n')}\n`);
  }
  return files;
}

/** Inputs and references that are files of the repository, by their looks. */
function readOf(plan: Plan): readonly string[] {
  const named = [...plan.tasks, ...plan.agents].flatMap(({ inputs, references }) => [...inputs, ...references]);
  const paths = named.flatMap((text) => (/^[\w.-]+(\/[\w.-]+)*\.\w+$/.test(text) ? (insidePath(text) ?? []) : []));
  const inUse = folders(plan);
  const all = new Set(paths);
  const parents = new Set(
    [...all].flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
  );
  return [...all].filter((path) => !inUse.has(path) && !parents.has(path) && !/^\.(git|llmctl)(\/|$)/.test(path));
}

/** `text` with a line in the task's section; the section is made where the file has none. */
export function written(text: string, task: string, line: string): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  if (lines.includes(line)) return text;
  const at = lines.indexOf(sectionLine(task));
  if (at >= 0) lines.splice(at + 1, 0, line);
  else lines.push(sectionLine(task), line);
  return `${lines.join('\n')}\n`;
}

/** `text` as one side of a meeting leaves it; as it is where there is no place to meet. */
export function met(text: string, meeting: Meeting, task: string): string {
  const lines = text.split('\n');
  const at = lines.indexOf(meetingLine(meeting));
  // Next to each other with one line between, or the very same line.
  const where = at + 1 + (meeting.how === 'near' && task === meeting.tasks[1] ? 2 : 0);
  if (at < 0 || !FILLER.test(lines[where] ?? '')) return text;
  lines[where] = `# ${task} was here`;
  return lines.join('\n');
}

/** `text` without the lines that say what is wrong with the task. */
export function mended(text: string, task: string): string {
  const wrong = new Set([brokenLine(task), shortLine(task)]);
  return text
    .split('\n')
    .filter((line) => !wrong.has(line))
    .join('\n');
}

/** What a task leaves in its files. @param part from 1 */
export const partLine = (task: string, part: number): string => `# ${task}, part ${part}`;
export const PART = /^# ([A-Za-z0-9_-]+), part [0-9]+$/;

/** Lines by which stand-ins for commands know how the work stands. */
export const brokenLine = (task: string): string => `# rehearsal: ${task} breaks the build`;
export const shortLine = (task: string): string => `# rehearsal: ${task} falls short`;
export const againLine = (gate: string): string => `# rehearsal: done again for gate ${gate}`;
export const BROKEN = /^# rehearsal: ([\w-]+) breaks the build$/;
