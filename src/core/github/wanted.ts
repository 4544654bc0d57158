/** What a plan wants to be on GitHub: labels, milestones and issues, each with a marker to be found again by. */
import { COORDINATOR, type Plan, type PlanAgent } from '../plan/model.ts';
import { renderTemplate } from '../plan/prompt/template.ts';
import { promptText, templateValues, type TemplateSubject } from '../plan/prompt/values.ts';
import type { PlanGithub } from '../plan/sections/outside.ts';
import type { PlanMilestone } from '../plan/sections/stages.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { oneLine } from '../text.ts';

export interface WantedLabel {
  readonly name: string;
  /** Six hex digits; null: GitHub's choice. */
  readonly color: string | null;
  readonly description: string | null;
}

export interface WantedMilestone {
  /** Its id in the plan. */
  readonly id: string;
  readonly title: string;
  /** Ends in the marker. */
  readonly description: string;
  readonly marker: string;
}

export interface WantedIssue {
  readonly id: string;
  readonly title: string;
  /** Ends in the marker. */
  readonly body: string;
  readonly marker: string;
  readonly labels: readonly string[];
  /** Id of a wanted milestone. */
  readonly milestone: string | null;
  /** The plan says which it is. */
  readonly number: number | null;
}

export interface Wanted {
  readonly labels: readonly WantedLabel[];
  readonly milestones: readonly WantedMilestone[];
  readonly issues: readonly WantedIssue[];
}

type Template = PlanGithub['issueTemplates'][number];

/** GitHub's own limits. */
const TITLE_MAX = 256;
const BODY_MAX = 60_000;

const TASK_BODY = `{{task.notes}}

Files:
{{task.files}}

Deliverables:
{{task.deliverables}}

Done when:
{{task.acceptance}}

Depends on:
{{task.dependencies}}`;

const MILESTONE_BODY = `Tasks:
{{milestone.tasks}}

Deliverables:
{{milestone.deliverables}}`;

export function wantedOnGithub(plan: Plan, github: PlanGithub): Wanted {
  const issues = issuesOf(plan, github);
  const used = issues.flatMap(({ labels }) => labels);
  return { labels: labelsOf(github, used), milestones: milestonesOf(plan, github), issues };
}

/** Found in a body that people may have written around; nothing of it is shown on GitHub. */
function markerOf(plan: Plan, kind: 'task' | 'milestone' | 'phase', id: string): string {
  return `<!-- llmctl: ${kind} ${id} of ${oneLine(plan.name, 100).replaceAll('--', '- -')} -->`;
}

function labelsOf({ labels }: PlanGithub, used: readonly string[]): readonly WantedLabel[] {
  const all = [...labels, ...used.map((name) => ({ name, color: null, description: null }))];
  const known = new Set<string>();
  return all.flatMap(({ name, color, description }) => {
    const key = name.toLowerCase();
    if (known.has(key)) return [];
    known.add(key);
    return [{ name, color: color?.replace(/^#/, '').toLowerCase() ?? null, description }];
  });
}

function milestonesOf(plan: Plan, { milestones }: PlanGithub): readonly WantedMilestone[] {
  if (milestones === 'none') return [];
  const kind = milestones === 'phases' ? 'phase' : 'milestone';
  const from = milestones === 'phases' ? plan.phases : plan.milestones;
  return from.map(({ id, title }) => {
    const marker = markerOf(plan, kind, id);
    return { id, title: oneLine(title ?? id, TITLE_MAX), description: marker, marker };
  });
}

function issuesOf(plan: Plan, github: PlanGithub): readonly WantedIssue[] {
  switch (github.issues) {
    case 'none':
      return [];
    case 'tasks':
      return plan.tasks.filter(({ done }) => !done).map((task) => taskIssue(plan, github, task));
    case 'milestones':
      return plan.milestones.filter(({ done }) => !done).map((milestone) => milestoneIssue(plan, github, milestone));
  }
}

function taskIssue(plan: Plan, github: PlanGithub, task: PlanTask): WantedIssue {
  const template = templateFor(github, task);
  const agent = plan.agents.find(({ id }) => id === task.agent) ?? null;
  return {
    ...written(plan, { agent, task }, task.title ?? task.id, template, TASK_BODY, markerOf(plan, 'task', task.id)),
    id: task.id,
    labels: unique([...task.labels, ...(template?.labels ?? [])]),
    milestone: milestoneOf(plan, github, task),
    number: task.issue,
  };
}

function milestoneIssue(plan: Plan, github: PlanGithub, milestone: PlanMilestone): WantedIssue {
  const template = github.issueTemplates.find(({ id }) => id === 'milestone');
  const owner = plan.agents.find(({ id }) => id === milestone.owner) ?? null;
  const subject = { agent: owner, task: null, milestone };
  const marker = markerOf(plan, 'milestone', milestone.id);
  return {
    ...written(plan, subject, milestone.title ?? milestone.id, template, MILESTONE_BODY, marker),
    id: milestone.id,
    labels: unique([...milestone.labels, ...(template?.labels ?? [])]),
    milestone: github.milestones === 'milestones' ? milestone.id : null,
    number: null,
  };
}

/** The template whose labels the task has; else the one named `task`. */
function templateFor({ issueTemplates }: PlanGithub, task: PlanTask): Template | undefined {
  const labelled = issueTemplates.find(
    ({ labels, id }) => id !== 'milestone' && labels.length > 0 && labels.every((label) => task.labels.includes(label)),
  );
  return labelled ?? issueTemplates.find(({ id }) => id === 'task');
}

function milestoneOf(plan: Plan, { milestones }: PlanGithub, task: PlanTask): string | null {
  if (milestones === 'phases') return task.phase;
  if (milestones === 'none') return null;
  return plan.milestones.find(({ tasks }) => tasks.includes(task.id))?.id ?? null;
}

/** A title that isn't a template of its own is a kind of issue, and stands before what it is about. */
function written(
  plan: Plan,
  subject: TemplateSubject,
  about: string,
  template: Template | undefined,
  usual: string,
  marker: string,
): { readonly title: string; readonly body: string; readonly marker: string } {
  const values = templateValues(plan, { ...subject, agent: subject.agent ?? personIn(plan) });
  const { title = null } = template ?? {};
  const own = title === null ? about : title.includes('{{') ? renderTemplate(title, values) : `${title}: ${about}`;
  const text = renderTemplate((template && promptText(plan, template.body)) ?? usual, values);
  return { title: oneLine(own, TITLE_MAX), body: `${text.trim().slice(0, BODY_MAX)}\n\n${marker}\n`, marker };
}

/** Who does what no agent does, as far as a template can name them. */
function personIn(plan: Plan): PlanAgent | null {
  const [any] = plan.agents;
  if (!any) return null;
  const nothing = { role: null, focus: null, model: null, files: [], inputs: [], references: [] };
  return { ...any, ...nothing, id: COORDINATOR, name: 'a person' };
}

function unique(labels: readonly string[]): readonly string[] {
  return [...new Set(labels)];
}
