/** Health checks: what they are, when one may run, what came of it. */
import { checksNamed } from '../health/agent-checks.ts';
import { withOwner } from '../health/owner.ts';
import { nearestNames } from '../nearest.ts';
import type { Actor, AgentId } from '../model/agent.ts';
import type { DecideContext, Observation } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { Measure, OwnedFailure } from '../model/health.ts';
import type { State } from '../model/state.ts';
import { own } from '../model/work.ts';
import { oneLine, showControls } from '../text.ts';
import { over, raise } from './alerts.ts';
import { release } from './hold.ts';
import { hint, quoted, refuse, type Decision } from './refuse.ts';

type Seen<T extends Observation['type']> = Extract<Observation, { type: T }>;

export function defineHealth(
  state: State,
  { name, command, timeoutMs, place, tell, tree }: Seen<'health.define'>,
): Decision {
  const known = own(state.health, name);
  const shown = showControls(command);
  const parts = { ...(place ? { place } : {}), ...(tell ? { tell } : {}), ...(tree ? { tree } : {}) };
  const same =
    known?.command === shown && known.timeoutMs === timeoutMs && known.place === place && known.tell === tell;
  return same ? [] : [{ type: 'health.defined', name, command: shown, timeoutMs, ...parts }];
}

export function runHealth(state: State, name: string, by: Actor): Decision {
  const checks = checksNamed(state.health, name);
  if (checks.length === 0) return unknownCheck(state, name);
  return checks.flatMap((check) =>
    check.state === 'running' ? [] : [{ type: 'health.started', name: check.name, by }],
  );
}

export function unknownCheck(state: State, name: string): Decision {
  const names = Object.keys(state.health);
  const near = nearestNames(name, names);
  const what = names.length === 0 ? 'the plan names no checks (add a `health:` section)' : hint(near, 'checks', names);
  return refuse('unknown-check', `no check is named ${quoted(name)}; ${what}`, near);
}

export function healthResult(state: State, seen: Seen<'health.result'>, context: DecideContext): Decision {
  const { name } = seen;
  const check = own(state.health, name);
  if (check === undefined) return [];
  const firstError = oneLine(seen.firstError, 300);
  const tail = seen.tail.slice(-TAIL_LINES).map((line) => showControls(line.slice(0, 500)));
  const {
    state: result,
    ms,
    commit,
    counts = null,
    failures = [],
    measures = [],
    landedBy = {},
    snapshot,
    left = 0,
  } = seen;
  const owned = failures.map((failure) => shown(withOwner(state, check, failure, landedBy)));
  const finished: Event = {
    type: 'health.finished',
    name,
    state: result,
    ms,
    commit,
    firstError,
    counts,
    tail,
    ...(snapshot ? { snapshot } : {}),
    ...(owned.length > 0 ? { failures: owned } : {}),
    ...(measures.length > 0 ? { measures: measures.map((one) => ({ ...one, said: oneLine(one.said, 300) })) } : {}),
  };
  const cause = `health:${name}`;
  const rest = [...baselineAlerts(state, name, measures, context), ...leftAlert(state, name, left, context)];
  const goOn = result === 'green' ? release(state, name) : [];
  if (result !== 'red') return [finished, ...over(state, cause), ...rest, ...goOn];
  const text = `${name} is red${firstError === '' ? '' : `: ${firstError}`}`;
  // What fails in an agent's own worktree is first of all its own affair.
  const level = check.agent === undefined ? 'error' : 'warn';
  return [finished, raise(state, { level, text, agent: check.agent ?? null, cause }, context), ...rest];
}

/** Said once, until a run leaves nothing behind. */
function leftAlert(state: State, name: string, left: number, context: DecideContext): readonly Event[] {
  const cause = `left:${name}`;
  if (left === 0) return over(state, cause);
  if (state.alerts.some((alert) => alert.cause === cause)) return [];
  const what = left === 1 ? 'a process' : `${left} processes`;
  const text = `${name} has ended and left ${what} running: its command has to end what it starts`;
  return [raise(state, { level: 'warn', text, agent: null, cause }, context)];
}

/** Said once, until there is one. */
function baselineAlerts(
  state: State,
  name: string,
  measures: readonly Measure[],
  context: DecideContext,
): readonly Event[] {
  const cause = `baseline:${name}`;
  const without = measures.filter(({ ok }) => ok === null);
  if (without.length === 0) return measures.length === 0 ? [] : over(state, cause);
  if (state.alerts.some((alert) => alert.cause === cause)) return [];
  const text = `${without.map(({ said }) => said).join('; ')}: \`llmctl health baseline ${name}\` writes it`;
  return [raise(state, { level: 'warn', text: oneLine(text, 500), agent: null, cause }, context)];
}

const TAIL_LINES = 50;

/** What a program printed is anybody's. */
function shown(failure: OwnedFailure): OwnedFailure {
  const { text, file, files } = failure;
  return {
    ...failure,
    text: oneLine(text, 300),
    file: file === null ? null : oneLine(file, 300),
    files: files.map((path) => oneLine(path, 300)),
  };
}

/** Results of checks are about a tree that is no more. */
export function treeMoved(state: State): Event[] {
  return Object.values(state.health)
    .filter((check) => (check.state === 'green' || check.state === 'red') && !check.stale && !check.place)
    .map(({ name }) => ({ type: 'health.stale', name }));
}

/** The same of an agent's worktree. */
export function worktreeMoved(state: State, tree: AgentId): Event[] {
  return Object.values(state.health)
    .filter((check) => check.agent === tree && (check.state === 'green' || check.state === 'red') && !check.stale)
    .map(({ name }) => ({ type: 'health.stale', name }));
}
