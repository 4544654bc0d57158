/** Words into names: what a dependency, an owner, a gate in a document means in the plan. */
import { addTexts, taskFor } from './draft.ts';
import type { Draft, DraftDependency, DraftMilestone, DraftTask } from './draft.ts';
import { refsIn, slug } from './refs.ts';
import type { Ref } from './refs.ts';

export interface ResolvedDependency {
  readonly target: string;
  readonly kind: 'task' | 'milestone' | 'phase';
  readonly on: 'done' | 'started' | 'partial';
  readonly percent: number | null;
  readonly deliverables: readonly string[];
  readonly soft: boolean;
  readonly from: DraftDependency['from'];
}

export class Resolver {
  readonly #draft: Draft;
  readonly #told = new Set<string>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** Once: what an agent and its task have in common is looked at twice. */
  note({ file, line }: DraftDependency['from'], text: string): void {
    const told = `${file}:${line}:${text}`;
    if (this.#told.has(told)) return;
    this.#told.add(told);
    this.#draft.notUnderstood.push({ file, line, text });
  }

  /** An agent's id: of `Agent 1`, `Coordinator`, or an id itself; null where nobody is meant. */
  agent(words: string): string | null {
    const number = /\bagent[\s-]*(\d+|[A-Z])\b/i.exec(words)?.[1];
    const { agents } = this.#draft;
    if (number !== undefined) return agents.find((agent) => agent.number === number.toUpperCase())?.id ?? null;
    const id = slug(words);
    return agents.find((agent) => agent.id === id || slug(agent.name) === id)?.id ?? null;
  }

  /** Tasks, milestones and phases that some words mean. */
  targets(words: string, from: DraftDependency['from']): readonly Pick<ResolvedDependency, 'target' | 'kind'>[] {
    const known = this.#draft.tasks.find(({ id }) => id === words);
    if (known) return [{ target: known.id, kind: 'task' }];
    return refsIn(words).flatMap((ref) => {
      const found = this.#target(ref);
      if (found.length === 0) this.note(from, `"${words}" names ${ref.kind} ${ref.name}, which is not in the plan`);
      return found;
    });
  }

  #target({ kind, name }: Ref): readonly Pick<ResolvedDependency, 'target' | 'kind'>[] {
    const { agents, tasks, milestones, phases } = this.#draft;
    const task = (id: string) =>
      tasks.filter((one) => one.id === id).map((one) => ({ target: one.id, kind: 'task' as const }));
    switch (kind) {
      case 'agent': {
        const doer = agents.find(({ number }) => number === name.toUpperCase());
        const own = tasks.filter(({ agent }) => doer !== undefined && agent === doer.id);
        return own.map(({ id }) => ({ target: id, kind: 'task' }));
      }
      case 'milestone':
        return milestones.filter(({ number }) => number === name).map(({ id }) => ({ target: id, kind: 'milestone' }));
      case 'workstream':
        return task(`ws${name}`);
      case 'phase':
        return phases.filter(({ number }) => number === name).map(({ id }) => ({ target: id, kind: 'phase' }));
      case 'issue':
        return [...task(`issue-${name}`), ...task(`task-${name}`)].slice(0, 1);
      case 'id':
        return task(name);
    }
  }

  /** @param all what "all" means here */
  dependencies(
    list: readonly DraftDependency[],
    all: readonly Pick<ResolvedDependency, 'target' | 'kind'>[],
    owner: string | null,
  ): readonly ResolvedDependency[] {
    return list.flatMap(({ value, from, soft }) => {
      if (/^(none|nothing|-|n\/a)\b/i.test(value) || value === '') return [];
      const targets = /^all\b/i.test(value) ? all : this.targets(value, from);
      if (targets.length === 0 && !soft && refsIn(value).length === 0) this.note(from, `what "${value}" waits for`);
      const partly = /\bpartial(ly)?\b/i.test(value);
      const percent = Number(/(\d{1,3})\s*%/.exec(value)?.[1]);
      return targets.map((target): ResolvedDependency => {
        const plain = { ...target, soft, from, on: 'done' as const, percent: null, deliverables: [] };
        if (percent >= 1 && percent <= 100) return { ...plain, on: 'partial', percent };
        if (partly) return { ...plain, ...this.#part(target.target, owner, from) };
        return /\b(has |is |being )?(started|begun)\b/i.test(value) ? { ...plain, on: 'started' } : plain;
      });
    });
  }

  /** "Partial" without a figure: what the handover between the two owners speaks of, else only that it has begun. */
  #part(
    target: string,
    owner: string | null,
    from: DraftDependency['from'],
  ): Pick<ResolvedDependency, 'on' | 'deliverables'> {
    const group = this.#draft.milestones.find(({ id }) => id === target);
    const giver = group?.owner ? this.agent(group.owner.value) : null;
    const handover = this.#draft.handovers.find(
      (one) => this.agent(one.giver) === giver && this.agent(one.taker) === owner && giver !== null,
    );
    const words = (handover?.artefact.toLowerCase() ?? '').split(/\W+/).filter((word) => word.length > 4);
    const all = this.#draft.tasks
      .filter(({ id }) => group?.tasks.includes(id))
      .flatMap(({ deliverables }) => deliverables);
    const deliverables = [...(group?.deliverables ?? []), ...all]
      .map(({ value }) => value)
      .filter((text) => words.some((word) => text.toLowerCase().includes(word)));
    if (deliverables.length > 0) return { on: 'partial', deliverables };
    this.note(from, 'how much of it is meant by "partial": the plan waits for its start only');
    return { on: 'started', deliverables: [] };
  }
}

/** A milestone whose owner has no tasks yet gets one that holds its deliverables. */
export function tasksOfMilestones(draft: Draft, resolver: Resolver): void {
  for (const milestone of draft.milestones) {
    if (milestone.after !== null) {
      const found = resolver.targets(milestone.after.value, milestone.after.from);
      milestone.tasks.push(...found.filter(({ kind }) => kind === 'task').map(({ target }) => target));
    }
    if (milestone.number === null) continue;
    const owner = milestone.owner ? resolver.agent(milestone.owner.value) : null;
    const own = draft.tasks.filter(({ agent }) => agent !== null && agent === owner);
    if (own.length > 0 && owner !== null) milestone.tasks.push(...own.map(({ id }) => id));
    else if (!milestone.done) milestone.tasks.push(workOf(draft, milestone, owner).id);
  }
}

function workOf(draft: Draft, milestone: DraftMilestone, owner: string | null): DraftTask {
  const task = taskFor(draft, `${milestone.id}-work`, milestone.title, milestone.from);
  task.agent = owner ?? 'coordinator';
  addTexts(task.deliverables, milestone.deliverables);
  milestone.deliverables.length = 0;
  addTexts(task.files, draft.agents.find(({ id }) => id === owner)?.files ?? []);
  return task;
}

/** Phases in words, `Agent 3 and Agent 4 work in parallel (both wait for Agent 2)`: who belongs to them. */
export function tasksOfPhases(draft: Draft, resolver: Resolver, waits: (task: string) => readonly string[]): void {
  for (const phase of draft.phases) {
    const words = phase.title.replace(/\(?(both |all )?waits? for.*$/i, '');
    const own = refsIn(words).length === 0 ? [] : resolver.targets(words, phase.from).map(({ target }) => target);
    for (const task of draft.tasks) if (own.includes(task.id)) task.phase ??= phase.id;
    if (!/\bparallel\b/i.test(phase.title)) continue;
    for (const task of own) {
      const before = own.find((other) => waits(task).includes(other));
      if (before !== undefined)
        resolver.note(phase.from, `"${phase.title}", but ${task} waits for ${before}: that stands`);
    }
  }
}

/** Names of the two ends of a handover; `All` is everybody but the receiver. */
export function handoverEnds(
  draft: Draft,
  resolver: Resolver,
): readonly { readonly from: readonly string[]; readonly to: string }[] {
  return draft.handovers.map(({ giver, taker, from: at }) => {
    const end = (words: string) =>
      resolver.agent(words) ?? resolver.targets(words, at).find(({ kind }) => kind !== 'phase')?.target ?? null;
    const to = end(taker);
    const all = draft.agents.map(({ id }) => id).filter((id) => id !== to);
    const from = /^all\b/i.test(giver) ? all : [end(giver)].filter((id) => id !== null);
    if (to !== null && from.length > 0) return { from, to };
    resolver.note(at, `who is meant by "${giver} → ${taker}"`);
    return { from: [], to: '' };
  });
}
