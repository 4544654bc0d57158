/** What is asked of the coordinator: by people and agents (ClientCommand), or told by an adapter (Observation). */
import type { LandingEvent } from '../landing/landing.ts';
import type { RollbackEvent } from '../landing/rollback.ts';
import type { RoundEvent, Settled } from '../merge/round.ts';
import type { Source } from '../agents/board.ts';
import type {
  Actor,
  AgentExit,
  AgentGit,
  AgentId,
  AgentSpec,
  AgentStateName,
  AgentTree,
  Evidence,
  WaitingFor,
} from './agent.ts';
import type { MergePolicy, OverlapVerdict } from './overlap.ts';
import type { Failure } from '../health/failures.ts';
import type { HealthPlace, HealthResult, Inquiry, Tell } from './health.ts';
import type { AlertLevel, GitSeen } from './state.ts';
import type { PermissionClientCommand, PermissionObservation } from './permission.ts';
import type { Begun, RunObservation } from './run-facts.ts';
import type { WatchClientCommand, WatchObservation } from './watch-commands.ts';
import type { WorkClientCommand, WorkObservation } from './work-commands.ts';

/** May come over the socket. */
export type ClientCommand =
  | { readonly type: 'agent.add'; readonly agent: AgentSpec; readonly start: boolean }
  | { readonly type: 'agent.pause'; readonly agent: AgentId }
  | { readonly type: 'agent.resume'; readonly agent: AgentId }
  | { readonly type: 'agent.restart'; readonly agent: AgentId }
  | { readonly type: 'agent.stop'; readonly agent: AgentId }
  | { readonly type: 'agent.remove'; readonly agent: AgentId }
  | { readonly type: 'agent.send'; readonly agent: AgentId; readonly text: string; readonly enter: boolean }
  | { readonly type: 'agent.keys'; readonly agent: AgentId; readonly keys: readonly string[] }
  /** `task`: one of the plan's; null: a line of one's own. */
  | { readonly type: 'todo.add'; readonly text: string; readonly task?: string | null }
  | { readonly type: 'todo.check'; readonly id: string; readonly done: boolean }
  | { readonly type: 'todo.remove'; readonly id: string }
  | { readonly type: 'health.run'; readonly name: string }
  /** Failures to an agent. `failure`: its number, from 1; null: all. `agent`: null: each to its owner. */
  | {
      readonly type: 'health.send';
      readonly name: string;
      readonly failure: number | null;
      readonly agent: AgentId | null;
    }
  | { readonly type: 'alert.clear'; readonly id: string }
  /** Somebody has seen it and sees to it: it stays, and calls nobody any more. */
  | { readonly type: 'alert.ack'; readonly id: string }
  | MergeCommand
  | PermissionClientCommand
  | WorkClientCommand
  | WatchClientCommand
  | {
      readonly type: 'agent.report';
      readonly agent: AgentId;
      readonly kind: 'started' | 'progress' | 'blocked' | 'done' | 'failed' | 'ask';
      readonly percent: number | null;
      readonly text: string;
      /** Files that were made. */
      readonly artefacts?: readonly string[];
    }
  | { readonly type: 'session.end' };

/** About overlaps. `overlap`: an id, or the path where only one open overlap is of it. */
export type MergeCommand =
  /** Pause both and merge now; or say yes where a round waits for that. */
  | { readonly type: 'overlap.merge'; readonly overlap: string }
  /** Decisions on paths in conflict; begins a round where none is under way. */
  | { readonly type: 'overlap.settle'; readonly overlap: string; readonly settled: readonly Settled[] }
  /** Both go on as they were; the overlap stays. */
  | { readonly type: 'overlap.defer'; readonly overlap: string }
  /** Both worktrees as before the round; what was written since is kept. */
  | { readonly type: 'round.undo'; readonly round: string }
  /** Whoever comes next may have it. */
  | { readonly type: 'lock.free'; readonly path: string }
  /** Into the integration branch, once its checks passed on the merged tree. */
  | { readonly type: 'agent.land'; readonly agent: AgentId }
  /** What has landed into its worktree, now. */
  | { readonly type: 'agent.forward'; readonly agent: AgentId }
  | { readonly type: 'landing.withdraw'; readonly landing: string }
  /**
   * Out of the integration branch again, or back in. `landing`: its id, its merge commit, or its agent.
   * `untested`: without the checks on what that makes of the branch.
   */
  | {
      readonly type: 'landing.rollback';
      readonly landing: string;
      readonly undo: boolean;
      readonly untested: boolean;
    }
  /** Which landing turned a check red; null: any that is red. Runs checks, and takes as long as these. */
  | { readonly type: 'health.blame'; readonly name: string | null };

/** Comes only from the daemon's own adapters. */
export type Observation =
  | {
      readonly type: 'pty.spawned';
      readonly agent: AgentId;
      readonly pid: number;
      readonly token: string;
      readonly begun?: Begun;
    }
  | { readonly type: 'pty.spawn-failed'; readonly agent: AgentId; readonly reason: string }
  | { readonly type: 'pty.exited'; readonly agent: AgentId; readonly exit: AgentExit; readonly reason?: string }
  | {
      readonly type: 'tree.paused';
      readonly agent: AgentId;
      readonly processes: number;
      readonly ms: number;
      readonly by: Actor;
    }
  | { readonly type: 'tree.pause-failed'; readonly agent: AgentId; readonly reason: string }
  | { readonly type: 'tree.resumed'; readonly agent: AgentId; readonly by: Actor }
  /** A resume or a stop that could not be carried out: the agent is as it was. */
  | { readonly type: 'tree.failed'; readonly agent: AgentId; readonly reason: string }
  | {
      readonly type: 'evidence';
      readonly agent: AgentId;
      readonly state: Exclude<AgentStateName, 'paused' | 'starting' | 'stopped' | 'failed'>;
      readonly reason: string;
      readonly evidence: Evidence;
      /** Judged over all that is known, and settled: it counts as it is. Absent: weighed against what is known. */
      readonly source?: Source;
      readonly waitingFor?: WaitingFor | null;
      readonly until?: number | null;
    }
  | { readonly type: 'activity'; readonly agent: AgentId; readonly text: string }
  | { readonly type: 'progress'; readonly agent: AgentId; readonly percent: number | null; readonly text: string }
  | { readonly type: 'backoff.over'; readonly agent: AgentId }
  | { readonly type: 'agent.git'; readonly agent: AgentId; readonly git: AgentGit }
  /** It says that it writes these, or no longer does (null: any of them). Relative to its tree; folders with `/` behind. */
  | { readonly type: 'agent.claim'; readonly agent: AgentId; readonly paths: readonly string[] }
  | { readonly type: 'agent.release'; readonly agent: AgentId; readonly paths: readonly string[] | null }
  | { readonly type: 'agent.placed'; readonly agent: AgentId; readonly tree: AgentTree }
  | {
      readonly type: 'agent.forwarded';
      readonly agent: AgentId;
      readonly id: string;
      readonly head: string;
      readonly paths: readonly string[];
    }
  | WorkObservation
  | PermissionObservation
  | RunObservation
  | WatchObservation
  | { readonly type: 'plan.merge'; readonly policy: MergePolicy }
  /** All that two agents have in common just now. */
  | {
      readonly type: 'overlaps.seen';
      readonly agents: readonly [AgentId, AgentId];
      readonly paths: readonly SeenOverlap[];
    }
  /** It has been quiet around an overlap for a moment. */
  | { readonly type: 'overlap.due'; readonly overlap: string }
  /** A file that git sees was written. */
  | { readonly type: 'path.touched'; readonly toucher: AgentId; readonly path: string }
  /** What an agent has is a commit that can land. */
  | {
      readonly type: 'landing.ready';
      readonly agent: AgentId;
      readonly landing: string;
      readonly commit: string;
    }
  | { readonly type: 'landing.fact'; readonly fact: Exclude<LandingEvent, { readonly type: 'landing.requested' }> }
  | { readonly type: 'rollback.fact'; readonly fact: RollbackEvent }
  | { readonly type: 'health.blamed'; readonly name: string; readonly inquiry: Inquiry }
  /** Files of an agent's worktree changed. */
  | { readonly type: 'health.moved'; readonly tree: AgentId }
  /** Whoever broke it is to stand still while it is red; with `others` all do. */
  | { readonly type: 'health.hold'; readonly name: string; readonly others: boolean }
  /** It could not be settled: whoever was paused for it goes on. */
  | { readonly type: 'health.release'; readonly name: string }
  /** Its failures may go to their owners now. */
  | { readonly type: 'health.tell'; readonly name: string }
  /** A step of a round is done, or failed. */
  | { readonly type: 'round.fact'; readonly fact: Exclude<RoundEvent, { readonly type: 'round.detected' }> }
  | ({ readonly type: 'git.status' } & GitSeen)
  /** Files changed in a way that git status need not show: one of the changed ones once more. */
  | { readonly type: 'tree.moved' }
  | {
      readonly type: 'health.define';
      readonly name: string;
      readonly command: string;
      readonly timeoutMs: number;
      readonly place?: HealthPlace;
      readonly tell?: Tell;
      readonly tree?: AgentId;
    }
  | ({
      readonly type: 'health.result';
      readonly failures?: readonly Failure[];
      /** Processes that it left behind. */
      readonly left?: number;
      /** File → landing that touched it last on the integration branch, as far as that was looked up. */
      readonly landedBy?: Readonly<Record<string, string>>;
    } & HealthResult)
  | {
      readonly type: 'plan.todo';
      readonly id: string;
      readonly text: string;
      readonly task: string | null;
      readonly agent: AgentId | null;
    }
  | {
      readonly type: 'alert';
      readonly level: AlertLevel;
      readonly text: string;
      readonly agent: AgentId | null;
      readonly cause: string;
    }
  | { readonly type: 'alert.over'; readonly cause: string };

export interface SeenOverlap {
  readonly path: string;
  /** In a shared tree: who is thought to have written it, how that was found, and how sure it is. */
  readonly note?: string;
  readonly verdict: OverlapVerdict;
  readonly sameRegion: boolean;
}

export type Command = (ClientCommand | Observation) & { readonly by?: Actor };

export type RefusalCode =
  | 'unknown-agent'
  | 'duplicate'
  | 'not-running'
  | 'already'
  | 'unknown-check'
  | 'unknown-todo'
  | 'unknown-alert'
  | 'unknown-overlap'
  | 'unknown-round'
  | 'unknown-task'
  | 'unknown-gate'
  | 'not-ready'
  | 'invalid'
  | 'busy';

/** Why a command can't be done: one line, and what to do instead. */
export interface Refusal {
  readonly refused: string;
  /** `unknown-agent` and the like, for scripts. */
  readonly code: RefusalCode;
  /** Names that were perhaps meant, nearest first. */
  readonly nearest?: readonly string[];
}

export interface DecideContext {
  readonly now: number;
  readonly newId: () => string;
}
