/** Gates: what must hold before what depends on it may start, and what happens where it doesn't hold. */
import type { Threshold } from '../../health/threshold.ts';
import type { HealthCommand } from '../model.ts';
import { readText, shorten } from '../reader.ts';
import { command, duration, id, number, percent, prose, text, word } from '../shape/leaves.ts';
import { list, may, need, or, record } from '../shape/record.ts';
import type { Reads, Shape } from '../shape/shape.ts';
import { hours } from '../shape/leaves.ts';
import { ids } from './task.ts';

export type PlanCheck =
  | { readonly kind: 'command'; readonly text: string; readonly run: HealthCommand; readonly timeoutMs: number }
  | ({
      readonly kind: 'threshold';
      /** Prints the figure; null: a person is asked for it. */
      readonly run: HealthCommand | null;
    } & Threshold)
  | {
      readonly kind: 'person';
      readonly text: string;
      /** What yes and what no mean. */
      readonly go: string | null;
      readonly noGo: string | null;
    };

export interface PlanLimit {
  readonly op: '<' | '<=' | '>' | '>=' | '=';
  readonly value: number;
  /** Left out: as the check has it. */
  readonly unit?: string;
}

export type PlanOnFail =
  | { readonly kind: 'reassess' }
  | { readonly kind: 'retry'; readonly times: number }
  | { readonly kind: 'fallback'; readonly task: string };

const LIMIT = /^\s*(<=|>=|<|>|=|≤|≥)\s*(-?\d+(?:\.\d+)?)\s*([a-zA-Zµμ%]+(?:\/[a-zA-Z]+)?)?\s*$/;

export const limit: Shape<PlanLimit> = {
  schema: { type: 'string', pattern: LIMIT.source },
  read(tree, what, { problems }) {
    const written = readText(tree, what, problems, { max: 60 });
    if (written === null) return null;
    const found = LIMIT.exec(written);
    if (!found) {
      problems.error(tree.at, `${what} can't be "${shorten(written)}"; write one such as "< 5 s" or ">= 80 %"`);
      return null;
    }
    const op = found[1]!.replace('≤', '<=').replace('≥', '>=') as PlanLimit['op'];
    return { op, value: Number(found[2]), ...(found[3] === undefined ? {} : { unit: found[3] }) };
  },
};

const TEN_MINUTES = 600_000;
export const figure: Shape<string> = {
  schema: { type: ['string', 'number'] },
  read: (tree, what, { problems }) => (tree.kind === 'number' ? tree.source : readText(tree, what, problems)),
};

const full = record(
  {
    text: may(text({ max: 500 }), 'The check in words.'),
    run: may(command, 'A command; alone it must exit 0, with a threshold it prints the figure.'),
    timeout: or(duration(1, 24 * 3_600_000), TEN_MINUTES, 'How long the command may take.'),
    threshold: may(text({ max: 200 }), 'What is measured.'),
    metric: may(text(), 'A pattern whose first group is the figure in the output.'),
    limit: may(limit, 'What the figure must keep to: "< 5", ">= 80".'),
    baseline: may(figure, 'A figure, or a file that holds it, to compare with.'),
    tolerance: or(percent, 0, 'Percent by which it may be worse than the baseline.'),
    better: or(word(['lower', 'higher']), 'lower', 'Which way the figure gets better.'),
    unit: may(text({ max: 20 }), 'The unit of the figure.'),
    person: may(text({ max: 500 }), 'A question that a person answers.'),
    go: may(text(), 'What a yes means.'),
    noGo: may(text(), 'What a no means.'),
  },
  { noun: 'check', example: '"text that a person confirms", {run: make} or {threshold: time, run: …, limit: "< 5"}' },
);

const check: Shape<PlanCheck> = {
  schema: { anyOf: [{ type: 'string' }, full.schema] },
  read(tree, what, context) {
    if (tree.kind !== 'map') {
      const line = readText(tree, what, context.problems, { max: 500 });
      return line === null ? null : { kind: 'person', text: line, go: null, noGo: null };
    }
    const read = full.read(tree, what, context);
    return (
      read &&
      checkOf(read, () => {
        const remedy = 'write {run: make}, {threshold: time, run: …, limit: "< 5"} or {person: "Go on?"}';
        context.problems.error(tree.at, `${what} says nothing that can be checked; ${remedy}`);
      })
    );
  },
};

function checkOf(read: Reads<typeof full>, refuse: () => void): PlanCheck | null {
  const { run, metric, limit, baseline, tolerance, better, unit, go, noGo } = read;
  if (read.threshold !== null) {
    if (limit === null && baseline === null) {
      refuse();
      return null;
    }
    const said = read.text ?? read.threshold;
    return { kind: 'threshold', text: said, run, metric, limit, baseline, tolerance, better, unit };
  }
  if (run !== null) {
    const shown = run.kind === 'shell' ? run.line : run.argv.join(' ');
    return { kind: 'command', text: read.text ?? shown, run, timeoutMs: read.timeout };
  }
  const question = read.person ?? read.text;
  if (question !== null) return { kind: 'person', text: question, go, noGo };
  refuse();
  return null;
}

const RETRIES = 1;
const fullOnFail = record(
  {
    fallback: may(id, 'A task to do instead.'),
    retry: may(number(1, 100, true), 'How often the work before it is tried again.'),
  },
  { noun: 'answer to a failure', example: 'reassess, retry or "fallback TASK"' },
);

export const onFail: Shape<PlanOnFail> = {
  schema: {
    anyOf: [{ enum: ['reassess', 'retry'] }, { type: 'string', pattern: '^fallback \\S+$' }, fullOnFail.schema],
  },
  read(tree, what, context) {
    const { problems, places } = context;
    const read = ((): PlanOnFail | null => {
      if (tree.kind === 'map') {
        const given = fullOnFail.read(tree, what, context);
        if (given?.fallback) return { kind: 'fallback', task: given.fallback };
        return given?.retry ? { kind: 'retry', times: given.retry } : null;
      }
      const said = tree.kind === 'text' ? tree.value.trim() : '';
      if (said === 'reassess') return { kind: 'reassess' };
      if (said === 'retry') return { kind: 'retry', times: RETRIES };
      const fallback = /^fallback\s+(\S+)$/.exec(said)?.[1];
      return fallback === undefined ? null : { kind: 'fallback', task: fallback };
    })();
    if (read === null) {
      const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : tree.kind;
      problems.error(tree.at, `${what} can't be ${got}; write reassess, retry or "fallback TASK"`);
    } else {
      places.set(read, tree.at);
    }
    return read;
  },
};

export const gate = record(
  {
    id: need(id, 'Its name wherever the plan points at it.', 'write "id: a"'),
    title: may(text({ max: 200 }), 'What it is called; a plan may speak of checkpoints here.'),
    after: or(ids, [], 'Tasks, milestones or phases that must be done before it is looked at.'),
    before: or(ids, [], 'Tasks, milestones or phases that may not start until it has passed.'),
    dueHours: may(hours, 'When it is to be looked at, in hours since what it follows began.'),
    checks: or(list(check, 'a check', '- {run: make}'), [], 'All must hold.'),
    onPass: may(prose, 'What a pass means.'),
    onFail: or(onFail, { kind: 'reassess' } as PlanOnFail, 'reassess (a person decides), retry, or "fallback TASK".'),
    notes: may(prose, 'Anything else.'),
  },
  { noun: 'gate', nameKey: 'id', example: '- id: a, with "after: [task]" and "checks:" under it' },
);

export type PlanGate = Reads<typeof gate>;
