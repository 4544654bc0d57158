/** What happened. Appended to the journal, folded by `evolve`, published to every client. */
import type { Source } from '../agents/board.ts';
import type { LandingEvent } from '../landing/landing.ts';
import type { RollbackEvent } from '../landing/rollback.ts';
import type { RoundEvent } from '../merge/round.ts';
import type {
  Actor,
  AgentExit,
  AgentGit,
  AgentId,
  AgentSpec,
  AgentStateName,
  AgentTree,
  EpochMs,
  Evidence,
  WaitingFor,
} from './agent.ts';
import type { MergePolicy, OverlapPolicy, OverlapState, OverlapVerdict } from './overlap.ts';
import type { HealthEvent } from './health-events.ts';
import type { AlertLevel, GitSeen, SessionInfo, Todo } from './state.ts';
import type { PermissionEvent } from './permission.ts';
import type { Begun, RunEvent } from './run-facts.ts';
import type { WatchEvent } from './watch-events.ts';
import type { WorkEvent } from './work-events.ts';

export type Event =
  | { readonly type: 'session.started'; readonly session: SessionInfo }
  | { readonly type: 'session.ended'; readonly by: Actor }
  | { readonly type: 'agent.added'; readonly spec: AgentSpec; readonly pane: number; readonly by: Actor }
  | { readonly type: 'agent.starting'; readonly agent: AgentId; readonly reason: string; readonly by: Actor }
  | {
      readonly type: 'agent.started';
      readonly agent: AgentId;
      readonly pid: number;
      readonly token: string;
      readonly begun?: Begun;
    }
  | {
      readonly type: 'agent.start-failed';
      readonly agent: AgentId;
      readonly reason: string;
    }
  | {
      readonly type: 'agent.exited';
      readonly agent: AgentId;
      readonly exit: AgentExit;
      readonly asked: boolean;
      /** In words, where exit code and signal don't say it. */
      readonly reason?: string;
    }
  | {
      readonly type: 'agent.state';
      readonly agent: AgentId;
      readonly state: Exclude<AgentStateName, 'paused' | 'starting' | 'stopped' | 'failed'>;
      readonly reason: string;
      readonly evidence: Evidence;
      /** Which source exactly, where all evidence was weighed. */
      readonly source?: Source;
      readonly waitingFor?: WaitingFor | null;
      readonly until?: EpochMs | null;
    }
  | { readonly type: 'agent.progress'; readonly agent: AgentId; readonly percent: number | null; readonly text: string }
  | { readonly type: 'agent.activity'; readonly agent: AgentId; readonly text: string }
  | { readonly type: 'agent.pausing'; readonly agent: AgentId; readonly by: Actor }
  | {
      readonly type: 'agent.paused';
      readonly agent: AgentId;
      readonly by: Actor;
      readonly processes: number;
      readonly ms: number;
    }
  | { readonly type: 'agent.pause-failed'; readonly agent: AgentId; readonly reason: string }
  | { readonly type: 'agent.resuming'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'agent.resumed'; readonly agent: AgentId; readonly by: Actor }
  | {
      readonly type: 'agent.stopping';
      readonly agent: AgentId;
      readonly by: Actor;
      readonly next: 'stopped' | 'restart';
    }
  | { readonly type: 'agent.removed'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'agent.backoff'; readonly agent: AgentId; readonly untilMs: number; readonly reason: string }
  | {
      readonly type: 'agent.sent';
      readonly agent: AgentId;
      readonly text: string;
      readonly enter: boolean;
      readonly by: Actor;
    }
  | { readonly type: 'agent.git'; readonly agent: AgentId; readonly git: AgentGit }
  | { readonly type: 'agent.placed'; readonly agent: AgentId; readonly tree: AgentTree }
  /** It has what landed: its branch is at `head`. `id`: of the backup. */
  | {
      readonly type: 'agent.forwarded';
      readonly agent: AgentId;
      readonly id: string;
      readonly head: string;
      readonly paths: readonly string[];
    }
  | RunEvent
  | PermissionEvent
  | MergeEvent
  | LandingEvent
  | RollbackEvent
  | WorkEvent
  | WatchEvent
  | { readonly type: 'todo.added'; readonly todo: Todo }
  | { readonly type: 'todo.checked'; readonly id: string; readonly done: boolean; readonly by: Actor }
  | { readonly type: 'todo.removed'; readonly id: string; readonly by: Actor }
  | HealthEvent
  | ({ readonly type: 'git.observed' } & GitSeen)
  | {
      readonly type: 'alert.raised';
      readonly id: string;
      readonly level: AlertLevel;
      readonly text: string;
      readonly agent: AgentId | null;
      readonly cause: string;
    }
  | { readonly type: 'alert.cleared'; readonly id: string; readonly by: Actor | null }
  | { readonly type: 'alert.acked'; readonly id: string; readonly by: Actor };

/** Overlaps and the rounds that settle them. */
export type MergeEvent =
  | { readonly type: 'merge.policy'; readonly policy: MergePolicy }
  /** New, or with another verdict than before. */
  | {
      readonly type: 'overlap.seen';
      readonly id: string;
      readonly path: string;
      readonly agents: readonly [AgentId, AgentId];
      readonly verdict: OverlapVerdict;
      readonly sameRegion: boolean;
      readonly policy: OverlapPolicy;
      readonly state: OverlapState;
      /** Why it is taken for one, where that isn't certain. */
      readonly note?: string;
    }
  /** Both have the same there now, or one of them has nothing there any more. */
  | { readonly type: 'overlap.gone'; readonly id: string; readonly reason: string }
  | { readonly type: 'lock.taken'; readonly path: string; readonly holder: AgentId }
  | { readonly type: 'lock.freed'; readonly path: string; readonly by: Actor | null }
  | RoundEvent;

/** An event as the journal keeps it. */
export interface JournalEntry {
  /** Counts from 1 without a gap. */
  readonly seq: number;
  readonly at: EpochMs;
  readonly event: Event;
}
