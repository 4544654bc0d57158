/** A plan comes into force, or its edited self does: what was done stays done. */
import type { Todo } from '../model/state.ts';
import { own, type GateWork, type HandoverWork, type MilestoneWork, type TaskWork, type Work } from '../model/work.ts';
import type { PlanChanges } from '../model/work-events.ts';
import type { Plan } from '../plan/model.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import type { ScheduledGate } from './gates.ts';
import { planIndex } from './plan-index.ts';
import { planTodos } from './task-checks.ts';

/** Sections whose parts have names. */
const NAMED = new Set(['tasks', 'gates', 'milestones', 'phases', 'agents', 'checklists', 'prompts']);

/** What has a name of its own in a plan, by kind and name; the rest by its section. */
function partsOf(plan: Plan): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const add = (kind: string, list: readonly { readonly id: string }[]): void => {
    for (const one of list) parts.set(`${kind} ${one.id}`, JSON.stringify(one));
  };
  add('task', plan.tasks);
  add('gate', plan.gates);
  add('milestone', plan.milestones);
  add('phase', plan.phases);
  add('agent', plan.agents);
  add('checklist', plan.checklists);
  for (const [name, prompt] of Object.entries(plan.prompts)) parts.set(`prompt ${name}`, JSON.stringify(prompt));
  for (const [key, value] of Object.entries(plan)) if (!NAMED.has(key)) parts.set(key, JSON.stringify(value));
  return parts;
}

/** null where they are the same. */
export function planChanges(before: Plan, after: Plan): PlanChanges | null {
  if (before === after || JSON.stringify(before) === JSON.stringify(after)) return null;
  const [old, now] = [partsOf(before), partsOf(after)];
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now].flatMap(([name, text]) => (old.has(name) && old.get(name) !== text ? [name] : [])),
  };
}

/** @param before null where nothing of an earlier plan stays */
export function takePlan(plan: Plan, path: string | null, before: Work | null, at: number): Work {
  const index = planIndex(plan);
  const keep = <T, W>(
    list: Iterable<readonly [string, T]>,
    known: Readonly<Record<string, W>> | undefined,
    make: (one: T, id: string) => W,
    mend: (work: W, one: T) => W = (work) => work,
  ): Record<string, W> =>
    Object.fromEntries(
      [...list].map(([id, one]) => {
        const work = known && own(known, id);
        return [id, work ? mend(work, one) : make(one, id)];
      }),
    );
  return {
    plan,
    path,
    takenAt: at,
    tasks: keep(
      index.tasks,
      before?.tasks,
      (task, id) => newTask(task, !index.spare.has(id), at),
      (work, { id }) => (work.active || index.spare.has(id) ? work : { ...work, active: true }),
    ),
    gates: keep(
      index.gates,
      before?.gates,
      (gate) => newGate(gate, at),
      (work, gate) => withChecks(work, gate, before && planIndex(before.plan).gates.get(gate.id)),
    ),
    milestones: keep(index.milestones, before?.milestones, ({ done }): MilestoneWork => {
      // What was reached before is nobody's to record.
      return { reachedAt: done ? at : null, commit: null, recorded: done };
    }),
    handovers: keep(index.handovers, before?.handovers, (): HandoverWork => ({ givenAt: null, path: '' })),
    holds: before?.holds ?? {},
  };
}

function newTask({ done }: PlanTask, active: boolean, at: number): TaskWork {
  return {
    stage: done ? 'done' : 'open',
    since: at,
    agent: null,
    assigned: null,
    startedAt: null,
    endedAt: done ? at : null,
    progress: done ? 100 : 0,
    attempts: 0,
    reason: '',
    by: null,
    brief: 'none',
    run: null,
    offered: false,
    active,
    forced: false,
    commit: null,
    artefacts: [],
  };
}

function newGate({ checks }: ScheduledGate, at: number): GateWork {
  const pending = { state: 'pending', said: '' } as const;
  return {
    state: 'pending',
    since: at,
    run: null,
    asked: false,
    retries: 0,
    checks: checks.map(() => pending),
    reason: '',
    by: null,
    forced: false,
  };
}

/** A gate with other checks than before begins anew, unless its question is settled. */
function withChecks(work: GateWork, gate: ScheduledGate, before: ScheduledGate | null | undefined): GateWork {
  if (JSON.stringify(before?.checks) === JSON.stringify(gate.checks)) return work;
  const { checks } = newGate(gate, work.since);
  return work.state === 'running' || work.asked
    ? { ...work, state: 'pending', asked: false, run: null, checks }
    : { ...work, checks };
}

/** Todos of the plan as it is now beside all others; those that were ticked stay so. */
export function takeTodos(todos: readonly Todo[], plan: Plan, fresh: boolean): readonly Todo[] {
  const known = new Map(todos.map((todo) => [todo.id, todo]));
  const others = todos.filter(({ kind }) => kind === undefined);
  const ours = planTodos(plan).map((todo) => {
    const before = fresh ? undefined : known.get(todo.id);
    if (!before?.done) return todo;
    return { ...todo, done: true, by: before.by, at: before.at ?? null };
  });
  const taken = new Set(ours.map(({ id }) => id));
  return [...others.filter(({ id }) => !taken.has(id)), ...ours];
}
