/** Tasks: the plan's smallest assignable nodes, and what they wait for. */
import { command, duration, flag, hours, id, line, number, path, percent, prose, text, word } from '../shape/leaves.ts';
import { list, may, need, oneOrMore, or, record } from '../shape/record.ts';
import type { Reads, Shape } from '../shape/shape.ts';
import { item } from './item.ts';
import { prompt } from './prompt.ts';

export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export const priority = word(PRIORITIES);

export const paths = list(path, 'a file', '["src/parser.ts", "src/lexer/"]');
/** Things to read, also outside the repository or on the web: nothing is ever opened by llmctl. */
export const readings = list(line, 'an entry', '["docs/spec.md"]');
export const ids = oneOrMore(id, 'a reference', '[a, b]');
export const items = list(item, 'a line', '- one line for each');
export const lines = oneOrMore(text({ max: 2000 }), 'a line', '- one line for each');
export const commands = oneOrMore(command, 'a command', '["npm test"]');

/** What one task waits for before it may start. */
export interface PlanDependency {
  /** A task, milestone, gate or phase. */
  readonly target: string;
  readonly on: 'done' | 'started' | 'landed' | 'partial';
  /** With `partial`: from this progress on; null: when `deliverables` are there. */
  readonly percent: number | null;
  /** With `partial`: texts of the deliverables that are needed. */
  readonly deliverables: readonly string[];
  /** Only an order to prefer: nothing waits for it. */
  readonly soft: boolean;
}

const NODES = ['task', 'milestone', 'gate', 'phase'] as const;
const fullDependency = record(
  {
    task: may(id, 'The task that is waited for.'),
    milestone: may(id, 'The milestone that is waited for.'),
    gate: may(id, 'The gate that must have passed.'),
    phase: may(id, 'The phase that is waited for.'),
    on: or(word(['done', 'started', 'landed', 'partial']), 'done', 'How far it must have come.'),
    percent: may(percent, 'With "on: partial": the progress from which on this may start.'),
    deliverables: or(
      list(text({ max: 500 }), 'a deliverable', '[Tokenizer]'),
      [],
      'With "on: partial": what is needed.',
    ),
    soft: or(flag, false, 'An order to prefer; nothing waits for it.'),
    why: may(text(), 'What it is needed for.'),
  },
  { noun: 'dependency', example: '"a" or {task: a, on: started}' },
);

export const dependency: Shape<PlanDependency> = {
  schema: { anyOf: [id.schema, fullDependency.schema] },
  read(tree, what, context) {
    const { problems, places } = context;
    if (tree.kind !== 'map') {
      const target = id.read(tree, what, context);
      if (target === null) return null;
      const read: PlanDependency = { target, on: 'done', percent: null, deliverables: [], soft: false };
      places.set(read, tree.at);
      return read;
    }
    const full = fullDependency.read(tree, what, context);
    if (full === null) return null;
    const named = NODES.filter((kind) => full[kind] !== null);
    if (named.length !== 1) {
      problems.error(tree.at, `${what} must name one task, milestone, gate or phase; write {task: a, on: started}`);
      return null;
    }
    const { percent: share, deliverables, soft, on } = full;
    const partly = share !== null || deliverables.length > 0;
    if (partly !== (on === 'partial')) {
      const remedy = 'write {task: a, on: partial, percent: 50} or name deliverables';
      problems.error(tree.at, `${what} must say both "on: partial" and what part of it; ${remedy}`);
      return null;
    }
    const read: PlanDependency = { target: full[named[0]!]!, on, percent: share, deliverables, soft };
    places.set(read, places.field(full, named[0]!));
    return read;
  },
};

export const task = record(
  {
    id: need(id, 'Its name wherever the plan points at it.', 'write "id: a"'),
    title: may(text({ max: 200 }), 'What it is, in one line.'),
    agent: may(id, 'The agent that does it.'),
    phase: may(id, 'The phase it belongs to.'),
    dependsOn: or(oneOrMore(dependency, 'a dependency', '[a, b]'), [], 'What it waits for.'),
    runsBeside: or(ids, [], 'Tasks that are to run at the same time.'),
    estimateHours: may(hours, 'Hours of work: 3, [2, 4] or "2-4h".'),
    files: or(paths, [], 'Files, folders (with "/" behind) or globs that it changes.'),
    inputs: or(readings, [], 'What it starts from.'),
    references: or(readings, [], 'What else is worth reading.'),
    deliverables: or(items, [], 'What must be there when it is done.'),
    acceptance: or(items, [], 'What must be true when it is done; "verify" proves a line by a command.'),
    validation: or(commands, [], 'Commands that must exit 0 when it is done.'),
    prompt: may(prompt, 'What the agent is told; a template over the plan. Default: that of its agent.'),
    priority: or(priority, 'medium', 'Which of the ready tasks go first.'),
    labels: or(readings, [], 'Labels of its issue.'),
    issue: may(number(1, 10_000_000, true), 'Its number where the issue is there already.'),
    commit: may(prose, 'Template of its commit message.'),
    notes: may(prose, 'Anything else the agent should know.'),
    stuckAfter: may(
      duration(1000, 7 * 24 * 3_600_000),
      'How long its agent may show no progress; default: as the plan has it.',
    ),
    done: or(flag, false, 'Done before the plan began.'),
  },
  { noun: 'task', nameKey: 'id', example: '- id: a, with "title: …" and "agent: …" under it' },
);

export type PlanTask = Reads<typeof task>;
