/** What the daemon's adapters saw of agents and their processes. */
import { limitedAccount } from '../agents/account.ts';
import type { Source } from '../agents/board.ts';
import { backoffMs, failuresAfter, restartsItself } from '../agents/backoff.ts';
import { evidenceCounts, isNoProgress, isRepetition, knownStatus, type Evident } from '../agents/evidence.ts';
import { endState, exitWords } from '../agents/exit.ts';
import { COORDINATOR, isLive, type Agent, type WaitingFor } from '../model/agent.ts';
import type { DecideContext, Observation } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { roundWith } from '../select/overlaps.ts';
import { oneLine } from '../text.ts';
import { over, overFor, raise } from './alerts.ts';
import type { Decision } from './refuse.ts';

export function decideSpawned(
  state: State,
  agent: Agent,
  { pid, token, begun }: Extract<Observation, { type: 'pty.spawned' }>,
): Decision {
  if (agent.status.state !== 'starting' || agent.run !== null) return [];
  const { id } = agent.spec;
  const started = { type: 'agent.started', agent: id, pid, token, ...(begun ? { begun } : {}) } as const;
  return [started, ...over(state, failedCause(id))];
}

function failedCause(id: string): string {
  return `agent-failed:${id}`;
}

export function decideSpawnFailed(state: State, agent: Agent, reason: string, context: DecideContext): Decision {
  if (agent.status.state !== 'starting' || agent.run !== null) return [];
  const { id } = agent.spec;
  const words = oneLine(reason);
  const failed = { type: 'agent.start-failed', agent: id, reason: words } as const;
  return [failed, ...afterCrash(state, agent, `could not be started: ${words}`, agent.quickExits + 1, context)];
}

export function decideExited(
  state: State,
  agent: Agent,
  seen: Extract<Observation, { type: 'pty.exited' }>,
  context: DecideContext,
): Decision {
  if (!isLive(agent)) return [];
  const { id } = agent.spec;
  const { exit, reason } = seen;
  const asked = agent.pending === 'stopping' || agent.pending === 'restarting';
  const exited: Event = { type: 'agent.exited', agent: id, exit, asked, ...(reason === undefined ? {} : { reason }) };
  const round = roundWith(state, id);
  // Nothing of it is left to be paused, told or resumed; its worktree takes part all the same.
  const gone: Event[] = round === null ? [] : [{ type: 'round.gone', round: round.id, agent: id }];
  if (agent.pending === 'restarting') {
    const by = agent.status.by ?? COORDINATOR;
    return [exited, ...gone, ...overFor(state, id), { type: 'agent.starting', agent: id, reason: 'restarted', by }];
  }
  if (endState(exit, asked) !== 'failed') return [exited, ...gone];
  const words = reason ?? exitWords(exit);
  return [exited, ...gone, ...afterCrash(state, agent, `failed: ${words}`, failuresAfter(agent, exit), context)];
}

function afterCrash(state: State, agent: Agent, words: string, failures: number, context: DecideContext): Event[] {
  const { id } = agent.spec;
  const again = restartsItself(agent);
  const waitMs = backoffMs(failures);
  const often = failures > 1 ? `, ${failures} times one after the other` : '';
  const text = `agent ${id} ${words}${often}${again ? `; starts again in ${waitMs / 1000} s` : ''}`;
  const events: Event[] = [raise(state, { level: 'error', text, agent: id, cause: failedCause(id) }, context)];
  if (again) events.push({ type: 'agent.backoff', agent: id, untilMs: context.now + waitMs, reason: words });
  return events;
}

export function decideBackoffOver(state: State, agent: Agent, context: DecideContext): Decision {
  if (isLive(agent) || !agent.retryAt || agent.status.state !== 'failed') return [];
  const limited = limitedAccount(state, agent);
  if (limited !== null) {
    // To be started into the same limit would only count as one more failure.
    const untilMs = context.now + backoffMs(agent.quickExits);
    return [{ type: 'agent.backoff', agent: agent.spec.id, untilMs, reason: `the account of ${limited} is limited` }];
  }
  const reason = `started again after ${agent.quickExits === 1 ? 'a failure' : `${agent.quickExits} failures`}`;
  return [{ type: 'agent.starting', agent: agent.spec.id, reason, by: COORDINATOR }];
}

export function decidePaused(agent: Agent, seen: Extract<Observation, { type: 'tree.paused' }>): Decision {
  if (!isLive(agent) || agent.status.state === 'paused') return [];
  const { processes, ms, by } = seen;
  return [{ type: 'agent.paused', agent: agent.spec.id, by, processes, ms: Math.round(ms) }];
}

export function decideResumed(agent: Agent, seen: Extract<Observation, { type: 'tree.resumed' }>): Decision {
  return agent.status.state === 'paused' ? [{ type: 'agent.resumed', agent: agent.spec.id, by: seen.by }] : [];
}

/** Pause, resume or stop that could not be done: pending ends, and a person hears of it. */
export function decideTreeFailed(state: State, agent: Agent, reason: string, context: DecideContext): Decision {
  if (agent.pending === null) return [];
  const { id } = agent.spec;
  const words = oneLine(reason);
  const text = `agent ${id}: ${agent.pending} did not succeed: ${words}`;
  const alert = raise(state, { level: 'error', text, agent: id, cause: `agent-tree:${id}` }, context);
  return [{ type: 'agent.pause-failed', agent: id, reason: words }, alert];
}

export function decideEvidence(agent: Agent, told: Evident, now: number): Decision {
  if (!isLive(agent)) return [];
  const known = knownStatus(agent);
  const clean: Evident = { ...told, reason: oneLine(told.reason, 300) };
  if (isNoProgress(known, clean) || isRepetition(known, clean, now) || !evidenceCounts(known, clean, now)) return [];
  return [{ type: 'agent.state', agent: agent.spec.id, ...clean }];
}

/** Weighed already, with all that is known: only what changes nothing is left out. */
export function decideJudged(
  agent: Agent,
  told: Evident & { readonly source: Source; readonly waitingFor: WaitingFor | null; readonly until: number | null },
): Decision {
  if (!isLive(agent)) return [];
  const known = knownStatus(agent);
  const clean = { ...told, reason: oneLine(told.reason, 300) };
  const same =
    known.state === clean.state &&
    known.reason === clean.reason &&
    known.evidence === clean.evidence &&
    (known.waitingFor ?? null) === clean.waitingFor &&
    (known.until ?? null) === clean.until;
  return same || isNoProgress(known, clean) ? [] : [{ type: 'agent.state', agent: agent.spec.id, ...clean }];
}

export function decideActivity(agent: Agent, text: string): Decision {
  const words = oneLine(text, 200);
  return !isLive(agent) || words === agent.activity
    ? []
    : [{ type: 'agent.activity', agent: agent.spec.id, text: words }];
}
