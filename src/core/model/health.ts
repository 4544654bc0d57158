/** Health checks as the state knows them: how each stands, what its last runs came to, what failed and whose that is. */
import type { TestCounts } from '../health/counts.ts';
import type { Failure } from '../health/failures.ts';
import type { AgentId, EpochMs } from './agent.ts';

export type HealthState = 'green' | 'red' | 'running' | 'unknown';

/** What a check looks at: the integration branch, or an agent's worktree; left out: the repository as it lies there. */
export type HealthPlace = 'integration' | 'agent';

/** Whether failures go to their owners by themselves. */
export type Tell = 'auto' | 'ask' | 'off';

/** A failure, and whom it concerns. */
export interface OwnedFailure extends Failure {
  /** null: a person decides. */
  readonly owner: AgentId | null;
  /** How that is known, or why it isn't, in words. */
  readonly why: string;
}

/** A figure in what a check printed, and what it was held to. */
export interface Measure {
  readonly name: string;
  /** null: there was none. */
  readonly value: number | null;
  readonly unit: string | null;
  /** null: there is nothing yet to compare it with. */
  readonly ok: boolean | null;
  /** All of it on one line. */
  readonly said: string;
  /** File with the figure it is compared with, relative to the repository; null: none. */
  readonly baseline: string | null;
}

/** How one run of a health check ended. */
export interface HealthResult {
  readonly name: string;
  readonly state: Exclude<HealthState, 'running'>;
  readonly ms: number;
  /** Head commit the result belongs to. */
  readonly commit: string;
  /** The tree in git that was looked at, where it held more than the commit. */
  readonly snapshot?: string;
  /** First line that looks like the reason of a failure; '' while green. */
  readonly firstError: string;
  /** Tests, where it ran any and its runner says how many. */
  readonly counts?: TestCounts | null;
  /** In the order of the plan; left out: none. */
  readonly measures?: readonly Measure[];
  /** The last lines of its output, control characters shown. */
  readonly tail: readonly string[];
}

/** A run that is over, as the history keeps it. */
export interface HealthRun {
  readonly state: Exclude<HealthState, 'running'>;
  readonly at: EpochMs;
  readonly ms: number;
  readonly commit: string;
  readonly counts: TestCounts | null;
  /** Figures by name. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Enough for a spark line, and for what is usual. */
export const HISTORY_LIMIT = 40;

export interface HealthCheck extends Omit<HealthResult, 'state'> {
  readonly command: string;
  readonly timeoutMs: number;
  readonly state: HealthState;
  readonly place?: HealthPlace;
  /** Left out: by themselves, but for checks of the repository as it lies there. */
  readonly tell?: Tell;
  /** Whose worktree it looks at. */
  readonly agent?: AgentId;
  /** The tree moved since the result. */
  readonly stale: boolean;
  readonly at: EpochMs;
  /** What it was green at last; '' or left out: not known. */
  readonly lastGreen?: string;
  /** What came of the last search for whose landing broke it; null since it is green again. */
  readonly inquiry?: Inquiry | null;
  /** While it is red, the first ones; left out: none. */
  readonly failures?: readonly OwnedFailure[];
  /** Agents that are paused while it is red. */
  readonly held?: readonly AgentId[];
  /** Who was told of what since it was green at last. */
  readonly told?: readonly { readonly agent: AgentId; readonly key: string }[];
  /** Runs that told something, oldest first. */
  readonly history?: readonly HealthRun[];
}

/** What came of looking for the landing that broke a check. */
export interface Inquiry {
  readonly verdict:
    | 'green'
    /** A landing did: `blame`. */
    | 'landing'
    /** A commit made by hand on the integration branch did. */
    | 'hand'
    /** It passes and fails on one commit: nobody is to blame. */
    | 'flaky'
    /** It failed before anything landed. */
    | 'before';
  /** The commit that says so. */
  readonly commit: string;
  readonly blame: Blame | null;
  /** In words, on one line. */
  readonly reason: string;
  /** How often the check ran for it. */
  readonly runs: number;
}

/** Which landing broke a check. */
export interface Blame {
  readonly landing: string;
  readonly agent: AgentId;
  /** Its merge commit. */
  readonly merge: string;
  /** Landing that it fails together with, where it passes alone and that is known. */
  readonly partner: string | null;
  /** The first error, on one line. */
  readonly reason: string;
}
