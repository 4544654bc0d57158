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

/** What an agent is told about a task: the task's own prompt, else the agent's, else the usual one. */
export function taskBrief(plan: Plan, task: PlanTask): string {
  const agent = plan.agents.find(({ id }) => id === task.agent) ?? null;
  const text = promptText(plan, task.prompt) ?? promptText(plan, agent?.prompt ?? null) ?? DEFAULT_PROMPT;
  return renderTemplate(text, templateValues(plan, { agent, task }));
}

/** What an agent is told as it starts; null: nothing yet, as its prompt speaks of a task that it hasn't got. */
export function startBrief(plan: Plan, agent: PlanAgent): string | null {
  const text = promptText(plan, agent.prompt);
  if (text === null || needsTask(text)) return null;
  return renderTemplate(text, templateValues(plan, { agent, task: null }));
}
