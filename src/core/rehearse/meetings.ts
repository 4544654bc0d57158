/** Collisions on purpose: two tasks that run beside each other meet in one file. */
import { policyFor } from '../overlap/policy.ts';
import { analysePlan } from '../plan/check/figures.ts';
import { COORDINATOR, type Plan } from '../plan/model.ts';
import { schedule, type ScheduledTask } from '../plan/show/schedule.ts';
import { chance, type Seed } from './chance.ts';
import { filesOf } from './files.ts';

export interface Meeting {
  readonly path: string;
  readonly tasks: readonly [string, string];
  /** Lines next to each other, which git combines, or the same line. */
  readonly how: 'near' | 'same';
}

/** One meeting for so many tasks. */
const TASKS_PER_MEETING = 4;
/** Part of the shorter one's time that they must be at work together by the schedule. */
const TOGETHER = 0.5;

const known = new WeakMap<Plan, { readonly seed: Seed; readonly meetings: readonly Meeting[] }>();

export function meetingsOf(seed: Seed, plan: Plan): readonly Meeting[] {
  const before = known.get(plan);
  if (before?.seed === seed) return before.meetings;
  const meetings = seed === null || plan.workspace.kind !== 'worktree' ? [] : arrange(seed, plan);
  known.set(plan, { seed, meetings });
  return meetings;
}

function arrange(seed: number, plan: Plan): readonly Meeting[] {
  const analysis = analysePlan(plan);
  if (analysis === null) return [];
  const apart = new Set(plan.agents.filter(({ workspace }) => workspace !== 'shared').map(({ id }) => id));
  const tasks = schedule(analysis).tasks.filter(({ agent }) => agent !== COORDINATOR && apart.has(agent));
  const pairs = tasks.flatMap((one, at) =>
    tasks.slice(at + 1).flatMap((other): (readonly [string, string])[] => {
      const isPair = one.agent !== other.agent && areTogether(one, other);
      return isPair ? [[one.id, other.id]] : [];
    }),
  );
  const ordered = pairs.toSorted((a, b) => chance(seed, 'meet', ...a) - chance(seed, 'meet', ...b));
  const busy = new Set<string>();
  const meetings: Meeting[] = [];
  for (const pair of ordered) {
    if (meetings.length * TASKS_PER_MEETING >= tasks.length) break;
    if (pair.some((id) => busy.has(id))) continue;
    const first = plan.tasks.find(({ id }) => id === pair[0])!;
    const [path] = filesOf(plan, first);
    // Where nobody merges by himself they would wait for each other in vain.
    const policy = policyFor(plan.overlaps, path!);
    if (policy !== 'merge' && policy !== 'pause') continue;
    for (const id of pair) busy.add(id);
    const how = chance(seed, 'how', ...pair) < 0.5 ? 'near' : 'same';
    meetings.push({ path: path!, tasks: pair, how });
  }
  return meetings;
}

function areTogether(one: ScheduledTask, other: ScheduledTask): boolean {
  const together = Math.min(one.end, other.end) - Math.max(one.start, other.start);
  const shorter = Math.min(one.end - one.start, other.end - other.start);
  return shorter > 0 && together >= TOGETHER * shorter;
}
