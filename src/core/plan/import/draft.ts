/** A plan that is being put together out of documents: every part knows the line it came from. */
import type { From } from './blocks.ts';

/** A value with the line it came from. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: From;
}

export type Texts = Sourced<string>[];

export interface DraftAgent {
  readonly id: string;
  /** `1`, `A`: how documents refer to it. */
  readonly number: string | null;
  readonly from: From;
  name: string;
  role: Sourced<string> | null;
  focus: Sourced<string> | null;
  priority: Sourced<string> | null;
  readOnly: From | null;
  prompt: Sourced<string> | null;
  readonly files: Texts;
  readonly inputs: Texts;
  readonly references: Texts;
}

/** A dependency in words, resolved when everything is known. */
export interface DraftDependency extends Sourced<string> {
  readonly soft: boolean;
}

export interface DraftTask {
  readonly id: string;
  readonly from: From;
  title: string;
  done: boolean;
  agent: string | null;
  phase: string | null;
  issue: number | null;
  estimate: Sourced<readonly [number, number]> | null;
  priority: Sourced<string> | null;
  notes: Sourced<string> | null;
  readonly dependsOn: DraftDependency[];
  readonly files: Texts;
  readonly inputs: Texts;
  readonly references: Texts;
  readonly deliverables: Texts;
  readonly acceptance: Texts;
  readonly validation: Texts;
}

export interface DraftMilestone {
  readonly id: string;
  readonly number: string | null;
  readonly from: From;
  title: string;
  owner: Sourced<string> | null;
  weeks: readonly [number, number] | null;
  done: boolean;
  /** What is said of the commit that it is; nothing: it is none. */
  readonly commit: { description?: Sourced<string>; message?: Sourced<string>; tag?: Sourced<string> };
  readonly tasks: string[];
  readonly deliverables: Texts;
  readonly dependsOn: DraftDependency[];
  /** In words: `after Agent 3`. */
  after: Sourced<string> | null;
}

export interface DraftGate {
  readonly id: string;
  readonly from: From;
  title: string;
  after: Sourced<string>[];
  before: Sourced<string>[];
  due: Sourced<readonly [number, number]> | null;
  onPass: Sourced<string> | null;
  readonly notes: Texts;
  readonly checks: DraftCheck[];
}

export interface DraftCheck extends Sourced<string> {
  readonly tolerance?: number;
  /** What a yes and what a no to it mean. */
  go?: Sourced<string>;
  noGo?: Sourced<string>;
}

/** One step of an emergency; `only`: where it is taken. */
export interface DraftStep extends Sourced<string> {
  readonly only: string | null;
}

export interface DraftPhase {
  readonly id: string;
  readonly number: string;
  readonly from: From;
  title: string;
  weeks: readonly [number, number] | null;
  readonly success: Texts;
  readonly validation: Texts;
}

export interface DraftHandover {
  readonly from: From;
  readonly giver: string;
  readonly taker: string;
  artefact: string;
  day: number | null;
  path: Sourced<string> | null;
  interface: Sourced<string> | null;
}

export interface DraftSection {
  readonly title: string;
  readonly from: From;
  readonly items: Texts;
}

export interface Draft {
  name: string;
  description: Sourced<string> | null;
  readonly agents: DraftAgent[];
  readonly tasks: DraftTask[];
  readonly milestones: DraftMilestone[];
  readonly gates: DraftGate[];
  readonly phases: DraftPhase[];
  readonly handovers: DraftHandover[];
  readonly syncPoints: (DraftSection & { readonly at: string | null; readonly digest: string })[];
  readonly checklists: (DraftSection & { readonly when: 'after-task' | 'end' })[];
  readonly emergencies: (Omit<DraftSection, 'items'> & {
    readonly when: string;
    readonly after: string | null;
    readonly items: readonly DraftStep[];
  })[];
  readonly risks: (DraftSection & { readonly impact: Sourced<string> | null })[];
  readonly launch: (DraftSection & { readonly after: Sourced<string> | null })[];
  readonly labels: Texts;
  readonly issueTemplates: (DraftSection & { readonly body: Sourced<string> })[];
  readonly commitExamples: Texts;
  commitTemplate: Sourced<string> | null;
  readonly rules: Texts;
  readonly success: (Sourced<string> & { readonly verify?: string })[];
  readonly todos: Texts;
  /** Paths of the project's tree, as a document draws it. */
  readonly tree: string[];
  readonly notUnderstood: { readonly file: string; readonly line: number; readonly text: string }[];
}

export function emptyDraft(): Draft {
  return {
    name: '',
    description: null,
    agents: [],
    tasks: [],
    milestones: [],
    gates: [],
    phases: [],
    handovers: [],
    syncPoints: [],
    checklists: [],
    emergencies: [],
    risks: [],
    launch: [],
    labels: [],
    issueTemplates: [],
    commitExamples: [],
    commitTemplate: null,
    rules: [],
    success: [],
    todos: [],
    tree: [],
    notUnderstood: [],
  };
}

export function agentFor(draft: Draft, id: string, number: string | null, from: From): DraftAgent {
  const known = draft.agents.find((agent) => agent.id === id || (number !== null && agent.number === number));
  if (known) return known;
  const agent: DraftAgent = {
    id,
    number,
    from,
    name: id,
    role: null,
    focus: null,
    priority: null,
    readOnly: null,
    prompt: null,
    files: [],
    inputs: [],
    references: [],
  };
  draft.agents.push(agent);
  return agent;
}

export function taskFor(draft: Draft, id: string, title: string, from: From): DraftTask {
  const known = draft.tasks.find((task) => task.id === id);
  if (known) return known;
  const task: DraftTask = {
    id,
    from,
    title,
    done: false,
    agent: null,
    phase: null,
    issue: null,
    estimate: null,
    priority: null,
    notes: null,
    dependsOn: [],
    files: [],
    inputs: [],
    references: [],
    deliverables: [],
    acceptance: [],
    validation: [],
  };
  draft.tasks.push(task);
  return task;
}

export function gateOf(id: string, title: string, from: From): DraftGate {
  return { id, from, title, after: [], before: [], due: null, onPass: null, notes: [], checks: [] };
}

/** Adds lines to what else is to be said of a task. */
export function addNotes(task: DraftTask, lines: readonly Sourced<string>[]): void {
  const [first] = lines;
  if (!first) return;
  const more = lines.map(({ value }) => value).join('\n');
  task.notes = task.notes
    ? { ...task.notes, value: `${task.notes.value}\n${more}` }
    : { value: more, from: first.from };
}

/** Adds texts that aren't there yet. */
export function addTexts<T extends Sourced<string>>(to: T[], more: readonly T[]): void {
  for (const text of more) if (!to.some(({ value }) => value === text.value)) to.push(text);
}
