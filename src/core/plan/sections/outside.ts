/** What the plan says about the world around it: commits, GitHub, risks, and figures to be checked against. */
import { hours, id, line, number, prose, text, word } from '../shape/leaves.ts';
import { list, may, need, or, record } from '../shape/record.ts';
import type { Reads } from '../shape/shape.ts';
import { ids, lines, readings } from './task.ts';
import { prompt } from './prompt.ts';

export const commits = record(
  {
    style: or(word(['free', 'conventional']), 'free', 'How subjects are written.'),
    types: or(readings, [], 'Types that subjects may begin with.'),
    template: may(prose, 'Template of messages: {{task.title}}, {{agent.name}} …'),
    trailers: or(readings, [], 'Trailers such as "Co-Authored-By: …".'),
    examples: or(readings, [], 'Messages as they should be.'),
  },
  { noun: 'set of commit rules', example: '{style: conventional}' },
);
export type PlanCommits = Reads<typeof commits>;

const label = record(
  {
    name: need(text({ max: 50 }), 'The label.', 'write "name: …"'),
    color: may(text({ max: 7 }), 'Six hex digits.'),
    description: may(text({ max: 100 }), 'What it is for.'),
  },
  { noun: 'label', nameKey: 'name', example: '- {name: blocked}' },
);

const issueTemplate = record(
  {
    id: need(id, 'Its name.', 'write "id: task"'),
    title: may(text({ max: 200 }), 'Title of the issue; a template.'),
    body: need(prompt, 'Body of the issue; a template.', 'write "body: |" and the text under it'),
    labels: or(readings, [], 'Labels of such issues.'),
  },
  { noun: 'issue template', nameKey: 'id', example: '- {id: task, body: …}' },
);

export const github = record(
  {
    repo: may(text({ max: 140 }), 'owner/name; default: that of the remote.'),
    labels: or(list(label, 'a label', '- {name: blocked}'), [], 'Labels to make.'),
    issueTemplates: or(list(issueTemplate, 'an issue template', '- {id: task, body: …}'), [], 'Bodies of issues.'),
    issues: or(word(['none', 'tasks', 'milestones']), 'none', 'What gets an issue.'),
    milestones: or(word(['none', 'milestones', 'phases']), 'none', 'What becomes a milestone there.'),
  },
  { noun: 'GitHub mapping', example: '{issues: tasks}' },
);
export type PlanGithub = Reads<typeof github>;

export const risk = record(
  {
    id: may(id, 'Its name.'),
    title: need(text({ max: 300 }), 'What may go wrong.', 'write "title: …"'),
    impact: may(word(['low', 'medium', 'high', 'critical']), 'How bad that is.'),
    affects: or(ids, [], 'Tasks, milestones or agents that it would hit.'),
    why: may(line, 'What it would block.'),
    mitigation: or(lines, [], 'What is done about it.'),
    fallback: may(id, 'A task to do instead.'),
  },
  { noun: 'risk', nameKey: 'title', example: '- {title: …, mitigation: …}' },
);
export type PlanRisk = Reads<typeof risk>;

const many = number(0, 100_000, true);

/** Figures that a plan names in words elsewhere: where they disagree with what it holds, it contradicts itself. */
export const expected = record(
  {
    agents: may(many, 'Agents in the plan.'),
    tasks: may(many, 'Tasks in the plan.'),
    phases: may(many, 'Phases in the plan.'),
    milestones: may(many, 'Milestones in the plan.'),
    gates: may(many, 'Gates in the plan.'),
    handovers: may(many, 'Handovers in the plan.'),
    deliverables: may(many, 'Deliverables of all tasks and milestones.'),
    prompts: may(many, 'Prompts in the plan.'),
    files: may(many, 'Different files that tasks change.'),
    totalHours: may(hours, 'Hours of all tasks together.'),
    criticalHours: may(hours, 'Hours along the critical path.'),
  },
  { noun: 'set of expected figures', example: '{agents: 4, tasks: 12}' },
);
export type PlanExpected = Reads<typeof expected>;
