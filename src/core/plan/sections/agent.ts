/** What an agent of a plan is there for, beside how it is launched. */
import { duration, flag, number, prose, text, word } from '../shape/leaves.ts';
import { may, or, record } from '../shape/record.ts';
import { prompt } from './prompt.ts';
import { paths, priority, readings } from './task.ts';

const limits = record(
  {
    hours: may(number(0, 100_000), 'Hours of work it may be given in all.'),
    hoursPerWeek: may(number(0, 168), 'Hours of work it may be given in a week; phases say how many they last.'),
  },
  { noun: 'set of limits', example: '{hours: 40}' },
);

export const AGENT_WORK = {
  prompt: may(prompt, 'What it is told; a template over the plan, filled in for each of its tasks.'),
  role: may(text({ max: 200 }), 'Its part, in a few words.'),
  focus: may(prose, 'What it concentrates on.'),
  model: may(text({ max: 100 }), 'The model it is asked to use; what that means is up to its profile.'),
  permission: may(
    word(['ask', 'edits', 'plan', 'all']),
    'How its CLI is started: ask (before it edits or runs anything), edits (unasked), plan (it only reads), all (nothing is asked).',
  ),
  files: or(paths, [], 'Files, folders and globs that are its own.'),
  inputs: or(readings, [], 'What it starts from.'),
  references: or(readings, [], 'What else is worth reading.'),
  readOnly: or(flag, false, 'It only looks: it is to change no file.'),
  priority: or(priority, 'medium' as const, 'Which of the agents go first.'),
  stuckAfter: may(duration(1000, 7 * 24 * 3_600_000), 'How long it may show no progress; default: as the plan has it.'),
  limits: may(limits, 'How much it may be given.'),
};
