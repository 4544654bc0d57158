/** A plan as this version understands it: who runs, with what, what is to be done, and in what order. */
import type { KindRule } from '../health/kinds.ts';
import type { Threshold } from '../health/threshold.ts';
import type { HealthPlace, Tell } from '../model/health.ts';
import type { MergePolicy } from '../model/overlap.ts';
import type { PermissionRule } from '../model/permission.ts';
import type { PlanBudget } from './sections/agents-limits.ts';
import type { PlanRed } from './red.ts';
import type { PlanItem } from './sections/item.ts';
import type { PlanPrompt } from './sections/prompt.ts';
import type { PlanGate } from './sections/gate.ts';
import type { PlanMilestone, PlanPhase } from './sections/stages.ts';
import type { PlanTask } from './sections/task.ts';
import type { PlanCommits, PlanExpected, PlanGithub, PlanRisk } from './sections/outside.ts';
import type {
  PlanChecklist,
  PlanEmergency,
  PlanHandover,
  PlanLaunchStep,
  PlanLimits,
  PlanStuck,
  PlanSyncPoint,
} from './sections/working.ts';

/** `worktree`: each agent has a working tree and a branch of its own; `shared`: all work in the repository's checkout. */
export type WorkspaceKind = 'worktree' | 'shared';

/** What makes a new worktree usable. */
export interface PlanWorkspace {
  readonly kind: WorkspaceKind;
  /** Patterns as in .gitignore: files that git leaves out and that are copied over (`.env`). */
  readonly copy: readonly string[];
  /** Folders that git leaves out and that are cloned where the file system shares blocks (`target`). */
  readonly reflink: readonly string[];
  readonly setup: readonly PlanSetup[];
  /** How many ports from LLMCTL_PORT_BASE on are an agent's alone; 0: none. */
  readonly ports: number;
}

export interface PlanSetup {
  /** A line of the person's own shell, run in the worktree before the agent's program. */
  readonly run: string;
  /** Path in the worktree that must be there afterwards. */
  readonly creates: string | null;
}

/** When an agent's work lands by itself: once its task is proved to be done, or never. */
export type Land = 'done' | 'off';

/** When others get what has landed: at once while idle, at the end of their turn too, or only when asked. */
export type Forward = 'idle' | 'turn' | 'off';

export interface PlanIntegration {
  readonly branch: string;
  /** Health checks that must pass on the merged tree before the branch moves; null: all that the plan has. */
  readonly checks: readonly string[] | null;
  readonly forward: Forward;
  readonly land: Land;
  /** What happens by itself when a check of the branch is red; left out: DEFAULT_RED. */
  readonly red?: PlanRed;
  /** Template of the merge commit's message; null: llmctl's own. */
  readonly message: string | null;
}

/** Who answers for what no agent of the plan does: the person at the screen, unless an agent has this id. */
export const COORDINATOR = 'coordinator';

export interface Plan {
  readonly version: 1;
  readonly name: string;
  readonly description: string | null;
  /** Branch that the work starts from; null: whatever is checked out. */
  readonly base: string | null;
  readonly vars: Readonly<Record<string, string>>;
  readonly workspace: PlanWorkspace;
  readonly overlaps: MergePolicy;
  readonly integration: PlanIntegration;
  readonly health: readonly PlanHealth[];
  readonly agents: readonly PlanAgent[];
  readonly prompts: Readonly<Record<string, PlanPrompt>>;
  readonly phases: readonly PlanPhase[];
  readonly milestones: readonly PlanMilestone[];
  readonly tasks: readonly PlanTask[];
  readonly gates: readonly PlanGate[];
  readonly handovers: readonly PlanHandover[];
  readonly syncPoints: readonly PlanSyncPoint[];
  readonly checklists: readonly PlanChecklist[];
  readonly emergencies: readonly PlanEmergency[];
  /** Left out of plans in older journals. */
  readonly stuck?: PlanStuck | null;
  /** Left out in plans of older journals. */
  readonly failures?: readonly KindRule[];
  readonly limits: PlanLimits | null;
  readonly permissions?: readonly PermissionRule[];
  readonly budget?: PlanBudget | null;
  readonly commits: PlanCommits | null;
  readonly github: PlanGithub | null;
  readonly risks: readonly PlanRisk[];
  readonly launch: readonly PlanLaunchStep[];
  /** Ways of working that every agent is told. */
  readonly rules: readonly string[];
  /** What must be true when all is done. */
  readonly success: readonly PlanItem[];
  readonly expected: PlanExpected | null;
  readonly todos: readonly PlanTodo[];
}

/** A health command: a string is the person's own shell line, a list is argv. */
export type HealthCommand =
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'argv'; readonly argv: readonly string[] };

/** When a check runs by itself; by hand it runs always. */
export type HealthMoment = 'land' | 'change' | 'schedule' | 'hand';

export interface PlanHealth {
  readonly name: string;
  readonly run: HealthCommand;
  readonly timeoutMs: number;
  /** Left out: by hand, and before a landing where the plan wants it there. */
  readonly on?: readonly HealthMoment[];
  /** After a change nothing may have changed for so long. */
  readonly quietMs?: number;
  readonly everyMs?: number;
  /** What it looks at: the integration branch, in a tree of its own, or each agent's worktree. Left out: the repository as it lies there. */
  readonly place?: HealthPlace;
  /** Whether its failures go to their owners by themselves; left out: where it looks at their work. */
  readonly tell?: Tell;
  readonly thresholds?: readonly Threshold[];
  /** The plan's rules for failures of any check. */
  readonly failures?: readonly KindRule[];
}

/** A file is rarely saved alone. */
export const DEFAULT_QUIET_MS = 2_000;
export const DEFAULT_EVERY_MS = 3_600_000;

export interface PlanAgent {
  readonly id: string;
  readonly name: string;
  /** argv, never a shell line; null: the profile's own command. */
  readonly command: readonly string[] | null;
  readonly profile: string | null;
  /** A template over the plan. */
  readonly prompt: PlanPrompt | null;
  /** Relative to the repository, `/` between the parts, never out of it; '.' is the repository itself. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** null: as the plan has it. */
  readonly workspace: WorkspaceKind | null;
  readonly task: string | null;
  readonly todos: readonly PlanTodo[];
  readonly role: string | null;
  /** What it concentrates on. */
  readonly focus: string | null;
  readonly model: string | null;
  /** How its CLI is started; null: as its CLI does it by itself. */
  readonly permission: 'ask' | 'edits' | 'plan' | 'all' | null;
  /** Files, folders and globs that are its own. */
  readonly files: readonly string[];
  readonly inputs: readonly string[];
  readonly references: readonly string[];
  /** It only looks: nothing it does is to change a file. */
  readonly readOnly: boolean;
  readonly priority: PlanTask['priority'];
  readonly limits: { readonly hours: number | null; readonly hoursPerWeek: number | null } | null;
  /** How long it may show no progress; null: as the plan has it. */
  readonly stuckAfter?: number | null;
}

export interface PlanTodo {
  /** Made from its text and its agent, so that it stays the same when lines around it move. */
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
  readonly agent: string | null;
}

export const DEFAULT_HEALTH_TIMEOUT_MS = 600_000;

/** One thing wrong with a file a person wrote. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to write instead, one line. */
  readonly message: string;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** `file:line:column: message`, as compilers print it. */
export function problemLine(problem: Problem): string {
  const kind = problem.severity === 'warning' ? 'warning: ' : '';
  return `${problem.file}:${problem.line}:${problem.column}: ${kind}${problem.message}`;
}

/** The health command as one line for people. */
export function healthCommandText(command: HealthCommand): string {
  if (command.kind === 'shell') return command.line;
  return command.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
