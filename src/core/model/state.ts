/** The whole state of a session: what the daemon folds out of the journal and every client keeps a replica of. */
import type { Landing } from '../landing/landing.ts';
import type { Rollback } from '../landing/rollback.ts';
import type { Round } from '../merge/round.ts';
import { NO_WATCH, type Watch } from './watch.ts';
import type { Actor, Agent, AgentId, EpochMs } from './agent.ts';
import type { HealthCheck } from './health.ts';
import { DEFAULT_MERGE_POLICY, type MergePolicy, type Overlap } from './overlap.ts';
import { NO_PERMISSIONS, type Permissions } from './permission.ts';
import type { Spent } from './run-facts.ts';
import type { Work } from './work.ts';

export interface SessionInfo {
  readonly id: string;
  /** Absolute path of the repository, or of the plain folder with --no-git. */
  readonly repo: string;
  readonly git: boolean;
  readonly startedAt: EpochMs;
  /** Path of the plan file, absolute; null where none was found. */
  readonly plan: string | null;
  readonly planName: string;
  readonly pid: number;
  /** Branch that agents' branches start from, and the one that their work lands on; '' where there is none. */
  readonly base?: string;
  readonly integration?: string;
}

export interface Todo {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
  /** Task of the plan that it belongs to; null for a line of a person's own. */
  readonly task: string | null;
  readonly agent: AgentId | null;
  /** Who ticked it last, and when. */
  readonly by: Actor | null;
  readonly at?: EpochMs | null;
  /** What it is in the plan; a line of somebody's own has none. */
  readonly kind?: 'deliverable' | 'acceptance' | 'checklist';
  /** The command or the path that proves it; null: somebody's word. */
  readonly proof?: string | null;
}

/** What one `git status` said. */
export interface GitSeen {
  readonly branch: string;
  readonly upstream: string | null;
  readonly ahead: number;
  readonly behind: number;
  readonly head: string;
  readonly changed: readonly GitChange[];
  /** git could not be asked just now (a lock held, too slow): the figures are older than they look. */
  readonly stale: boolean;
}

/** The repository as git last saw it. */
export interface RepoGit extends GitSeen {
  readonly at: EpochMs;
}

export interface GitChange {
  readonly path: string;
  /** Two letters as `git status --porcelain` prints them: index, worktree. */
  readonly code: string;
}

export type AlertLevel = 'info' | 'warn' | 'error';

export interface Alert {
  readonly id: string;
  readonly level: AlertLevel;
  readonly text: string;
  readonly agent: AgentId | null;
  readonly at: EpochMs;
  /** Equal causes are one alert. */
  readonly cause: string;
  readonly count: number;
  /** Who sees to it; null or left out: nobody yet. */
  readonly ackedBy?: Actor | null;
}

export interface State {
  readonly session: SessionInfo;
  readonly agents: Readonly<Record<AgentId, Agent>>;
  /** Order on screen: the order they came in. */
  readonly order: readonly AgentId[];
  readonly nextPane: number;
  readonly todos: readonly Todo[];
  readonly health: Readonly<Record<string, HealthCheck>>;
  readonly git: RepoGit | null;
  readonly alerts: readonly Alert[];
  readonly mergePolicy: MergePolicy;
  readonly overlaps: Readonly<Record<string, Overlap>>;
  readonly rounds: Readonly<Record<string, Round>>;
  /** Who holds a path: by a claim, or by touching it first under the `lock` policy. Folders have `/` behind, and hold all below. */
  readonly locks: Readonly<Record<string, AgentId>>;
  /** In the order of their requests; the oldest that are over are forgotten. */
  readonly landings: readonly Landing[];
  /** Landings that were taken out again, or put back; oldest first. */
  readonly rollbacks: readonly Rollback[];
  /** Who may hold the integration branch as it was (at this commit) before it was made again without a landing. */
  readonly rebuilt: Readonly<Record<AgentId, string>>;
  /** The plan and where its work stands; null where it has no tasks, gates or milestones. */
  readonly work: Work | null;
  readonly watch: Watch;
  readonly permissions: Permissions;
  /** What went into each task, by the counts of the agents that had it in hand. */
  readonly spent: Readonly<Record<string, Spent>>;
  readonly seq: number;
}

export const ALERT_LIMIT = 100;
export const LANDING_LIMIT = 200;

export function emptyState(session: SessionInfo): State {
  return {
    session,
    agents: {},
    order: [],
    nextPane: 1,
    todos: [],
    health: {},
    git: null,
    alerts: [],
    mergePolicy: DEFAULT_MERGE_POLICY,
    overlaps: {},
    rounds: {},
    locks: {},
    landings: [],
    rollbacks: [],
    rebuilt: {},
    work: null,
    watch: NO_WATCH,
    permissions: NO_PERMISSIONS,
    spent: {},
    seq: 0,
  };
}
