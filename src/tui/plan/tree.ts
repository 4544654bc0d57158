import type { Plan } from '../../core/plan/model.ts';
import { END_GATE, milestoneGate, phaseGate } from '../../core/schedule/gates.ts';
import { planIndex, type PlanIndex } from '../../core/schedule/plan-index.ts';

/** What stands in the tree of a plan, by kind and id; `rest` is what belongs to no phase and no milestone. */
export interface PlanNode {
  readonly kind: 'phase' | 'milestone' | 'task' | 'gate' | 'handover' | 'rest';
  readonly id: string;
  readonly children: readonly PlanNode[];
}

interface Draft {
  readonly kind: PlanNode['kind'];
  readonly id: string;
  readonly children: Draft[];
}

const trees = new WeakMap<Plan, readonly PlanNode[]>();

/** Every task once: in its milestone where that lies within one phase, else in its phase. Worked out once for each plan. */
export function planTree(plan: Plan): readonly PlanNode[] {
  const known = trees.get(plan);
  if (known) return known;
  const made = makeTree(plan, planIndex(plan));
  trees.set(plan, made);
  return made;
}

function makeTree(plan: Plan, index: PlanIndex): readonly PlanNode[] {
  const top: Draft[] = [];
  const nodes = new Map<string, Draft>();
  /** Where a node stands: its parent's children. */
  const homes = new Map<string, Draft[]>();
  const add = (kind: Draft['kind'], id: string, home: Draft[]): Draft => {
    const node: Draft = { kind, id, children: [] };
    home.push(node);
    nodes.set(id, node);
    homes.set(id, home);
    return node;
  };
  for (const { id } of plan.phases) add('phase', id, top);
  const inside = new Map<string, Draft>();
  for (const milestone of plan.milestones) {
    const phases = new Set(milestone.tasks.map((id) => index.tasks.get(id)?.phase ?? null));
    const phase = [...phases][0] ?? null;
    const node = add('milestone', milestone.id, (phases.size === 1 && nodes.get(phase ?? '')?.children) || top);
    // One that reaches over phases stands for itself: its tasks are in theirs.
    if (phases.size === 1) for (const id of milestone.tasks) if (!inside.has(id)) inside.set(id, node);
  }
  const rest: Draft = { kind: 'rest', id: '', children: [] };
  for (const { id, phase } of plan.tasks) {
    const home = inside.get(id) ?? (phase === null ? undefined : nodes.get(phase)) ?? rest;
    add('task', id, home.children);
  }
  // Without phases and milestones the tasks need no heading.
  const grouped = plan.phases.length + plan.milestones.length > 0;
  if (grouped && rest.children.length > 0) top.push(rest);
  const root = grouped ? top : rest.children;
  placeGates(plan, index, nodes, homes, root);
  placeHandovers(index, nodes, homes, root);
  return root;
}

/** Each gate where it is reached: at the end of what it ends, else right behind the last that it follows. */
function placeGates(
  plan: Plan,
  index: PlanIndex,
  nodes: ReadonlyMap<string, Draft>,
  homes: ReadonlyMap<string, Draft[]>,
  root: Draft[],
): void {
  const owner = new Map<string, string>([
    ...plan.phases.map(({ id }) => [phaseGate(id), id] as const),
    ...plan.milestones.map(({ id }) => [milestoneGate(id), id] as const),
    ...plan.milestones.flatMap(({ id, gate }) => (gate === null ? [] : [[gate, id] as const])),
  ]);
  for (const { id, after } of index.gates.values()) {
    const gate: Draft = { kind: 'gate', id, children: [] };
    const ends = nodes.get(owner.get(id) ?? '');
    const behind = after.findLast((one) => homes.has(one));
    if (ends) ends.children.push(gate);
    else if (id === END_GATE || behind === undefined) root.push(gate);
    else insertBehind(homes.get(behind)!, nodes.get(behind)!, gate);
  }
}

function placeHandovers(
  index: PlanIndex,
  nodes: ReadonlyMap<string, Draft>,
  homes: ReadonlyMap<string, Draft[]>,
  root: Draft[],
): void {
  for (const [id, { from }] of index.handovers) {
    const handover: Draft = { kind: 'handover', id, children: [] };
    const giver = from.find((one) => nodes.get(one)?.kind === 'task');
    if (giver === undefined) root.push(handover);
    else insertBehind(homes.get(giver)!, nodes.get(giver)!, handover);
  }
}

function insertBehind(home: Draft[], node: Draft, fresh: Draft): void {
  home.splice(home.indexOf(node) + 1, 0, fresh);
}
