/** What a rehearsal showed, out of its journal: what happened is told the same whether the daemon lived through it or not. */
import type { JournalEntry } from '../model/events.ts';
import type { Plan } from '../plan/model.ts';
import { analysePlan } from '../plan/check/figures.ts';
import { planIndex } from '../schedule/plan-index.ts';
import type { Seed } from './chance.ts';
import { doerOf } from './doer.ts';
import { meetingsOf } from './meetings.ts';
import { placeOf, roundsOf, type MetOverlap } from './overlaps-met.ts';

export interface RehearsedTask {
  readonly task: string;
  /** null: a person. */
  readonly agent: string | null;
  readonly critical: boolean;
  /** Seconds since the rehearsal began; null where it never did. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** How often it was worked on from its beginning or sent back. */
  readonly attempts: number;
  /** What became of it, in order: `started`, `blocked: why`, `sent back: why`, `landed` or `done`, … */
  readonly story: readonly string[];
}

export interface RehearsedGate {
  readonly gate: string;
  /** Each time that it was looked at: `passed`, `failed: why`, `waived: why`. */
  readonly results: readonly string[];
}

export interface RehearsalReport {
  readonly ok: boolean;
  /** Why the plan did not run to its end; '' where it did. */
  readonly reason: string;
  /** What is still open then. */
  readonly open: readonly string[];
  readonly plan: string;
  readonly seed: Seed;
  readonly speed: number;
  readonly seconds: number;
  readonly criticalPath: { readonly tasks: readonly string[]; readonly hours: readonly [number, number] };
  /** The time it took, at the plan's own pace. */
  readonly rehearsedHours: number;
  /** In the order in which they began. */
  readonly tasks: readonly RehearsedTask[];
  readonly gates: readonly RehearsedGate[];
  readonly milestones: readonly string[];
  readonly handovers: readonly { readonly handover: string; readonly path: string }[];
  readonly overlaps: readonly MetOverlap[];
  readonly landings: { readonly landed: number; readonly refused: readonly string[] };
  readonly stoodIn: StoodIn;
}

/** What was not the real thing. */
export interface StoodIn {
  readonly agents: number;
  readonly commands: number;
  /** Tasks that persons do, taken as done when their time was over. */
  readonly personTasks: number;
  /** Questions to persons, answered by the rehearsal. */
  readonly answers: number;
}

export interface Ending {
  readonly open: readonly string[];
  readonly reason: string;
  readonly seed: Seed;
  readonly speed: number;
  readonly commands: number;
}

export function rehearsalReport(plan: Plan, entries: readonly JournalEntry[], ending: Ending): RehearsalReport {
  const { open, reason, seed, speed, commands } = ending;
  const began = entries[0]?.at ?? 0;
  const seconds = (at: number): number => Math.round((at - began) / 100) / 10;
  const last = entries.findLast(({ event }) => /^(task|gate|milestone)\./.test(event.type));
  const took = last === undefined ? 0 : seconds(last.at);
  const analysis = analysePlan(plan);
  const critical = analysis?.timing.critical ?? { tasks: [], hours: [0, 0] as const };
  const events = entries.map(({ event }) => event);
  const answers = events.filter(
    ({ type }) =>
      type === 'gate.asked' || type === 'gate.waived' || type === 'round.settled' || type === 'round.confirmed',
  ).length;
  return {
    ok: reason === '',
    reason,
    open,
    plan: plan.name,
    seed,
    speed,
    seconds: took,
    criticalPath: { tasks: critical.tasks, hours: critical.hours },
    rehearsedHours: Math.round((took * speed) / 360) / 10,
    tasks: tasksOf(plan, entries, new Set(critical.tasks), seconds),
    gates: gatesOf(plan, entries),
    milestones: events.flatMap((event) => (event.type === 'milestone.reached' ? [event.milestone] : [])),
    handovers: events.flatMap((event) =>
      event.type === 'handover.given' ? [{ handover: event.handover, path: event.path }] : [],
    ),
    overlaps: roundsOf(events, meetingPlaces(seed, plan)),
    landings: {
      landed: events.filter(({ type }) => type === 'landing.landed').length,
      refused: refusedOf(entries),
    },
    stoodIn: {
      agents: plan.agents.length,
      commands,
      personTasks: plan.tasks.filter((task) => doerOf(plan, task) === null).length,
      answers,
    },
  };
}

function meetingPlaces(seed: Seed, plan: Plan): ReadonlySet<string> {
  const doers = new Map(plan.tasks.map((task) => [task.id, doerOf(plan, task) ?? '']));
  return new Set(
    meetingsOf(seed, plan).map(({ path, tasks }) =>
      placeOf(
        path,
        tasks.map((id) => doers.get(id)!),
      ),
    ),
  );
}

function tasksOf(
  plan: Plan,
  entries: readonly JournalEntry[],
  critical: ReadonlySet<string>,
  seconds: (at: number) => number,
): readonly RehearsedTask[] {
  const stories = new Map<
    string,
    { story: string[]; startedAt: number | null; endedAt: number | null; attempts: number }
  >();
  const tell = (
    task: string,
  ): { story: string[]; startedAt: number | null; endedAt: number | null; attempts: number } => {
    const known = stories.get(task) ?? { story: [], startedAt: null, endedAt: null, attempts: 0 };
    stories.set(task, known);
    return known;
  };
  const hands = new Map<string, string>();
  for (const { at, event } of entries) {
    switch (event.type) {
      case 'task.started': {
        const known = tell(event.task);
        known.startedAt ??= seconds(at);
        known.attempts++;
        known.story.push('started');
        if (event.agent !== null) hands.set(event.agent, event.task);
        break;
      }
      case 'task.activated':
        tell(event.task).story.push(`wanted, as gate ${event.gate} failed`);
        break;
      case 'task.blocked':
        tell(event.task).story.push(`blocked: ${plainly(event.reason)}`);
        break;
      case 'task.unblocked':
        tell(event.task).story.push('went on');
        break;
      case 'task.returned':
        tell(event.task).attempts++;
        tell(event.task).story.push(`sent back: ${plainly(event.reason)}`);
        break;
      case 'task.failed':
        tell(event.task).story.push(`failed: ${plainly(event.reason)}`);
        break;
      case 'task.reopened':
        tell(event.task).story.push('begun anew');
        break;
      case 'agent.exited':
      case 'agent.stopping': {
        // Whoever ends after the last of its tasks is no part of the story.
        const task = hands.get(event.agent);
        if (task === undefined || event.type === 'agent.stopping') break;
        tell(task).story.push(event.asked ? 'its agent was started again' : 'its agent was lost');
        break;
      }
      case 'task.done': {
        const known = tell(event.task);
        known.endedAt = seconds(at);
        known.story.push(event.commit === null ? 'done' : 'landed');
        for (const [agent, task] of hands) if (task === event.task) hands.delete(agent);
        break;
      }
      default:
    }
  }
  return [...stories].map(([task, { story, startedAt, endedAt, attempts }]) => {
    const planned = plan.tasks.find(({ id }) => id === task);
    return {
      task,
      agent: planned ? doerOf(plan, planned) : null,
      critical: critical.has(task),
      startedAt,
      endedAt,
      attempts,
      story,
    };
  });
}

function gatesOf(plan: Plan, entries: readonly JournalEntry[]): readonly RehearsedGate[] {
  const results = new Map<string, string[]>([...planIndex(plan).gates.keys()].map((id) => [id, []]));
  for (const { event } of entries) {
    switch (event.type) {
      case 'gate.passed':
        results.get(event.gate)?.push('passed');
        break;
      case 'gate.failed':
        results.get(event.gate)?.push(`failed: ${plainly(event.reason)}`);
        break;
      case 'gate.waived':
        results.get(event.gate)?.push(`waived: ${plainly(event.reason)}`);
        break;
      default:
    }
  }
  return [...results].map(([gate, list]) => ({ gate, results: list }));
}

/** Without the command line of a stand-in, which is other in every place. */
function plainly(reason: string): string {
  return reason.replaceAll(/\S*\/node \S*\/rehearse-check\.js(?: -{0,2}[\w.=-]+)*?(?= fails|: |$)/g, 'its validation');
}

function refusedOf(entries: readonly JournalEntry[]): readonly string[] {
  const agents = new Map<string, string>();
  return entries.flatMap(({ event }): string[] => {
    if (event.type === 'landing.requested') agents.set(event.landing, event.task ?? event.agent);
    return event.type === 'landing.failed' ? [`${agents.get(event.landing) ?? '?'}: ${plainly(event.reason)}`] : [];
  });
}

/**
 * What must be the same whenever the same plan is rehearsed with the same seed: what was decided, not when. Whose landing
 * brought what two had merged before is up to who was quicker.
 */
export function decisionsOf(report: RehearsalReport) {
  const { ok, plan, seed, tasks, gates, milestones, handovers, overlaps, landings, criticalPath, stoodIn } = report;
  return {
    ok,
    plan,
    seed,
    criticalPath,
    // A meeting that nobody arranged may want an answer too.
    stoodIn: { agents: stoodIn.agents, commands: stoodIn.commands, personTasks: stoodIn.personTasks },
    tasks: tasks
      .map(({ task, agent, attempts, story }) => ({
        task,
        agent,
        attempts,
        story: story.map((step) => (step === 'landed' ? 'done' : step)),
      }))
      .toSorted((a, b) => (a.task < b.task ? -1 : 1)),
    gates,
    milestones: milestones.toSorted(),
    handovers: handovers.toSorted((a, b) => (a.handover < b.handover ? -1 : 1)),
    overlaps: overlaps.filter(({ onPurpose }) => onPurpose).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    refused: landings.refused.toSorted(),
  };
}
