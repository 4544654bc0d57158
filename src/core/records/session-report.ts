/** A session as a report tells it: who did what, and what came of it. The JSON of `llmctl report-session`; hours are hours, times ISO 8601. */
import type { AgentStateName } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { COORDINATOR as PERSON } from '../plan/model.ts';
import { standingOf, taskState } from '../schedule/standing.ts';
import { isoTime } from '../select/time.ts';
import { gateDocuments, milestoneDocuments } from '../select/work-documents.ts';
import { oneLine } from '../text.ts';
import { spentOf, timeInStates, type AgentStory } from './agent-story.ts';
import type { CheckRun, Chronicle } from './chronicle.ts';

export type SessionReport = ReturnType<typeof sessionReport>;

const iso = (at: number | null): string | null => (at === null ? null : isoTime(at));
const said = (text: string): string => oneLine(text, 300);
const HOUR = 3_600_000;

/** @param now milliseconds since 1970 */
export function sessionReport(chronicle: Chronicle, state: State, now: number) {
  const { session } = state;
  const until = chronicle.endedAt ?? Math.max(now, chronicle.lastAt);
  const startedAt = chronicle.startedAt ?? session.startedAt;
  const agents = [...chronicle.agents.values()].map((story) => agentReport(story, chronicle, state, until));
  const counted = agents.filter(({ tokens }) => tokens !== null);
  return {
    session: {
      id: session.id,
      repo: session.repo,
      startedAt: isoTime(startedAt),
      endedAt: iso(chronicle.endedAt),
      until: isoTime(until),
      hours: hours(until - startedAt),
      events: chronicle.startedAt === null ? 0 : chronicle.to - chronicle.from + 1,
      base: session.base ?? '',
      integration: session.integration ?? '',
    },
    plan: planReport(state),
    agents,
    tasks: taskReports(state),
    landings: chronicle.landings.map(({ id, agent, task, state: end, requestedAt, endedAt, merge, reason, fault }) => {
      const times = { requestedAt: isoTime(requestedAt), endedAt: iso(endedAt) };
      return { id, agent, task, state: end, ...times, merge, fault, reason: said(reason) };
    }),
    rollbacks: chronicle.rollbacks.map(({ at, landing, undo, by, reason }) => {
      const agent = chronicle.landings.find(({ id }) => id === landing)?.agent ?? null;
      return { at: isoTime(at), landing, agent, undo, by, reason: said(reason) };
    }),
    merges: [...chronicle.rounds.values()].map((round) => ({
      id: round.id,
      agents: round.sides.map(({ agent }) => agent),
      paths: round.paths,
      conflicts: round.conflicts,
      settled: round.settled.map(({ path, take }) => ({ path, take })),
      outcome: round.undone ? 'undone' : (round.outcome ?? round.phase),
      by: round.by.name,
      startedAt: isoTime(round.startedAt),
      seconds: round.endedAt === null ? null : Math.round((round.endedAt - round.startedAt) / 100) / 10,
      reason: said(round.reason),
    })),
    overlaps: [...chronicle.overlaps.values()].map(({ id, path, agents, at, verdict }) => {
      return { id, path, agents, at: isoTime(at), verdict };
    }),
    gates: gateDocuments(state).map(({ id, title, state: stands, checks }) => {
      const results = chronicle.gates.flatMap(({ gate, at, result, by, reason }) =>
        gate === id ? [{ at: isoTime(at), result, by, reason: said(reason) }] : [],
      );
      return { id, title, state: stands, results, checks };
    }),
    health: healthReports(chronicle.checks, state),
    milestones: milestoneDocuments(state).map(({ id, title, owner, state: stands, reachedAt, commit }) => {
      return { id, title, owner, state: stands, reachedAt, commit };
    }),
    alerts: chronicle.alerts,
    cost: {
      tokens: counted.length === 0 ? null : counted.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0),
      costUsd: counted.length === 0 ? null : cents(counted.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0)),
      /** Agents whose CLI counts. */
      reportedBy: counted.map(({ id }) => id),
    },
    failures: moments(chronicle, true),
    timeline: moments(chronicle, false),
  };
}

function agentReport(story: AgentStory, { landings, tasks }: Chronicle, { work }: State, until: number) {
  const { id, name, profile, state, starts, messages, removed } = story;
  const mine = landings.filter(({ agent }) => agent === id);
  const spent = spentOf(story);
  const done = Object.entries(work?.tasks ?? {}).flatMap(([task, { stage, agent }]) =>
    stage === 'done' && agent === id ? [task] : [],
  );
  const failed = tasks.filter(({ step, task }) => step === 'failed' && own(work?.tasks ?? {}, task)?.agent === id);
  return {
    id,
    name,
    profile,
    state: removed ? 'removed' : state,
    done,
    failed: failed.map(({ task }) => task),
    landed: mine.filter((one) => one.state === 'landed').length,
    refused: mine.filter((one) => one.state === 'failed').length,
    takenOut: mine.filter((one) => one.state === 'undone').length,
    hours: hoursIn(timeInStates(story, until)),
    restarts: Math.max(0, starts - 1),
    messages,
    tokens: spent?.tokens ?? null,
    costUsd: spent === null ? null : cents(spent.costUsd),
  };
}

function hoursIn(
  ms: Readonly<Partial<Record<AgentStateName, number>>>,
): Readonly<Partial<Record<AgentStateName, number>>> {
  return Object.fromEntries(Object.entries(ms).map(([state, spent]) => [state, hours(spent)]));
}

function planReport(state: State) {
  const { work } = state;
  if (work === null) return null;
  const known = Object.values(work.tasks).filter(({ active }) => active);
  const count = (...stages: readonly string[]): number => known.filter(({ stage }) => stages.includes(stage)).length;
  const done = count('done');
  const failed = count('failed');
  const open = count('open');
  const running = known.length - done - failed - open;
  return { name: work.plan.name, path: work.path, tasks: { total: known.length, done, failed, running, open } };
}

function taskReports(state: State) {
  const standing = standingOf(state);
  if (standing === null) return [];
  return standing.work.plan.tasks.flatMap((task) => {
    const known = own(standing.work.tasks, task.id);
    if (!known?.active) return [];
    const spent = own(state.spent, task.id) ?? null;
    return [
      {
        id: task.id,
        title: task.title ?? task.id,
        agent: known.agent ?? known.assigned ?? task.agent ?? PERSON,
        state: taskState(standing, task.id),
        startedAt: iso(known.startedAt),
        endedAt: iso(known.endedAt),
        hours: known.startedAt === null || known.endedAt === null ? null : hours(known.endedAt - known.startedAt),
        estimateHours: task.estimateHours ?? null,
        attempts: known.attempts,
        forced: known.forced,
        commit: known.commit,
        artefacts: known.artefacts.map(({ path }) => path),
        tokens: spent?.tokens ?? null,
        costUsd: spent === null ? null : cents(spent.costUsd),
        reason: said(known.reason),
      },
    ];
  });
}

function healthReports(runs: readonly CheckRun[], { health }: State) {
  const names = [...new Set([...Object.keys(health), ...runs.map(({ name }) => name)])];
  return names.map((name) => {
    const mine = runs.filter((run) => run.name === name);
    const times = mine.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return {
      name,
      runs: mine.length,
      green: mine.filter(({ state }) => state === 'green').length,
      red: mine.filter(({ state }) => state === 'red').length,
      medianMs: times.length === 0 ? null : times[times.length >> 1]!,
      longestMs: times.at(-1) ?? null,
      state: own(health, name)?.state ?? mine.at(-1)?.state ?? 'unknown',
      firstError: said(own(health, name)?.firstError ?? ''),
    };
  });
}

function moments({ moments: all }: Chronicle, failures: boolean) {
  return all
    .filter(({ level }) => !failures || level === 'error')
    .map(({ seq, at, level, agent, words }) => ({ seq, at: isoTime(at), level, agent, words }));
}

function hours(ms: number): number {
  return Math.round((Math.max(0, ms) / HOUR) * 10_000) / 10_000;
}

function cents(costUsd: number): number {
  return Math.round(costUsd * 10_000) / 10_000;
}
