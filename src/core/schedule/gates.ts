/** Gates as the scheduler sees them: those of the plan, and those that phases, milestones and the end of the plan imply. */
import { DEFAULT_HEALTH_TIMEOUT_MS, healthCommandText, type HealthCommand, type Plan } from '../plan/model.ts';
import type { PlanCheck, PlanOnFail } from '../plan/sections/gate.ts';
import type { PlanItem } from '../plan/sections/item.ts';

export interface ScheduledCheck {
  readonly check: PlanCheck;
  /** The todo that it proves. */
  readonly todo: string | null;
  /** What has to be there, where that is all that is looked at. */
  readonly path: string | null;
}

export interface ScheduledGate {
  readonly id: string;
  readonly title: string;
  /** Tasks, milestones, phases that must be done before it is looked at. */
  readonly after: readonly string[];
  /** The same that may not start before it has passed. */
  readonly before: readonly string[];
  readonly checks: readonly ScheduledCheck[];
  readonly onFail: PlanOnFail;
  /** It stands in the plan as a gate. */
  readonly written: boolean;
}

/** A command that proves a line; null where only somebody's word can. */
export function proofOf(item: PlanItem): { readonly run: HealthCommand; readonly path: string | null } | null {
  if (item.verify !== null) return { run: item.verify, path: null };
  if (item.path === null) return null;
  return { run: { kind: 'argv', argv: ['test', '-e', item.path] }, path: item.path };
}

function commandCheck(run: HealthCommand): ScheduledCheck {
  const check = { kind: 'command', text: healthCommandText(run), run, timeoutMs: DEFAULT_HEALTH_TIMEOUT_MS } as const;
  return { check, todo: null, path: null };
}

function itemChecks(items: readonly PlanItem[]): ScheduledCheck[] {
  return items.flatMap((item) => {
    const proof = proofOf(item);
    if (proof === null) return [];
    const { run, path } = proof;
    const check = { kind: 'command', text: item.text, run, timeoutMs: DEFAULT_HEALTH_TIMEOUT_MS } as const;
    return [{ check, todo: item.id, path }];
  });
}

/** No id of a plan has a colon. */
export const phaseGate = (phase: string): string => `phase:${phase}`;
export const milestoneGate = (milestone: string): string => `milestone:${milestone}`;
export const END_GATE = 'plan:end';

export function checklistItems(plan: Plan, when: Plan['checklists'][number]['when']): readonly PlanItem[] {
  return plan.checklists.filter((list) => list.when === when).flatMap(({ items }) => items);
}

/**
 * @param members tasks of every milestone and phase
 * @param spare tasks that only run in need: no end waits for them
 */
export function scheduledGates(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  spare: ReadonlySet<string>,
): readonly ScheduledGate[] {
  const written = plan.gates.map((gate): ScheduledGate => ({
    id: gate.id,
    title: gate.title ?? gate.id,
    after: [...gate.after, ...plan.milestones.filter((one) => one.gate === gate.id).flatMap(({ tasks }) => tasks)],
    before: gate.before,
    checks: gate.checks.map((check) => ({ check, todo: null, path: null })),
    onFail: gate.onFail,
    written: true,
  }));
  const implied = (id: string, title: string, after: readonly string[], checks: ScheduledCheck[]): ScheduledGate[] =>
    checks.length === 0 ? [] : [{ id, title, after, before: [], checks, onFail: { kind: 'reassess' }, written: false }];
  const phases = plan.phases.flatMap(({ id, title, validation, success }) =>
    implied(phaseGate(id), `end of ${title ?? id}`, members.get(id) ?? [], [
      ...validation.map(commandCheck),
      ...itemChecks(success),
    ]),
  );
  const milestones = plan.milestones.flatMap(({ id, title, tasks, deliverables, done }) =>
    implied(
      milestoneGate(id),
      `end of ${title ?? id}`,
      tasks,
      done ? [] : [...itemChecks(deliverables), ...itemChecks(checklistOf(plan, id))],
    ),
  );
  const all = plan.tasks.filter(({ id }) => !spare.has(id)).map(({ id }) => id);
  const end = implied(END_GATE, 'end of the plan', all, [
    ...itemChecks(plan.success),
    ...itemChecks(checklistItems(plan, 'end')),
  ]);
  return [...written, ...phases, ...milestones, ...end];
}

/** The lines of "after each milestone" checklists, each with an id of this milestone's own. */
export function checklistOf(plan: Plan, milestone: string): readonly PlanItem[] {
  return checklistItems(plan, 'after-milestone').map((item) => ({ ...item, id: `${item.id}.${milestone}` }));
}
