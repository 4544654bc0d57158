/** Phases and milestones: how tasks are grouped, in time and by owner. */
import { command, flag, id, number, prose, text } from '../shape/leaves.ts';
import { list, may, need, oneOrMore, or, record } from '../shape/record.ts';
import type { Reads, Shape } from '../shape/shape.ts';
import { readText, shorten } from '../reader.ts';
import { treeKindName } from '../tree.ts';
import { dependency, ids, items, readings } from './task.ts';

/** Whole numbers from … to: 3, [5, 7], "5-7". */
const span: Shape<readonly [number, number]> = {
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
      { type: 'string', pattern: '^\\d+\\s*[-–]\\s*\\d+$' },
    ],
  },
  read(tree, what, { problems }) {
    const given =
      tree.kind === 'list'
        ? tree.items.map((entry) => (entry.kind === 'number' ? entry.value : -1))
        : tree.kind === 'number'
          ? [tree.value, tree.value]
          : tree.kind === 'text'
            ? (/^(\d+)\s*[-–]\s*(\d+)$/.exec(tree.value.trim()) ?? []).slice(1).map(Number)
            : [];
    const [from = -1, to = -1] = given;
    if (given.length === 2 && from >= 0 && to >= from && Number.isInteger(from) && Number.isInteger(to)) {
      return [from, to];
    }
    const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
    problems.error(tree.at, `${what} can't be ${got}; write 3 or [5, 7]`);
    return null;
  },
};

export const phase = record(
  {
    id: need(id, 'Its name wherever the plan points at it.', 'write "id: a"'),
    title: may(text({ max: 200 }), 'What it is about.'),
    weeks: may(span, 'Weeks it takes, counted from 1: 3 or [5, 7].'),
    agents: may(number(0, 64, true), 'How many agents are at work in it; checked against its tasks.'),
    parallel: or(flag, false, 'Its tasks run beside one another; a dependency among them is a contradiction then.'),
    success: or(items, [], 'What must be true at its end.'),
    validation: or(list(command, 'a command', '["npm test"]'), [], 'Commands that must exit 0 at its end.'),
    notes: may(prose, 'Anything else.'),
  },
  { noun: 'phase', nameKey: 'id', example: '- id: a, with "title: …" under it' },
);

export type PlanPhase = Reads<typeof phase>;

export interface PlanCommit {
  /** A template. */
  readonly message: string;
  readonly tag: string | null;
  /** Conventional Commits' word for what it is; null where the message says it. */
  readonly type: string | null;
  readonly description: string | null;
}

/** What a commit without a template of its own says: what it is, what landed, what was tested, and the figures. */
export const STANDARD_COMMIT = `{{milestone.type}}: {{milestone.description}}

{{milestone.changes}}

Tested: {{milestone.tested}}
Performance: {{milestone.performance}}`;

const fullCommit = record(
  {
    message: may(prose, 'Template of the message; left out: type, description, what landed, Tested: and Performance:.'),
    type: may(text({ max: 30 }), 'What it is: feat, fix, perf, …'),
    description: may(text({ max: 200 }), 'The subject; left out: the title of the milestone.'),
    tag: may(text({ max: 200 }), 'A tag for the commit.'),
  },
  { noun: 'commit', example: '"feat: …" or {type: feat, tag: …}' },
);

const commit: Shape<PlanCommit> = {
  schema: { anyOf: [{ type: 'string' }, fullCommit.schema] },
  read(tree, what, context) {
    if (tree.kind === 'map') {
      const given = fullCommit.read(tree, what, context);
      return given && { ...given, message: given.message ?? STANDARD_COMMIT };
    }
    const message = readText(tree, what, context.problems, { line: false, max: 10_000 });
    return message === null ? null : { message, tag: null, type: null, description: null };
  },
};

export const milestone = record(
  {
    id: need(id, 'Its name wherever the plan points at it.', 'write "id: a"'),
    title: may(text({ max: 200 }), 'What is reached with it.'),
    owner: may(id, 'The agent that answers for it.'),
    tasks: or(ids, [], 'Tasks that must be done for it.'),
    dependsOn: or(oneOrMore(dependency, 'a dependency', '[a, b]'), [], 'What its tasks wait for.'),
    weeks: may(span, 'Weeks it takes, counted from 1.'),
    deliverables: or(items, [], 'What must be there, beside the deliverables of its tasks.'),
    gate: may(id, 'The gate that ends it.'),
    commit: may(commit, 'The commit that records it: a template, or {message, type, description, tag}.'),
    labels: or(readings, [], 'Labels of its issues.'),
    done: or(flag, false, 'Reached before the plan began.'),
  },
  { noun: 'milestone', nameKey: 'id', example: '- id: a, with "tasks: [b]" under it' },
);

export type PlanMilestone = Reads<typeof milestone>;
