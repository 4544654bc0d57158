/** Names that lead nowhere, and names that stand twice. */
import { COORDINATOR } from '../model.ts';
import type { Plan } from '../model.ts';
import { didYouMean } from '../../nearest.ts';
import type { Places } from '../places.ts';
import { minuteOf } from '../clock.ts';
import { shorten } from '../reader.ts';
import type { PlanDependency } from '../sections/task.ts';
import type { Place, ProblemList } from '../tree.ts';

type Kind = 'agent' | 'task' | 'phase' | 'milestone' | 'gate';

/** Looks names up and tells of those that are not there. */
class Names {
  readonly #known: Readonly<Record<Kind, ReadonlySet<string>>>;
  readonly #problems: ProblemList;

  constructor(plan: Plan, problems: ProblemList) {
    const set = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
    this.#problems = problems;
    this.#known = {
      agent: new Set([...set(plan.agents), COORDINATOR]),
      task: set(plan.tasks),
      phase: set(plan.phases),
      milestone: set(plan.milestones),
      gate: set(plan.gates),
    };
  }

  check(name: string | null, kinds: readonly Kind[], at: Place, who: string): void {
    if (name === null || kinds.some((kind) => this.#known[kind].has(name))) return;
    const known = kinds.flatMap((kind) => [...this.#known[kind]]);
    const what = kinds.join(', ').replace(/, ([^,]*)$/, ' or $1');
    const near = didYouMean(name, known);
    const remedy = near === '' ? `; ${howToMend(kinds, known)}` : near;
    this.#problems.error(at, `${who} names "${shorten(name)}", which is no ${what} of the plan${remedy}`);
  }
}

function howToMend(kinds: readonly Kind[], known: readonly string[]): string {
  if (known.length === 0) return `the plan has none; write "${kinds[0]}s:" with "- id: …" under it`;
  const shown = known.slice(0, 6).join(', ');
  return `known here: ${shown}${known.length > 6 ? ' …' : ''}`;
}

const ANY: readonly Kind[] = ['task', 'milestone', 'gate', 'phase'];
const WORK: readonly Kind[] = ['task', 'milestone', 'phase'];

/** Checks that every name leads somewhere and none stands twice. */
export function checkNames(plan: Plan, places: Places, problems: ProblemList): void {
  checkTwice(plan, places, problems);
  const names = new Names(plan, problems);
  const each = (list: readonly string[], kinds: readonly Kind[], who: string): void => {
    list.forEach((name, i) => names.check(name, kinds, places.field(list, i), who));
  };
  const one = (owner: object, key: string, name: string | null, kinds: readonly Kind[], who: string): void =>
    names.check(name, kinds, places.field(owner, key), who);
  for (const task of plan.tasks) {
    const who = `task "${task.id}"`;
    one(task, 'agent', task.agent, ['agent'], who);
    one(task, 'phase', task.phase, ['phase'], who);
    each(task.runsBeside, ['task'], who);
    for (const dependency of task.dependsOn) names.check(dependency.target, ANY, places.of(dependency), who);
    checkParts(plan, task.dependsOn, places, problems);
  }
  for (const milestone of plan.milestones) {
    const who = `milestone "${milestone.id}"`;
    one(milestone, 'owner', milestone.owner, ['agent'], who);
    one(milestone, 'gate', milestone.gate, ['gate'], who);
    each(milestone.tasks, ['task'], who);
    for (const dependency of milestone.dependsOn) names.check(dependency.target, ANY, places.of(dependency), who);
    checkParts(plan, milestone.dependsOn, places, problems);
  }
  for (const gate of plan.gates) {
    const who = `gate "${gate.id}"`;
    each(gate.after, WORK, who);
    each(gate.before, WORK, who);
    if (gate.onFail.kind === 'fallback') one(gate, 'onFail', gate.onFail.task, ['task'], who);
  }
  for (const handover of plan.handovers) {
    const kinds: readonly Kind[] = handover.blocking ? ['task'] : ['task', 'agent', 'milestone'];
    const who = handover.blocking ? 'a blocking handover (it needs tasks)' : 'a handover';
    each(handover.from, kinds, who);
    each(handover.to, kinds, who);
  }
  for (const list of plan.checklists) one(list, 'owner', list.owner, ['agent'], `checklist "${list.id}"`);
  for (const { steps } of plan.emergencies) for (const step of steps) one(step, 'to', step.to, ['agent'], 'a step');
  for (const rule of plan.failures ?? []) one(rule, 'agent', rule.agent, ['agent'], 'a rule for failures');
  for (const point of plan.syncPoints) {
    if (point.at === null || minuteOf(point.at) !== null) continue;
    const message = `sync point "${shorten(point.title)}" can't be held at "${shorten(point.at)}"; write a time of the day such as "09:00"`;
    problems.error(places.field(point, 'at'), message);
  }
  for (const risk of plan.risks) {
    each(risk.affects, [...ANY, 'agent'], 'a risk');
    one(risk, 'fallback', risk.fallback, ['task'], 'a risk');
  }
  for (const step of plan.launch) {
    each(step.start, [...ANY, 'agent'], 'a launch step');
    each(step.after, ANY, 'a launch step');
  }
}

/** Deliverables that a partial dependency names must be those of what it waits for. */
function checkParts(plan: Plan, dependencies: readonly PlanDependency[], places: Places, problems: ProblemList): void {
  for (const dependency of dependencies) {
    const { target, deliverables } = dependency;
    if (deliverables.length === 0) continue;
    const group = plan.milestones.find(({ id }) => id === target);
    const owners = plan.tasks.filter(({ id, phase }) => id === target || phase === target || group?.tasks.includes(id));
    const known = [...(group ? [group] : []), ...owners].flatMap((owner) => owner.deliverables.map(({ text }) => text));
    for (const text of deliverables) {
      if (known.includes(text)) continue;
      const near = didYouMean(text, known) || `; known here: ${known.slice(0, 4).map(shorten).join(', ') || 'none'}`;
      problems.error(places.of(dependency), `"${target}" has no deliverable "${shorten(text)}"${near}`);
    }
  }
}

/** Tasks, gates, milestones and phases share one set of names, so that a dependency can name any of them. */
function checkTwice(plan: Plan, places: Places, problems: ProblemList): void {
  const lists = { task: plan.tasks, gate: plan.gates, milestone: plan.milestones, phase: plan.phases };
  const first = new Map<string, { readonly kind: string; readonly line: number }>();
  for (const [kind, list] of Object.entries(lists)) {
    for (const entry of list) {
      const at = places.field(entry, 'id');
      const before = first.get(entry.id);
      if (before) {
        const other = before.kind === kind ? 'first' : `as a ${before.kind}`;
        const message = `${kind} "${entry.id}" stands twice (${other} on line ${before.line}); give each its own id`;
        problems.error(at, message);
      } else {
        first.set(entry.id, { kind, line: at.line });
      }
    }
  }
}
