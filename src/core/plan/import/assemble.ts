/** A draft into the plan that is written. */
import { PRIORITIES } from '../sections/task.ts';
import type { From } from './blocks.ts';
import type { Draft, DraftAgent, DraftGate, DraftMilestone, DraftTask, Sourced } from './draft.ts';
import { list, map, sourcedValue, textList, value } from './out.ts';
import type { Out } from './out.ts';
import { assembleRest } from './assemble-rest.ts';
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
  dropCircles(draft, waits, resolver);
  tasksOfPhases(draft, resolver, (id) => (waits.get(id) ?? []).map(({ target }) => target));
  const ends = handoverEnds(draft, resolver);
  return map({
    version: value(1),
    name: value(draft.name, null, 80),
    description: sourcedValue(draft.description, 1000),
    agents: list(draft.agents.map((agent) => agentOut(agent, profile, draft))),
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
    tasks: list(draft.tasks.map((task) => taskOut(task, waits.get(task.id) ?? [], draft))),
    milestones: list(
      draft.milestones.map((milestone) => milestoneOut(milestone, waits.get(milestone.id) ?? [], resolver)),
    ),
    gates: list(gates(draft, resolver)),
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

function agentOut(agent: DraftAgent, profile: string, draft: Draft): Out {
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
    readOnly: agent.readOnly ? value(true, agent.from) : null,
    files: textList(agent.files.filter(isInside), 1000),
    inputs: textList(agent.inputs, 1000),
    references: textList(agent.references, 1000),
    prompt: sourcedValue(prompt, 100_000),
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

function taskOut(task: DraftTask, waits: readonly ResolvedDependency[], draft: Draft): Out {
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
    files: textList(task.files.filter(isInside), 1000),
    inputs: textList(task.inputs, 1000),
    references: textList(task.references, 1000),
    deliverables: textList(task.deliverables),
    acceptance: textList(task.acceptance),
    validation: textList(task.validation, 10_000),
    notes: sourcedValue(task.notes, 10_000),
  });
}

function dependencyOut({ target, kind, on, deliverables, soft, from }: ResolvedDependency): Out {
  if (on === 'done' && !soft) return value(target, from);
  return map({
    [kind]: value(target, from),
    on: on === 'done' ? null : value(on, from),
    deliverables: list(deliverables.map((text) => value(text, from))),
    soft: soft ? value(true, from) : null,
  });
}

function milestoneOut(milestone: DraftMilestone, waits: readonly ResolvedDependency[], resolver: Resolver): Out {
  const owner = milestone.owner && (resolver.agent(milestone.owner.value) ?? COORDINATOR);
  return map({
    id: value(milestone.id, milestone.from),
    title: value(milestone.title, milestone.from, 200),
    owner: milestone.owner && owner !== null ? value(owner, milestone.owner.from) : null,
    weeks: milestone.weeks && range(milestone.weeks, milestone.from),
    tasks: list(milestone.tasks.map((id) => value(id, milestone.from))),
    dependsOn: list(waits.map(dependencyOut)),
    deliverables: textList(milestone.deliverables),
    done: milestone.done ? value(true, milestone.from) : null,
  });
}

const WITHIN = /within\s+(\d+(?:\.\d+)?)\s*%/i;

/** Gates of the documents, and one for every figure that is to stay near a baseline. */
function gates(draft: Draft, resolver: Resolver): readonly Out[] {
  const all: DraftGate[] = [...draft.gates];
  const near = (id: string, after: Sourced<string>, texts: readonly Sourced<string>[]) => {
    for (const text of texts) {
      const tolerance = Number(WITHIN.exec(text.value)?.[1]);
      if (Number.isNaN(tolerance) || all.some((gate) => gate.id === id)) continue;
      const checks = [{ ...text, tolerance }];
      all.push({ id, from: text.from, title: text.value, after: [after], before: [], due: null, onPass: null, checks });
    }
  };
  for (const task of draft.tasks) near(`${task.id}-baseline`, { value: task.id, from: task.from }, task.acceptance);
  const last = draft.success.find(({ value: text }) => WITHIN.test(text));
  if (last) near('baseline', { value: 'everything', from: last.from }, draft.success);
  return all.map((gate) => {
    const targets = (words: readonly Sourced<string>[]) =>
      list(
        [...new Set(words.flatMap((word) => gateTargets(word, draft, resolver)))].map((id) =>
          value(id, words[0]!.from),
        ),
      );
    return map({
      id: value(gate.id, gate.from),
      title: value(gate.title, gate.from, 200),
      after: targets(gate.after),
      before: targets(gate.before),
      dueHours: gate.due && range(gate.due.value, gate.due.from),
      checks: list(
        gate.checks.map((check) =>
          check.tolerance === undefined
            ? sourcedValue(check)
            : map({
                threshold: value(check.value, check.from, 200),
                baseline: value('baseline', check.from),
                tolerance: value(`${check.tolerance}%`, check.from),
              }),
        ),
      ),
      onPass: sourcedValue(gate.onPass, 1000),
    });
  });
}

function gateTargets({ value: words, from }: Sourced<string>, draft: Draft, resolver: Resolver): readonly string[] {
  if (words === 'everything') return draft.tasks.map(({ id }) => id);
  if (draft.tasks.some(({ id }) => id === words)) return [words];
  const found = resolver.targets(words, from).map(({ target }) => target);
  if (found.length === 0) resolver.note(from, `what "${words}" stands for: ${slug(words)}`);
  return found;
}

/** A plan that waits for itself is refused: the dependency that closes a circle is left out, and told. */
function dropCircles(draft: Draft, waits: Map<string, readonly ResolvedDependency[]>, resolver: Resolver): void {
  const before = new Map<string, Set<string>>();
  const add = (from: string, to: string) => before.set(to, (before.get(to) ?? new Set()).add(from));
  for (const { id, tasks } of draft.milestones) for (const task of tasks) add(task, id);
  for (const { id, phase } of draft.tasks) if (phase !== null) add(id, phase);
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([to]);
    for (const at of seen) for (const next of before.get(at) ?? []) seen.add(next);
    return seen.has(from);
  };
  const members = new Map(draft.milestones.map(({ id, tasks }) => [id, tasks]));
  for (const [id, list] of waits) {
    const kept = list.filter(({ target, soft, from }) => {
      const closes = [id, ...(members.get(id) ?? [])].some((node) => node === target || reaches(node, target));
      if (closes && !soft) {
        resolver.note(from, `${id} waits for ${target}, which waits for ${id}: left out`);
        return false;
      }
      if (!soft) for (const node of [id, ...(members.get(id) ?? [])]) add(target, node);
      return true;
    });
    waits.set(id, kept);
  }
}
