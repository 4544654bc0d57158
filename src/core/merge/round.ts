/** A round: one merge of two agents' overlapping paths, from the pause to the resume, as facts that are folded one by one. */
import type { Actor, AgentId, EpochMs } from '../model/agent.ts';
import type { MergeScope } from '../model/overlap.ts';

/** A person's choice for one path in conflict. A and B are the round's agents in the order of their ids. */
export type Settled =
  | { readonly path: string; readonly take: 'A' | 'B' | 'both' }
  /** The whole file as it shall stand, in base64. */
  | { readonly path: string; readonly take: 'edit'; readonly content: string };

export type RoundPhase =
  | 'pausing'
  | 'snapshot'
  | 'backup'
  | 'merging'
  | 'needs-person'
  | 'applying'
  | 'verifying'
  | 'rolling-back'
  | 'briefing'
  | 'resuming'
  | 'resolved'
  | 'deferred'
  | 'failed';

export interface RoundSide {
  readonly agent: AgentId;
  /** Proven to stand still since the round began or, after a crash of the daemon, since it went on. */
  readonly paused: boolean;
  /** It was paused by somebody else before, and stays so afterwards. */
  readonly pausedBefore: boolean;
  /** Its program ended: nothing to pause, tell or resume. Its worktree takes part all the same. */
  readonly gone: boolean;
  /** Commit of the snapshot; null before it is taken. */
  readonly snapshot: string | null;
  readonly told: boolean;
  readonly resumed: boolean;
}

/** How a round is to be done: of the plan, or of whoever began it. */
export interface RoundTerms {
  readonly scope: MergeScope;
  /** A person has to say yes although all combines. */
  readonly confirm: boolean;
  /** Health check that must pass before the agents go on; null: none. */
  readonly verify: string | null;
}

export interface Round extends RoundTerms {
  readonly id: string;
  readonly by: Actor;
  /** In the order of their ids. */
  readonly sides: readonly [RoundSide, RoundSide];
  /** Paths it was begun for; the merge may have to take in others that hang together with them. */
  readonly paths: readonly string[];
  readonly phase: RoundPhase;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  /** What came of the merge: paths that combined, paths that did not. */
  readonly merged: readonly string[];
  readonly conflicts: readonly string[];
  readonly settled: readonly Settled[];
  /** Somebody said yes to it, where that was wanted. */
  readonly confirmed: boolean;
  /** The plans of what is written to both worktrees are kept: from here on a crash goes on with them or rolls them back. */
  readonly planned: boolean;
  /** Both worktrees have it. */
  readonly applied: boolean;
  /** How it is going to end, once that is sure. */
  readonly outcome: 'merged' | 'deferred' | 'failed' | null;
  /** Why it failed or was put off; '' else. */
  readonly reason: string;
  /** How often it began again because a file moved under it. */
  readonly retries: number;
  readonly undone: boolean;
}

export type RoundEvent =
  | ({
      readonly type: 'round.detected';
      readonly round: string;
      readonly agents: readonly [AgentId, AgentId];
      readonly paths: readonly string[];
      readonly by: Actor;
    } & RoundTerms)
  | { readonly type: 'round.paused'; readonly round: string; readonly agent: AgentId; readonly before: boolean }
  | { readonly type: 'round.gone'; readonly round: string; readonly agent: AgentId }
  | { readonly type: 'round.snapshot'; readonly round: string; readonly agent: AgentId; readonly commit: string }
  | { readonly type: 'round.backed-up'; readonly round: string }
  | {
      readonly type: 'round.merged';
      readonly round: string;
      readonly merged: readonly string[];
      readonly conflicts: readonly string[];
    }
  | { readonly type: 'round.settled'; readonly round: string; readonly settled: readonly Settled[]; readonly by: Actor }
  | { readonly type: 'round.confirmed'; readonly round: string; readonly by: Actor }
  | { readonly type: 'round.planned'; readonly round: string }
  | { readonly type: 'round.applied'; readonly round: string }
  /** The health check passed on what was written. */
  | { readonly type: 'round.verified'; readonly round: string }
  | { readonly type: 'round.rolled-back'; readonly round: string }
  | { readonly type: 'round.told'; readonly round: string; readonly agent: AgentId }
  | { readonly type: 'round.resumed'; readonly round: string; readonly agent: AgentId }
  | { readonly type: 'round.deferred'; readonly round: string; readonly reason: string; readonly by: Actor }
  /** `moved`: a file changed between snapshot and apply: worth another try. */
  | { readonly type: 'round.failed'; readonly round: string; readonly reason: string; readonly moved: boolean }
  /** The daemon began anew and goes on with it: what stood still must be proven once more. */
  | { readonly type: 'round.recovered'; readonly round: string }
  | { readonly type: 'round.undone'; readonly round: string; readonly by: Actor };

/** A round whose files move under it is begun again this often before it gives up. */
export const RETRY_LIMIT = 3;

export function beginRound(event: Extract<RoundEvent, { type: 'round.detected' }>, at: EpochMs): Round {
  return {
    id: event.round,
    by: event.by,
    scope: event.scope,
    confirm: event.confirm,
    verify: event.verify,
    sides: [newSide(event.agents[0]), newSide(event.agents[1])],
    paths: event.paths,
    phase: 'pausing',
    startedAt: at,
    endedAt: null,
    merged: [],
    conflicts: [],
    settled: [],
    confirmed: false,
    planned: false,
    applied: false,
    outcome: null,
    reason: '',
    retries: 0,
    undone: false,
  };
}

function newSide(agent: AgentId): RoundSide {
  return { agent, paused: false, pausedBefore: false, gone: false, snapshot: null, told: false, resumed: false };
}

/** True once nothing more happens by itself and the agents are on their way. */
export function isOver(round: Round): boolean {
  return round.phase === 'resolved' || round.phase === 'deferred' || round.phase === 'failed';
}

/** Paths in conflict that nobody has decided yet. */
export function unsettled(round: Round): readonly string[] {
  const decided = new Set(round.settled.map((choice) => choice.path));
  return round.conflicts.filter((path) => !decided.has(path));
}

/** True where a person's word is awaited: on conflicts, or on the whole. */
export function awaitsPerson(round: Round): boolean {
  return unsettled(round).length > 0 || (round.confirm && !round.confirmed);
}
