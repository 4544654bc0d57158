/** What an agent is told: its prompt with the plan filled in. */
import type { Plan, PlanAgent } from '../model.ts';
import type { PlanTask } from '../sections/task.ts';
import { renderTemplate, templateNames } from './template.ts';
import { promptText, templateValues } from './values.ts';

/** For tasks whose agent has no prompt either. */
export const DEFAULT_PROMPT = `Your task is {{task.id}}: {{task.title}}

What it depends on:
{{dependencies.outputs}}

Change only these files:
{{task.files}}

Deliver:
{{task.deliverables}}

It is done when:
{{task.acceptance}}

Check with:
{{task.validation}}

Notes: {{task.notes}}

Report with \`llmctl report started\`, \`progress N\`, \`blocked TEXT\` and \`done\`.`;

/** Names that only mean something while a task is in hand. */
export function needsTask(text: string): boolean {
  return templateNames(text).some(({ name }) => name.startsWith('task.') || name.startsWith('dependencies.'));
}

/** The prompt that the plan has for the task: its own, else that of its agent where that one speaks of tasks at all. */
function promptFor(plan: Plan, task: PlanTask, agent: PlanAgent | null): string | null {
  const text = promptText(plan, task.prompt);
  if (text !== null) return text;
  const general = promptText(plan, agent?.prompt ?? null);
  // Any other it is told as it starts.
  return general !== null && needsTask(general) ? general : null;
}

function doerOf(plan: Plan, task: PlanTask, doer: string | null): PlanAgent | null {
  const find = (wanted: string | null) => plan.agents.find(({ id }) => id === wanted);
  // An agent that was added by hand may do it in the place of the plan's.
  return find(doer) ?? find(task.agent) ?? null;
}

/** True where a person wrote what the agent is told. @param doer who does it, where that isn't the plan's agent */
export function hasOwnPrompt(plan: Plan, task: PlanTask, doer: string | null = null): boolean {
  return promptFor(plan, task, doerOf(plan, task, doer)) !== null;
}

/** What an agent is told about a task: the plan's prompt for it, else the usual one. */
export function taskBrief(plan: Plan, task: PlanTask, doer: string | null = null): string {
  const agent = doerOf(plan, task, doer);
  const values = templateValues(plan, { agent, task });
  const written = promptFor(plan, task, agent);
  if (written !== null) return renderTemplate(written, values);
  return withoutEmpty(renderTemplate(DEFAULT_PROMPT, values));
}

/** "Change only these files: (none)" would forbid everything: what the plan says nothing about isn't spoken of. */
function withoutEmpty(text: string): string {
  return text
    .split('\n\n')
    .filter((part) => !/:\s\(none\)$/.test(part))
    .join('\n\n');
}

/** What an agent is told as it starts; null: nothing yet, as its prompt speaks of a task that it hasn't got. */
export function startBrief(plan: Plan, agent: PlanAgent): string | null {
  const text = promptText(plan, agent.prompt);
  if (text === null || needsTask(text)) return null;
  return renderTemplate(text, templateValues(plan, { agent, task: null }));
}
