/** A plan as scripts see it: the JSON of `plan check`. */
import { COORDINATOR } from '../model.ts';
import type { Plan } from '../model.ts';
import { analysePlan } from '../check/figures.ts';
import { promptText } from '../prompt/values.ts';

/** @param plan null where it has errors: the lists are empty then */
export function planDocument(plan: Plan | null, problems: readonly object[]) {
  const analysis = plan && analysePlan(plan);
  const owner = (tasks: readonly string[]) => plan?.tasks.filter(({ id }) => tasks.includes(id)) ?? [];
  return {
    ok: plan !== null,
    problems,
    name: plan?.name ?? null,
    agents: (plan?.agents ?? []).map((agent) => ({
      id: agent.id,
      name: agent.name,
      role: agent.role,
      profile: agent.profile,
      command: agent.command,
      model: agent.model,
      permission: agent.permission,
      prompt: plan && promptText(plan, agent.prompt),
      files: agent.files,
      inputs: agent.inputs,
      references: agent.references,
      todos: agent.todos,
    })),
    phases: plan?.phases ?? [],
    tasks: (plan?.tasks ?? []).map(({ dependsOn, prompt, ...task }) => ({
      ...task,
      dependsOn: dependsOn.filter(({ soft }) => !soft).map(({ target }) => target),
      dependencies: dependsOn,
      prompt: plan && promptText(plan, prompt),
    })),
    milestones: (plan?.milestones ?? []).map((milestone) => ({
      ...milestone,
      owner: milestone.owner ?? COORDINATOR,
      deliverables: [...milestone.deliverables, ...owner(milestone.tasks).flatMap(({ deliverables }) => deliverables)],
    })),
    gates: plan?.gates ?? [],
    handovers: plan?.handovers ?? [],
    syncPoints: plan?.syncPoints ?? [],
    checklists: plan?.checklists ?? [],
    emergencies: plan?.emergencies ?? [],
    risks: plan?.risks ?? [],
    launch: plan?.launch ?? [],
    rules: plan?.rules ?? [],
    success: plan?.success ?? [],
    commits: plan?.commits ?? null,
    github: plan?.github ?? null,
    vars: plan?.vars ?? {},
    prompts: analysis?.figures.prompts ?? 0,
    deliverables: analysis?.figures.deliverables ?? 0,
    totalHours: analysis?.figures.totalHours ?? [0, 0],
    criticalPath: analysis?.timing.critical ?? { tasks: [], hours: [0, 0] },
    health: plan?.health ?? [],
    todos: plan?.todos ?? [],
  };
}
