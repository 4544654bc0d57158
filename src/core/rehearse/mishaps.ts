/** What goes wrong in a rehearsal with a seed: for every task, gate and question by itself. */
import type { Plan } from '../plan/model.ts';
import type { PlanTask } from '../plan/sections/task.ts';
import { taskChecks } from '../schedule/task-checks.ts';
import { chance, type Seed } from './chance.ts';
import { doerOf } from './doer.ts';
import { meetingsOf } from './meetings.ts';

/** Each happens once; the second attempt goes well. */
export type Mishap = 'asks' | 'fails' | 'hangs' | 'is-killed' | 'breaks-build' | 'falls-short';

const SHARE = { mishap: 0.4, no: 0.25 } as const;

/** null: it goes well. */
export function mishapOf(seed: Seed, plan: Plan, task: PlanTask): Mishap | null {
  if (seed === null || doerOf(plan, task) === null || chance(seed, 'mishap', task.id) >= SHARE.mishap) return null;
  // Two that are to meet have enough to do with that.
  if (meetingsOf(seed, plan).some(({ tasks }) => tasks.includes(task.id))) return null;
  const kinds: readonly Mishap[] = [
    'asks',
    'fails',
    'hangs',
    'is-killed',
    ...(mayBreak(plan) ? (['breaks-build'] as const) : []),
    ...(taskChecks(plan, task).some(({ path }) => path === null) ? (['falls-short'] as const) : []),
  ];
  return kinds[Math.floor(chance(seed, 'kind', task.id) * kinds.length)]!;
}

function mayBreak({ health, integration, workspace }: Plan): boolean {
  const { checks, land } = integration;
  return health.length > 0 && checks?.length !== 0 && land === 'done' && workspace.kind === 'worktree';
}

/** A person says no-go, the first time. */
export function saysNo(seed: Seed, gate: string): boolean {
  return seed !== null && chance(seed, 'go', gate) < SHARE.no;
}
