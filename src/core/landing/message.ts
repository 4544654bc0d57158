/** What the commits of a landing say. */
import type { Agent } from '../model/agent.ts';
import { oneLine } from '../text.ts';

const DEFAULT_MESSAGE = 'feat({{agent}}): {{subject}}';
const SUBJECT_MAX = 72;

/** Message of the merge commit. @param template null: llmctl's own (Conventional Commits 1.0.0) */
export function landingMessage(template: string | null, agent: Agent): string {
  const values: Readonly<Record<string, string>> = {
    agent: agent.spec.id,
    name: agent.spec.name,
    task: agent.spec.task ?? '',
    branch: agent.tree?.branch ?? '',
    subject: subjectOf(agent),
  };
  const text = (template ?? DEFAULT_MESSAGE).replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
  return text.trim() || `feat(${agent.spec.id}): ${subjectOf(agent)}`;
}

/** Message of the commit that holds what the agent had not committed itself. */
export function workMessage(agent: Agent): string {
  return `chore(${agent.spec.id}): ${subjectOf(agent)}\n\nWhat was uncommitted when it landed.`;
}

function subjectOf({ spec, activity }: Agent): string {
  const text = spec.task ?? (spec.prompt === null ? activity : spec.prompt.split('\n')[0]!);
  return oneLine(text, SUBJECT_MAX).trim() || `work of ${spec.id}`;
}
