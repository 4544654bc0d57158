/** Overlaps: two agents changed the same path since their common base. A prediction with a verdict, and what is done about it. */
import type { AgentId, EpochMs } from './agent.ts';

export const OVERLAP_STATES = ['watching', 'pausing', 'merging', 'needs-person', 'resuming', 'resolved'] as const;
export type OverlapState = (typeof OVERLAP_STATES)[number];

/** `unknown`: in a shared tree there are no two versions that could be merged. */
export type OverlapVerdict = 'clean' | 'conflict' | 'unknown';

export const OVERLAP_POLICIES = ['warn', 'merge', 'pause', 'lock'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** `paths`: only what overlaps is merged, no branch moves. `tree`: both get all of each other's work, and both branches move. */
export type MergeScope = 'paths' | 'tree';

/** What the plan says of files that match a pattern; the last rule that matches wins. */
export interface OverlapRule {
  /** As in .gitignore: `*` within a name, `**` across folders; without a slash any file of that name. */
  readonly match: string;
  /** null: the plan's own. */
  readonly policy: OverlapPolicy | null;
  /** How a conflict in it is settled without asking: both sides' lines, or one side. */
  readonly driver: 'union' | 'A' | 'B' | null;
  /** A line of the person's own shell that makes the file anew, run on the merged tree; null: nothing does. */
  readonly regenerate: string | null;
}

/** The plan's word on overlaps. */
export interface MergePolicy {
  readonly policy: OverlapPolicy;
  readonly scope: MergeScope;
  /** A conflict that nobody settles in this time is put off, and both agents go on. */
  readonly settleMs: number;
  /** Health check that has to pass on what a round wrote before the agents go on; null: none. */
  readonly verify: string | null;
  /** Agent that settles conflicts; null: a person does. */
  readonly mergeAgent: AgentId | null;
  readonly rules: readonly OverlapRule[];
}

export const DEFAULT_MERGE_POLICY: MergePolicy = {
  policy: 'merge',
  scope: 'paths',
  settleMs: 15 * 60_000,
  verify: null,
  mergeAgent: null,
  rules: [],
};

export interface Overlap {
  readonly id: string;
  readonly path: string;
  /** A and B: in the order of their ids. */
  readonly agents: readonly [AgentId, AgentId];
  readonly verdict: OverlapVerdict;
  /** Both changed the same lines or ones next to each other. */
  readonly sameRegion: boolean;
  readonly policy: OverlapPolicy;
  readonly state: OverlapState;
  /** The round that is at work on it, or was last. */
  readonly round: string | null;
  readonly since: EpochMs;
  readonly resolvedAt: EpochMs | null;
  /** Why a person is needed, or how it was resolved; '' where its state says all. */
  readonly reason: string;
}

/** Resolved ones beyond this are forgotten; open ones never. */
export const RESOLVED_LIMIT = 100;
/** Rounds that are over, kept to be looked at and undone. */
export const ROUND_LIMIT = 100;

export function isOpen(overlap: Overlap): boolean {
  return overlap.state !== 'resolved';
}
