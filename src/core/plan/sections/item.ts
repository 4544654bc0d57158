/** Lines that are ticked off: deliverables, acceptance criteria, checklist lines. */
import type { HealthCommand } from '../model.ts';
import { readText } from '../reader.ts';
import { command, flag, path, text } from '../shape/leaves.ts';
import { may, need, or, record } from '../shape/record.ts';
import type { Shape } from '../shape/shape.ts';

/** A todo of a task, a checklist or a gate; ticked by a report, by a person, or by the command that proves it. */
export interface PlanItem {
  /** Lasts while the text and its owner's id do. */
  readonly id: string;
  readonly text: string;
  /** A file or folder that must be there; deliverables may have one. */
  readonly path: string | null;
  /** A command that proves it by exiting 0. */
  readonly verify: HealthCommand | null;
  readonly done: boolean;
}

const full = record(
  {
    text: need(text({ max: 500 }), 'What is to be true.', 'write what is to be true'),
    path: may(path, 'A file or folder that must be there when it is done.'),
    verify: may(command, 'A command that proves it by exiting 0.'),
    done: or(flag, false, 'Done already.'),
  },
  { noun: 'line to tick off', example: '- one line for each' },
);

/** Plain text, or a map with `verify`; its id is given later, where its owner is known. */
export const item: Shape<PlanItem> = {
  schema: { anyOf: [{ type: 'string', minLength: 1, maxLength: 500 }, full.schema] },
  read(tree, what, context) {
    if (tree.kind === 'map') {
      const read = full.read(tree, what, context);
      return read && { id: '', ...read };
    }
    const line = readText(tree, what, context.problems, { max: 500 });
    return line === null ? null : { id: '', text: line.trim(), path: null, verify: null, done: false };
  },
};
