/** A draft into the plan that is written. */
import { PRIORITIES } from '../sections/task.ts';
import type { From } from './blocks.ts';
import { gateOf } from './draft.ts';
import type { Draft, DraftAgent, DraftCheck, DraftGate, DraftMilestone, DraftTask, Sourced } from './draft.ts';
import { list, map, sourcedValue, textList, value } from './out.ts';
import type { Out } from './out.ts';
import { assembleRest } from './assemble-rest.ts';
import { dropCircles } from './circles.ts';
import type { Order } from './circles.ts';
import { isPath, slug } from './refs.ts';
import { handoverEnds, Resolver, tasksOfMilestones, tasksOfPhases } from './resolve.ts';
import type { ResolvedDependency } from './resolve.ts';
import { insidePath } from '../inside-path.ts';

const COORDINATOR = 'coordinator';

/** @param profile what agents run, as no document says it */
export function assemble(draft: Draft, profile: string): Out {
  const resolver = new Resolver(draft);
  tasksOfMilestones(draft, resolver);
  const everything = draft.tasks.map(({ id }) => ({ target: id, kind: 'task' as const }));
  const waits = new Map<string, readonly ResolvedDependency[]>();
  for (const task of draft.tasks) {
    const others = everything.filter(({ target }) => target !== task.id);
    waits.set(task.id, resolver.dependencies(task.dependsOn, others, task.agent));
  }
  draft.milestones.forEach((milestone, at) => {
    const before = draft.milestones.slice(0, at).map(({ id }) => ({ target: id, kind: 'milestone' as const }));
    const owner = milestone.owner ? resolver.agent(milestone.owner.value) : null;
    waits.set(milestone.id, resolver.dependencies(milestone.dependsOn, before, owner));
  });
  const order = dropCircles(draft, waits, resolver);
  tasksOfPhases(draft, resolver, (id) => (waits.get(id) ?? []).map(({ target }) => target));
  const ends = handoverEnds(draft, resolver);
  return map({
    version: value(1),
    name: value(draft.name, null, 80),
    description: sourcedValue(draft.description, 1000),
    agents: list(draft.agents.map((agent) => agentOut(agent, profile, draft, resolver))),
    phases: list(
      draft.phases.map((phase) =>
        map({
          id: value(phase.id, phase.from),
          title: phase.title === '' ? null : value(phase.title, phase.from, 200),
          weeks: phase.weeks && range(phase.weeks, phase.from),
          success: textList(phase.success),
          validation: textList(phase.validation),
        }),
      ),
    ),
    tasks: list(draft.tasks.map((task) => taskOut(task, waits.get(task.id) ?? [], draft, resolver))),
    milestones: list(
      draft.milestones.map((milestone) => milestoneOut(milestone, waits.get(milestone.id) ?? [], resolver)),
    ),
    gates: list(gates(draft, resolver, order)),
    handovers: list(
      draft.handovers.map((handover, at) => {
        const { from, to } = ends[at]!;
        if (from.length === 0) return null;
        return map({
          from: from.length === 1 ? value(from[0]!, handover.from) : list(from.map((id) => value(id, handover.from))),
          to: value(to, handover.from),
          artefact: value(handover.artefact, handover.from),
          interface: sourcedValue(handover.interface),
          path: sourcedValue(handover.path),
          day: handover.day === null ? null : value(handover.day, handover.from),
        });
      }),
    ),
    ...assembleRest(draft, resolver),
  });
}

function range([low, high]: readonly [number, number], from: From): Out {
  return low === high ? value(low, from) : list([value(low, from), value(high, from)])!;
}

function priorityOf(text: Sourced<string> | null): Out | null {
  const word = text?.value.split(/\W/)[0]?.toLowerCase() ?? '';
  const known = PRIORITIES.find((priority) => priority === word);
  return known !== undefined && text ? value(known, text.from) : null;
}

function agentOut(agent: DraftAgent, profile: string, draft: Draft, resolver: Resolver): Out {
  const works = draft.tasks.some((task) => task.agent === agent.id);
  // A prompt with a task in it needs one.
  const prompt =
    agent.prompt && !works ? { ...agent.prompt, value: agent.prompt.value.replaceAll('{{', '\\{{') } : agent.prompt;
  return map({
    id: value(agent.id, agent.from),
    name: value(agent.name, agent.from, 60),
    role: sourcedValue(agent.role, 200),
    focus: sourcedValue(agent.focus, 1000),
    profile: value(profile),
    priority: priorityOf(agent.priority),
    readOnly: agent.readOnly && value(true, agent.readOnly),
    files: textList(inside(agent.files, resolver), 1000),
    inputs: textList(agent.inputs, 1000),
    references: textList(agent.references, 1000),
    prompt: sourcedValue(prompt, 100_000),
  });
}

/** Who may change what is not left to anything that looks like a path: the rest is told. */
function inside(files: readonly Sourced<string>[], resolver: Resolver): readonly Sourced<string>[] {
  return files.filter((file) => {
    const fits = isInside(file);
    if (!fits) resolver.note(file.from, `"${file.value}" is no file in the repository: left out`);
    return fits;
  });
}

function isInside({ value: path }: Sourced<string>): boolean {
  const inside = insidePath(path);
  return (
    inside !== null &&
    inside !== '.' &&
    inside.split('/')[0] !== '.git' &&
    (isPath(path) || /[*?]/.test(path) || /^[\w.-]+$/.test(path))
  );
}

function taskOut(task: DraftTask, waits: readonly ResolvedDependency[], draft: Draft, resolver: Resolver): Out {
  const owners = new Set([...draft.agents.map(({ id }) => id), COORDINATOR]);
  return map({
    id: value(task.id, task.from),
    title: value(task.title, task.from, 200),
    agent: value(task.agent !== null && owners.has(task.agent) ? task.agent : COORDINATOR, task.from),
    phase: task.phase === null ? null : value(task.phase, task.from),
    issue: task.issue === null ? null : value(task.issue, task.from),
    dependsOn: list(waits.map(dependencyOut)),
    estimateHours: task.estimate && range(task.estimate.value, task.estimate.from),
    priority: priorityOf(task.priority),
    files: textList(inside(task.files, resolver), 1000),
    inputs: textList(task.inputs, 1000),
    references: textList(task.references, 1000),
    deliverables: textList(task.deliverables),
    acceptance: textList(task.acceptance),
    validation: textList(task.validation, 10_000),
    notes: sourcedValue(task.notes, 10_000),
    done: task.done ? value(true, task.from) : null,
  });
}

function dependencyOut({ target, kind, on, percent, deliverables, soft, from }: ResolvedDependency): Out {
  if (on === 'done' && !soft) return value(target, from);
  return map({
    [kind]: value(target, from),
    on: on === 'done' ? null : value(on, from),
    percent: percent === null ? null : value(percent, from),
    deliverables: list(deliverables.map((text) => value(text, from))),
    soft: soft ? value(true, from) : null,
  });
}

function milestoneOut(milestone: DraftMilestone, waits: readonly ResolvedDependency[], resolver: Resolver): Out {
  const owner = milestone.owner && (resolver.agent(milestone.owner.value) ?? COORDINATOR);
  const { description, message, tag } = milestone.done ? {} : milestone.commit;
  return map({
    id: value(milestone.id, milestone.from),
    title: value(milestone.title, milestone.from, 200),
    owner: milestone.owner && owner !== null ? value(owner, milestone.owner.from) : null,
    weeks: milestone.weeks && range(milestone.weeks, milestone.from),
    tasks: list(milestone.tasks.map((id) => value(id, milestone.from))),
    dependsOn: list(waits.map(dependencyOut)),
    deliverables: textList(milestone.deliverables),
    commit:
      description || message || tag
        ? map({
            message: sourcedValue(message ?? null, 10_000),
            description: sourcedValue(description ?? null, 200),
            tag: sourcedValue(tag ?? null, 200),
          })
        : null,
    done: milestone.done ? value(true, milestone.from) : null,
  });
}

const WITHIN = /within\s+(\d+(?:\.\d+)?)\s*%/i;

/** Gates of the documents, and one for every figure that is to stay near a baseline. */
function gates(draft: Draft, resolver: Resolver, order: Order): readonly Out[] {
  const all: DraftGate[] = [...draft.gates];
  const near = (id: string, after: Sourced<string>, texts: readonly Sourced<string>[]) => {
    for (const text of texts) {
      const tolerance = Number(WITHIN.exec(text.value)?.[1]);
      if (Number.isNaN(tolerance) || all.some((gate) => gate.id === id)) continue;
      const checks = [{ ...text, tolerance }];
      all.push({ ...gateOf(id, text.value, text.from), after: [after], checks });
    }
  };
  for (const task of draft.tasks) near(`${task.id}-baseline`, { value: task.id, from: task.from }, task.acceptance);
  const last = draft.success.find(({ value: text }) => WITHIN.test(text));
  if (last) near('baseline', { value: 'everything', from: last.from }, draft.success);
  return all.map((gate) => {
    const after = gateTargets(gate.after, draft, resolver);
    const before = gateTargets(gate.before, draft, resolver).filter(({ value: id, from }) => {
      const closes = after.find((one) => order.isBefore(id, one.value));
      if (closes === undefined) for (const one of after) order.add(one.value, id);
      else resolver.note(from, `${gate.id} is before ${id}, which is before ${closes.value}: left out`);
      return closes === undefined;
    });
    return map({
      id: value(gate.id, gate.from),
      title: value(gate.title, gate.from, 200),
      after: textList(after),
      before: textList(before),
      dueHours: gate.due && range(gate.due.value, gate.due.from),
      checks: list(gate.checks.map(checkOut)),
      onPass: sourcedValue(gate.onPass, 1000),
      notes: sourcedValue(joined(gate.notes), 10_000),
    });
  });
}

function checkOut(check: DraftCheck): Out | null {
  if (check.tolerance !== undefined) {
    return map({
      threshold: value(check.value, check.from, 200),
      baseline: value('baseline', check.from),
      tolerance: value(`${check.tolerance}%`, check.from),
    });
  }
  if (!check.go && !check.noGo) return sourcedValue(check);
  return map({
    person: sourcedValue(check),
    go: sourcedValue(check.go ?? null),
    noGo: sourcedValue(check.noGo ?? null),
  });
}

function joined([first, ...more]: readonly Sourced<string>[]): Sourced<string> | null {
  return first ? { ...first, value: [first, ...more].map(({ value: text }) => text).join('\n') } : null;
}

/** Each once, with the line that names it first. */
function gateTargets(names: readonly Sourced<string>[], draft: Draft, resolver: Resolver): readonly Sourced<string>[] {
  const all = new Map<string, From>();
  for (const { value: words, from } of names) {
    const found =
      words === 'everything'
        ? draft.tasks.map(({ id }) => id)
        : resolver.targets(words, from).map(({ target }) => target);
    if (found.length === 0) resolver.note(from, `what "${words}" stands for: ${slug(words)}`);
    for (const id of found) if (!all.has(id)) all.set(id, from);
  }
  return [...all].map(([id, from]) => ({ value: id, from }));
}
