/** Health checks, folded. */
import type { AgentId } from '../model/agent.ts';
import { HISTORY_LIMIT, type HealthCheck, type HealthRun } from '../model/health.ts';
import type { HealthEvent } from '../model/health-events.ts';

const TOLD_LIMIT = 200;

/** It goes on by somebody's word, or has ended: no check holds it any more. */
export function withoutHold(checks: Checks, agent: AgentId): Checks {
  if (!Object.values(checks).some(({ held = [] }) => held.includes(agent))) return checks;
  const free = (check: HealthCheck): HealthCheck => ({
    ...check,
    held: (check.held ?? []).filter((id) => id !== agent),
  });
  return Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, free(check)]));
}

/** Checks of a worktree go with their agent. */
export function withoutChecksOf(checks: Checks, agent: AgentId): Checks {
  return Object.fromEntries(Object.entries(checks).filter(([, check]) => check.agent !== agent));
}

type Checks = Readonly<Record<string, HealthCheck>>;

/** Events about checks that aren't there change nothing: an old journal must still fold. */
export function evolveHealth(checks: Checks, event: HealthEvent, at: number): Checks {
  switch (event.type) {
    case 'health.defined':
      return { ...checks, [event.name]: defined(event, at) };
    case 'health.started':
      return withCheck(checks, event.name, (check) => ({ ...check, state: 'running', at }));
    case 'health.finished':
      return withCheck(checks, event.name, (check) => finished(check, event, at));
    case 'health.held':
      return withCheck(checks, event.name, (check) => ({
        ...check,
        held: [...new Set([...(check.held ?? []), ...event.agents])],
      }));
    case 'health.released':
      return withCheck(checks, event.name, (check) => ({
        ...check,
        held: (check.held ?? []).filter((id) => !event.agents.includes(id)),
      }));
    case 'health.told':
      return withCheck(checks, event.name, (check) => {
        const told = event.failures.map((key) => ({ agent: event.to, key }));
        return { ...check, told: [...(check.told ?? []), ...told].slice(-TOLD_LIMIT) };
      });
    case 'health.blamed':
      return withCheck(checks, event.name, (check) => ({ ...check, inquiry: event.inquiry }));
    case 'health.stale':
      return withCheck(checks, event.name, (check) => ({ ...check, stale: true }));
    default:
      return event satisfies never;
  }
}

function defined(event: Extract<HealthEvent, { type: 'health.defined' }>, at: number): HealthCheck {
  const { type: _, tree, ...facts } = event;
  const agent = tree === undefined ? {} : { agent: tree };
  return { ...facts, ...agent, state: 'unknown', stale: false, commit: '', ms: 0, at, firstError: '', tail: [] };
}

function finished(
  check: HealthCheck,
  event: Extract<HealthEvent, { type: 'health.finished' }>,
  at: number,
): HealthCheck {
  const { state, ms, commit, firstError, tail, counts = null, failures = [], measures = [] } = event;
  const green = state === 'green';
  const { history = [] } = check;
  const known = measures.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
  const values = known.length > 0 ? { values: Object.fromEntries(known) } : {};
  const run: HealthRun = { state, at, ms, commit, counts, ...values };
  return {
    ...check,
    state,
    stale: false,
    ms,
    commit,
    snapshot: event.snapshot ?? '',
    at,
    firstError,
    tail,
    counts,
    failures,
    measures,
    told: green ? [] : (check.told ?? []),
    inquiry: green ? null : (check.inquiry ?? null),
    lastGreen: green ? commit : (check.lastGreen ?? ''),
    // A run that was called off tells nothing.
    history: state === 'unknown' ? history : [...history, run].slice(-HISTORY_LIMIT),
  };
}

function withCheck(checks: Checks, name: string, change: (check: HealthCheck) => HealthCheck): Checks {
  return Object.hasOwn(checks, name) ? { ...checks, [name]: change(checks[name]!) } : checks;
}
