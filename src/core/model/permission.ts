/** What agents ask before they do it, and what they were told. */
import type { Actor, AgentId, EpochMs } from './agent.ts';

export type PermissionKind = 'command' | 'edit' | 'read' | 'fetch' | 'other';

/** One question, as its CLI puts it. */
export interface PermissionAsk {
  /** As the CLI calls it: `Bash`, `write_file`; '' where only its screen asked. */
  readonly tool: string;
  readonly kind: PermissionKind;
  /** The whole command line; null for anything else. */
  readonly command: string | null;
  /** Files it is about, relative to the agent's tree where they lie in it. */
  readonly paths: readonly string[];
  /** What it wants, on one line. */
  readonly text: string;
  /** What it would change, a line each, cut where it is long; none where that isn't known. */
  readonly diff: readonly string[];
  /** How an answer gets back: its hook waits for it, its API takes it, or keys for the dialog that was recognised. */
  readonly via: 'hook' | 'api' | 'keys';
  /** The CLI's own id of it, or the rule that recognised its dialog; '' where there is none. */
  readonly ref: string;
}

export interface Permission extends PermissionAsk {
  readonly id: string;
  readonly agent: AgentId;
  readonly at: EpochMs;
}

export const VERDICTS = ['allow', 'always', 'deny'] as const;
/** `always`: also what is alike in this session (`likeness` in core/permission). */
export type Verdict = (typeof VERDICTS)[number];

/** One rule of a plan. What is left out holds for all; the first rule that matches counts. */
export interface PermissionRule {
  readonly answer: 'allow' | 'deny' | 'ask';
  /** Names of tools as the CLI has them, or kinds. */
  readonly tools: readonly string[];
  /** Patterns as in .gitignore: `allow` wants all of its files to match, `deny` any. */
  readonly paths: readonly string[];
  /** Command lines with `*` for anything. `allow` takes simple commands only: nothing behind `;`, `|`, `$(…)`. */
  readonly commands: readonly string[];
  readonly agents: readonly AgentId[];
  /** What the agent is told after a no. */
  readonly why: string;
}

export interface Permissions {
  /** Not answered yet, by id. */
  readonly waiting: Readonly<Record<string, Permission>>;
  /** Likenesses that a person allowed for the rest of the session. */
  readonly granted: Readonly<Record<AgentId, readonly string[]>>;
  readonly rules: readonly PermissionRule[];
}

export const NO_PERMISSIONS: Permissions = { waiting: {}, granted: {}, rules: [] };

export type PermissionClientCommand =
  /** `permission`: its id, or the agent that has one question open. `reason`: what it is told after a no. */
  {
    readonly type: 'permission.answer';
    readonly permission: string;
    readonly verdict: Verdict;
    readonly reason: string;
  };

export type PermissionObservation =
  | { readonly type: 'permission.ask'; readonly agent: AgentId; readonly ask: PermissionAsk }
  /** It is open no longer: answered in its pane, or the turn is over. `ref` null: all of the agent's. */
  | { readonly type: 'permission.gone'; readonly agent: AgentId; readonly ref: string | null; readonly reason: string }
  | { readonly type: 'permission.rules'; readonly rules: readonly PermissionRule[] };

export type PermissionEvent =
  | { readonly type: 'permission.asked'; readonly permission: Permission }
  | {
      readonly type: 'permission.answered';
      readonly permission: Permission;
      readonly verdict: Verdict;
      readonly by: Actor;
      /** The rule or the earlier word that it follows from; what the agent is told after a no. */
      readonly reason: string;
    }
  | { readonly type: 'permission.gone'; readonly id: string; readonly agent: AgentId; readonly reason: string }
  | { readonly type: 'permission.ruled'; readonly rules: readonly PermissionRule[] };
