/** The sections of a plan whose keys are read by their shapes; those read by hand have their schema in `schema.ts`. */
import { prose } from '../shape/leaves.ts';
import { list, mapOf, may, or } from '../shape/record.ts';
import type { Shape } from '../shape/shape.ts';
import { readText } from '../reader.ts';
import { budget, permission } from './agents-limits.ts';
import { failureRules } from './failures.ts';
import { gate } from './gate.ts';
import { commits, expected, github, risk } from './outside.ts';
import { prompt } from './prompt.ts';
import type { PlanPrompt } from './prompt.ts';
import { milestone, phase } from './stages.ts';
import { items, lines, task } from './task.ts';
import { checklist, emergency, handover, launchStep, limits, stuck, syncPoint } from './working.ts';

/** Far above any plan; what is checked must end in a second. */
const MAX_TASKS = 5000;
const NAME = { pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/, remedy: 'use letters, digits, _ and -, a letter first' };

/** A value of a variable: text, or a number or flag as it is written. */
const variable: Shape<string> = {
  schema: { type: ['string', 'number', 'boolean'] },
  read(tree, what, { problems }) {
    if (tree.kind === 'number' || tree.kind === 'flag') return tree.source;
    return readText(tree, what, problems, { line: false, empty: true, max: 10_000 });
  },
};

const none = <T>(): readonly T[] => [];

export const SECTIONS = {
  description: may(prose, 'What the plan is for.'),
  vars: or(
    mapOf(variable, NAME, '"NAME: value" under it'),
    {} as Readonly<Record<string, string>>,
    'Values for {{vars.NAME}}.',
  ),
  prompts: or(
    mapOf(prompt, NAME, '"NAME: text" under it'),
    {} as Readonly<Record<string, PlanPrompt>>,
    'Templates that tasks and agents use by name.',
  ),
  phases: or(list(phase, 'a phase', '- id: a'), none(), 'Stages of the plan in their order.'),
  milestones: or(list(milestone, 'a milestone', '- id: a'), none(), 'Groups of tasks with an owner.'),
  tasks: or(list(task, 'a task', '- id: a', MAX_TASKS), none(), 'What is to be done.'),
  gates: or(list(gate, 'a gate', '- id: a'), none(), 'What must hold before work goes on.'),
  handovers: or(list(handover, 'a handover', '- {from: a, to: b, artefact: …}'), none(), 'What tasks owe each other.'),
  syncPoints: or(
    list(syncPoint, 'a sync point', '- {title: Morning, at: "09:00"}'),
    none(),
    'When all is looked over.',
  ),
  checklists: or(list(checklist, 'a checklist', '- {id: end, when: end}'), none(), 'What is gone through, and when.'),
  emergencies: or(list(emergency, 'an emergency', '- {when: stuck, after: 30m}'), none(), 'What is done when.'),
  stuck: may(stuck, 'When an agent counts as stuck, and what is done about it.'),
  failures: or(failureRules, none(), 'What failures of checks are, and who is told of them.'),
  limits: may(limits, 'How much is done at once, and how often it is tried.'),
  permissions: or(
    list(permission, 'a rule', '- {answer: allow, commands: ["npm test"]}'),
    none(),
    'Answers to what agents ask before they do it; the first rule that is about a question counts.',
  ),
  budget: may(budget, 'What agents may spend.'),
  commits: may(commits, 'How commits are written.'),
  github: may(github, 'Labels, issues and milestones on GitHub.'),
  risks: or(list(risk, 'a risk', '- {title: …, mitigation: …}'), none(), 'What may go wrong.'),
  launch: or(list(launchStep, 'a launch step', '- {start: [a]}'), none(), 'What is started when.'),
  rules: or(lines, none(), 'Ways of working that every agent is told.'),
  success: or(items, none(), 'What must be true when all is done.'),
  expected: may(expected, 'Figures the plan is checked against.'),
};
