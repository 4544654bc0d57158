/** What the names in a template stand for. */
import { COORDINATOR, healthCommandText } from '../model.ts';
import type { Plan, PlanAgent } from '../model.ts';
import type { PlanDependency, PlanTask } from '../sections/task.ts';
import type { PlanItem } from '../sections/item.ts';
import type { PlanPrompt } from '../sections/prompt.ts';
import type { PlanMilestone } from '../sections/stages.ts';

/** Who a text is for: names of a task are only known where there is one. */
export interface TemplateSubject {
  readonly agent: PlanAgent | null;
  readonly task: PlanTask | null;
  readonly milestone?: PlanMilestone;
  /** What is known of it once it is reached. */
  readonly figures?: MilestoneFigures;
}

/** What was done and measured for a milestone, each in words. */
export interface MilestoneFigures {
  /** A line each. */
  readonly changes: readonly string[];
  readonly tested: string;
  readonly performance: string;
}

const NONE = '(none)';

function bullets(lines: readonly string[]): string {
  return lines.length === 0 ? NONE : lines.map((line) => `- ${line}`).join('\n');
}

function ticks(items: readonly PlanItem[]): string {
  return bullets(
    items.map(({ text, path, verify }) => {
      const where = path === null || text.includes(path) ? '' : ` (${path})`;
      return `${text}${where}${verify === null ? '' : `; proved by: ${healthCommandText(verify)}`}`;
    }),
  );
}

function title(entry: { readonly id: string; readonly title: string | null }): string {
  return entry.title === null ? entry.id : `${entry.id}: ${entry.title}`;
}

/** `2-4 h`. */
export function hoursText(range: readonly [number, number] | null): string {
  if (range === null) return NONE;
  const [low, high] = range.map((value) => `${Math.round(value * 100) / 100}`);
  return low === high ? `${low} h` : `${low}-${high} h`;
}

/** All names that a template may use, with what they stand for. */
export function templateValues(plan: Plan, subject: TemplateSubject): ReadonlyMap<string, string> {
  const { agent, task, milestone, figures } = subject;
  const values = new Map<string, string>([
    ['plan.name', plan.name],
    ['plan.description', plan.description ?? NONE],
    ['plan.rules', bullets(plan.rules)],
    ['plan.success', ticks(plan.success)],
    ['plan.agents', bullets(plan.agents.map(({ id, role }) => (role === null ? id : `${id}: ${role}`)))],
  ]);
  for (const [name, value] of Object.entries(plan.vars)) values.set(`vars.${name}`, value);
  if (agent) for (const [name, value] of agentValues(plan, agent)) values.set(name, value);
  if (task) for (const [name, value] of taskValues(plan, task)) values.set(name, value);
  if (milestone) {
    for (const [name, value] of milestoneValues(plan, milestone, figures)) values.set(name, value);
  }
  return values;
}

function milestoneValues(plan: Plan, milestone: PlanMilestone, figures?: MilestoneFigures): [string, string][] {
  const tasks = plan.tasks.filter(({ id }) => milestone.tasks.includes(id));
  const made = [...milestone.deliverables, ...tasks.flatMap(({ deliverables }) => deliverables)];
  return [
    ['milestone.id', milestone.id],
    ['milestone.title', milestone.title ?? milestone.id],
    ['milestone.owner', milestone.owner ?? COORDINATOR],
    ['milestone.tasks', bullets(tasks.map(title))],
    ['milestone.deliverables', ticks(made)],
    ['milestone.type', milestone.commit?.type ?? 'feat'],
    ['milestone.description', milestone.commit?.description ?? milestone.title ?? milestone.id],
    ['milestone.changes', bullets(figures?.changes ?? [])],
    ['milestone.tested', figures?.tested ?? NONE],
    ['milestone.performance', figures?.performance ?? NONE],
  ];
}

function agentValues(plan: Plan, agent: PlanAgent): [string, string][] {
  const own = (ends: readonly string[]): boolean =>
    ends.some((end) => end === agent.id || plan.tasks.some(({ id, agent: doer }) => id === end && doer === agent.id));
  return [
    ['agent.id', agent.id],
    ['agent.name', agent.name],
    ['agent.role', agent.role ?? NONE],
    ['agent.focus', agent.focus ?? NONE],
    ['agent.model', agent.model ?? NONE],
    ['agent.files', bullets(agent.files)],
    ['agent.inputs', bullets(agent.inputs)],
    ['agent.references', bullets(agent.references)],
    ['agent.tasks', bullets(plan.tasks.filter((task) => task.agent === agent.id).map(title))],
    ['handovers.in', handovers(plan, ({ to }) => own(to))],
    ['handovers.out', handovers(plan, ({ from }) => own(from))],
  ];
}

function handovers(plan: Plan, wanted: (handover: Plan['handovers'][number]) => boolean): string {
  return bullets(
    plan.handovers.filter(wanted).map((handover) => {
      const day = handover.day === null ? '' : `, by day ${handover.day}`;
      const says = handover.interface === null ? '' : `: ${handover.interface}`;
      return `${handover.from.join(', ')} → ${handover.to.join(', ')}: ${handover.artefact}${says}${day}`;
    }),
  );
}

function taskValues(plan: Plan, task: PlanTask): [string, string][] {
  const by = new Map([...plan.tasks, ...plan.milestones, ...plan.gates, ...plan.phases].map((node) => [node.id, node]));
  const dependents = plan.tasks.filter(({ dependsOn }) => dependsOn.some(({ target }) => target === task.id));
  return [
    ['task.id', task.id],
    ['task.title', task.title ?? task.id],
    ['task.phase', task.phase ?? NONE],
    ['task.priority', task.priority],
    ['task.estimate', hoursText(task.estimateHours)],
    ['task.files', bullets(task.files)],
    ['task.inputs', bullets(task.inputs)],
    ['task.references', bullets(task.references)],
    ['task.deliverables', ticks(task.deliverables)],
    ['task.acceptance', ticks(task.acceptance)],
    ['task.validation', bullets(task.validation.map(healthCommandText))],
    ['task.labels', bullets(task.labels)],
    ['task.notes', task.notes ?? NONE],
    ['task.dependencies', bullets(task.dependsOn.map((dependency) => dependencyText(dependency, by)))],
    ['task.dependents', bullets(dependents.map(title))],
    ['dependencies.outputs', bullets(task.dependsOn.flatMap(({ target }) => outputs(plan, target)))],
  ];
}

function dependencyText(
  { target, on, percent, deliverables, soft }: PlanDependency,
  by: ReadonlyMap<string, { readonly id: string; readonly title: string | null }>,
): string {
  const node = by.get(target);
  const part = percent === null ? deliverables.join(', ') : `${percent} %`;
  const how = on === 'done' ? '' : on === 'partial' ? ` (${part})` : ` (${on})`;
  return `${node ? title(node) : target}${how}${soft ? ' (preferred)' : ''}`;
}

/** What a task leaves for those who wait for it: deliverables and files. */
function outputs(plan: Plan, id: string): readonly string[] {
  const task = plan.tasks.find((candidate) => candidate.id === id);
  if (!task) return plan.milestones.find((one) => one.id === id)?.tasks.flatMap((inner) => outputs(plan, inner)) ?? [];
  const made = [...task.deliverables.map(({ text }) => text), ...task.files];
  return [`${title(task)}${made.length === 0 ? '' : ` (${made.join('; ')})`}`];
}

/** The text of a prompt; null where there is none. */
export function promptText(plan: Plan, prompt: PlanPrompt | null): string | null {
  if (prompt === null || prompt.kind === 'text') return prompt?.text ?? null;
  const named = plan.prompts[prompt.name];
  return named?.kind === 'text' ? named.text : null;
}
