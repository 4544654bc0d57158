import type { Commands, RoomFacts } from './commands.ts';

/** What has the keys. The contexts of one moment are tried in turn, the most particular first. */
export const KEY_CONTEXTS = [
  'control',
  'asked',
  'pane',
  'scroll',
  'select',
  'list',
  'metrics',
  'log',
  'event',
  'past',
  'todos',
  'build',
  'failures',
  'alerts',
  'emergencies',
  'digests',
  'overlaps',
  'merge',
  'edit',
  'git',
  'diff',
  'plan',
  'task',
  'gate',
  'permission',
  'palette',
  'send',
  'input',
  'confirm',
] as const;
export type KeyContext = (typeof KEY_CONTEXTS)[number];

export const CONTEXT_TITLES: Readonly<Record<KeyContext, string>> = {
  control: 'Control mode',
  asked: 'While the agent asks for a permission',
  pane: 'Pane mode',
  scroll: 'Scrollback',
  select: 'Selecting in the scrollback',
  list: 'Lists and pages',
  metrics: 'Metrics',
  log: 'Log',
  event: 'An event of the log',
  past: 'The room as it was',
  todos: 'Todo list',
  build: 'Build health',
  failures: 'Failures of a check',
  alerts: 'Alerts',
  emergencies: 'Emergencies',
  digests: 'Sync points',
  overlaps: 'Overlaps',
  merge: 'Merge screen',
  edit: 'Editing a conflict in place',
  git: 'Git screen',
  diff: 'Diff of an agent',
  plan: 'Plan screen',
  task: 'Page of a task',
  gate: 'Gate',
  permission: 'What an agent asks',
  palette: 'Palette and new agent',
  send: 'Send a line',
  input: 'Typing in a field',
  confirm: 'Questions',
};

/** One command and its keys: a row of the table that footer, help, palette, README and overrides are made of. */
export interface Binding {
  /** What the config calls it: `keys: {ID: KEY}`. */
  readonly id: string;
  /** One or two words, for footer and palette. */
  readonly title: string;
  /** A line for help and README. */
  readonly description: string;
  /** Names as input/events.ts writes them. */
  readonly keys: readonly string[];
  readonly when: readonly KeyContext[];
  /** Place in the footer, small ones first; left out where the footer doesn't show it. */
  readonly footer?: number;
  /** Whether the palette offers it; it does for every command of control mode but the movements. */
  readonly palette?: boolean;
  /** Why it can't run now, in words for the status line; null when it can. */
  disabled?(facts: RoomFacts): string | null;
  run(commands: Commands, key: string): void;
}

/** The binding of `key`, in the first of `contexts` that has one. */
export function findBinding(
  table: readonly Binding[],
  contexts: readonly KeyContext[],
  key: string,
): Binding | undefined {
  for (const context of contexts) {
    const found = table.find((binding) => binding.when.includes(context) && binding.keys.includes(key));
    if (found) return found;
  }
  return undefined;
}

/** What the footer shows: bindings of these contexts that can run now, in their order. */
export function footerBindings(
  table: readonly Binding[],
  contexts: readonly KeyContext[],
  facts: RoomFacts,
): readonly Binding[] {
  return table
    .filter((binding) => binding.footer !== undefined && binding.keys.length > 0)
    .filter((binding) => binding.when.some((context) => contexts.includes(context)))
    .filter((binding) => !binding.disabled?.(facts))
    .sort((a, b) => a.footer! - b.footer!);
}
