/** What calls for an emergency just now. */
import type { Agent, EpochMs } from '../model/agent.ts';
import type { HealthCheck } from '../model/health.ts';
import type { State } from '../model/state.ts';
import type { EmergencyStep, EmergencySubject, EmergencyWhen } from '../model/watch.ts';
import { inHandOf } from '../schedule/standing.ts';
import { isWatched, lastProgress, stuckAfterMs, stuckEvidence } from './limits.ts';

export interface Cause {
  readonly cause: string;
  readonly when: EmergencyWhen;
  readonly subject: EmergencySubject;
  readonly evidence: string;
  /** It is so since then. */
  readonly since: EpochMs;
  /** It has to be so for this long. */
  readonly afterMs: number;
}

/** What is done about a kind of emergency. */
export interface Rule {
  readonly title: string;
  readonly steps: readonly EmergencyStep[];
}

const NOBODY: EmergencySubject = { agent: null, check: null, task: null, overlap: null };

function step(what: EmergencyStep['do']): EmergencyStep {
  return { do: what, to: null, if: null, text: null };
}

/** null: the plan has nothing for that case, and llmctl nothing of its own. */
export function ruleFor({ work }: State, when: EmergencyWhen): Rule | null {
  const planned = work?.plan.emergencies.find((one) => one.when === when);
  if (planned && planned.steps.length > 0) return { title: planned.title ?? TITLES[when], steps: planned.steps };
  if (when !== 'stuck') return null;
  const otherwise = work?.plan.stuck?.otherwise ?? 'ask-person';
  const steps = otherwise === 'ask-person' ? [step('ask-status')] : [step('ask-status'), step(otherwise)];
  return { title: planned?.title ?? TITLES.stuck, steps: [...steps, step('ask-person')] };
}

const TITLES: Readonly<Record<EmergencyWhen, string>> = {
  stuck: 'No progress',
  'build-broken': 'The build is broken',
  'tests-failing': 'Tests fail',
  limited: 'A limit is reached',
  conflict: 'A conflict waits',
  failed: 'Something has failed',
};

/** All that is so, whether or not it has been for long enough. */
export function presentCauses(state: State, now: EpochMs): readonly Cause[] {
  return [...ofAgents(state, now), ...ofTasks(state), ...ofChecks(state), ...ofOverlaps(state)];
}

function after({ work }: State, when: EmergencyWhen): number {
  return work?.plan.emergencies.find((one) => one.when === when)?.after ?? 0;
}

function ofAgents(state: State, now: EpochMs): readonly Cause[] {
  return state.order.flatMap((id): readonly Cause[] => {
    const agent = state.agents[id];
    return agent === undefined ? [] : ofAgent(state, agent, now);
  });
}

function ofAgent(state: State, agent: Agent, now: EpochMs): readonly Cause[] {
  const { id } = agent.spec;
  const subject = { ...NOBODY, agent: id, task: inHandOf(state.work, id)?.id ?? null };
  const { status } = agent;
  if (isWatched(state, agent)) {
    const evidence = stuckEvidence(state, agent, now);
    const [since, afterMs] = [lastProgress(state, agent).at, stuckAfterMs(state, id)];
    return [{ cause: `stuck:${id}`, when: 'stuck', subject, evidence, since, afterMs }];
  }
  const when = status.state === 'limited' ? 'limited' : status.state === 'failed' ? 'failed' : null;
  if (when === null) return [];
  const evidence = `${id} ${status.state}: ${status.reason}`;
  return [{ cause: `${when}:${id}`, when, subject, evidence, since: status.since, afterMs: after(state, when) }];
}

function ofTasks(state: State): readonly Cause[] {
  return Object.entries(state.work?.tasks ?? {}).flatMap(([id, task]): readonly Cause[] => {
    if (task.stage !== 'failed') return [];
    const subject = { ...NOBODY, agent: task.agent, task: id };
    const evidence = `task ${id} failed: ${task.reason}`;
    const afterMs = after(state, 'failed');
    return [{ cause: `failed-task:${id}`, when: 'failed', subject, evidence, since: task.since, afterMs }];
  });
}

function ofChecks(state: State): readonly Cause[] {
  return Object.values(state.health).flatMap((check): readonly Cause[] => {
    if (!isRed(check)) return [];
    const when = isTest(check) ? 'tests-failing' : 'build-broken';
    const subject = { ...NOBODY, agent: check.inquiry?.blame?.agent ?? null, check: check.name };
    const evidence = `${check.name} is red: ${check.firstError || 'it says nothing'}`;
    return [{ cause: `${when}:${check.name}`, when, subject, evidence, since: check.at, afterMs: after(state, when) }];
  });
}

/** While it runs again it is as it was. */
function isRed({ state, firstError }: HealthCheck): boolean {
  return state === 'red' || (state === 'running' && firstError !== '');
}

function isTest({ name, counts }: HealthCheck): boolean {
  return /test|spec|check/i.test(name) || (counts !== null && counts !== undefined);
}

function ofOverlaps(state: State): readonly Cause[] {
  return Object.values(state.overlaps).flatMap((overlap): readonly Cause[] => {
    if (overlap.state !== 'needs-person') return [];
    const subject = { ...NOBODY, overlap: overlap.id };
    const evidence = `${overlap.agents.join(' and ')} are in conflict in ${overlap.path}`;
    const afterMs = after(state, 'conflict');
    return [{ cause: `conflict:${overlap.id}`, when: 'conflict', subject, evidence, since: overlap.since, afterMs }];
  });
}
