/** Tasks, milestones and gates of `llmctl status --json`. */
import { NOTHING_SPENT } from '../model/run-facts.ts';
import type { State, Todo } from '../model/state.ts';
import { own, type GateWork, type Work } from '../model/work.ts';
import { COORDINATOR as PERSON } from '../plan/model.ts';
import type { ScheduledGate } from '../schedule/gates.ts';
import { openNeeds, agentFor, needWords, standingOf, taskState } from '../schedule/standing.ts';
import { isoTime } from './time.ts';

const iso = (at: number | null): string | null => (at === null ? null : isoTime(at));

function todosByTask(todos: readonly Todo[]): ReadonlyMap<string, readonly Todo[]> {
  const by = new Map<string, Todo[]>();
  for (const todo of todos) if (todo.task !== null) by.set(todo.task, [...(by.get(todo.task) ?? []), todo]);
  return by;
}

export function todoDocument({ id, text, done, task, agent, by, at, kind, proof }: Todo) {
  return {
    id,
    text,
    done,
    task,
    agent,
    by: by?.name ?? null,
    at: iso(at ?? null),
    kind: kind ?? null,
    proof: proof ?? null,
  };
}

export function taskDocuments(state: State) {
  const standing = standingOf(state);
  if (standing === null) return [];
  const todos = todosByTask(state.todos);
  return standing.work.plan.tasks.map((task) => {
    const work = own(standing.work.tasks, task.id)!;
    const stands = taskState(standing, task.id);
    return {
      id: task.id,
      title: task.title ?? task.id,
      agent: work.agent ?? agentFor(standing, task.id) ?? PERSON,
      phase: task.phase,
      state: stands,
      since: isoTime(work.since),
      reason: work.reason,
      dependsOn: task.dependsOn.filter(({ soft }) => !soft).map(({ target }) => target),
      waitsFor: stands === 'waiting' ? openNeeds(standing, task.id).map(needWords) : [],
      progress: work.progress,
      attempts: work.attempts,
      forced: work.forced,
      startedAt: iso(work.startedAt),
      endedAt: iso(work.endedAt),
      commit: work.commit,
      // What its agents used while they had it in hand.
      ...(own(state.spent, task.id) ?? NOTHING_SPENT),
      estimateHours: task.estimateHours ?? [0, 0],
      files: task.files,
      artefacts: work.artefacts.map(({ path, text, by, at }) => ({ path, text, by, at: isoTime(at) })),
      todos: (todos.get(task.id) ?? []).map(todoDocument),
    };
  });
}

/** Why nothing new starts just now; none: it does. */
export function holdDocuments({ work }: State) {
  return Object.entries(work?.holds ?? {}).map(([cause, reason]) => ({ cause, reason }));
}

export function milestoneDocuments({ work }: State) {
  return (work?.plan.milestones ?? []).map((milestone) => {
    const known = own(work!.milestones, milestone.id)!;
    const begun = milestone.tasks.some((id) => own(work!.tasks, id)?.startedAt != null);
    return {
      id: milestone.id,
      title: milestone.title ?? milestone.id,
      owner: milestone.owner ?? PERSON,
      tasks: milestone.tasks,
      state: known.reachedAt !== null ? 'reached' : begun ? 'running' : 'waiting',
      reachedAt: iso(known.reachedAt),
      commit: known.commit,
    };
  });
}

export function gateDocuments(state: State) {
  const standing = standingOf(state);
  if (standing === null) return [];
  return [...standing.index.gates.values()].map((gate) => gateDocument(standing.work, gate));
}

function gateDocument(work: Work, gate: ScheduledGate) {
  const known: GateWork = own(work.gates, gate.id)!;
  return {
    id: gate.id,
    title: gate.title,
    state: known.state,
    since: isoTime(known.since),
    reason: known.reason,
    by: known.by?.name ?? null,
    forced: known.forced,
    /** It waits for a person's go or no-go. */
    asked: known.asked,
    written: gate.written,
    after: gate.after,
    before: gate.before,
    checks: gate.checks.map(({ check }, at) => {
      const { state, said } = known.checks[at]!;
      const words = check.kind === 'person' ? { go: check.go, noGo: check.noGo } : {};
      return { kind: check.kind, text: check.text, state, said, ...words };
    }),
  };
}

export function handoverDocuments(state: State) {
  const standing = standingOf(state);
  if (standing === null) return [];
  return [...standing.index.handovers].map(([id, { from, to, artefact, blocking, day }]) => {
    const known = own(standing.work.handovers, id)!;
    return { id, from, to, artefact, blocking, day, path: known.path, givenAt: iso(known.givenAt) };
  });
}
