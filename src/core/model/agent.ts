/** Agents: what one is, the states it can be in, and which state may follow which. */

import type { AgentUsage, Begun, Conversation } from './run-facts.ts';

export type AgentId = string;
/** Milliseconds since 1970 in UTC; only ever produced by the daemon's clock. */
export type EpochMs = number;

export const AGENT_STATES = [
  'starting',
  'working',
  'waiting',
  'idle',
  'limited',
  'stuck',
  'paused',
  'done',
  'failed',
  'stopped',
] as const;
export type AgentStateName = (typeof AGENT_STATES)[number];

/** How a state is known, best first. */
export const EVIDENCE = ['person', 'report', 'hook', 'osc', 'screen', 'process'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** What an agent that waits is waiting for. */
export const WAITING_FOR = ['permission', 'question', 'login', 'trust'] as const;
export type WaitingFor = (typeof WAITING_FOR)[number];

/** Who asked for something: shown as "by whom" wherever it is shown. */
export type Actor =
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'agent'; readonly name: AgentId }
  | { readonly kind: 'coordinator'; readonly name: 'llmctl' };

export const COORDINATOR: Actor = { kind: 'coordinator', name: 'llmctl' };

/** What launches an agent; fixed from `agent.add` until it is removed. */
export interface AgentSpec {
  readonly id: AgentId;
  readonly name: string;
  readonly profile: string;
  /** argv; never joined, never given to a shell. */
  readonly command: readonly string[];
  /** Absolute directory that it starts in; below `worktree` where it has one. */
  readonly cwd: string;
  /** Absolute top of a working tree of its own, made before it starts; without one it works in what the repository has checked out. */
  readonly worktree?: string | null;
  /** Added to the daemon's cleaned environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Sent once the program is ready, as a bracketed paste and Enter. */
  readonly prompt: string | null;
  readonly task: string | null;
  readonly origin: 'plan' | 'person';
}

export interface AgentStatus {
  readonly state: AgentStateName;
  readonly since: EpochMs;
  readonly reason: string;
  readonly evidence: Evidence;
  readonly by: Actor | null;
  /** When the evidence was last given; `since` where absent. */
  readonly heardAt?: EpochMs;
  /** What a waiting agent waits for, where that is known. */
  readonly waitingFor?: WaitingFor | null;
  /** When a limit ends, where that is known. */
  readonly until?: EpochMs | null;
}

/** One life of the agent's program, from spawn to exit. */
export interface AgentRun {
  readonly pid: number;
  readonly startedAt: EpochMs;
  /** Marks every process of this run: LLMCTL_TOKEN in its environment. */
  readonly token: string;
  readonly begun?: Begun;
}

export interface AgentExit {
  readonly code: number | null;
  readonly signal: number | null;
  readonly at: EpochMs;
}

/** The branch of an agent's own worktree. */
export function agentBranch(agent: AgentId): string {
  return `llmctl/${agent}`;
}

/** The working tree of an agent's own, once it is there. */
export interface AgentTree {
  /** Absolute. */
  readonly dir: string;
  readonly branch: string;
  /** First port of a range that is the agent's alone (LLMCTL_PORT_BASE); null where none was free. */
  readonly portBase: number | null;
  readonly made: 'new' | 'reused';
}

export interface AgentGit {
  readonly branch: string;
  readonly changed: readonly string[];
  readonly ahead: number;
  readonly behind: number;
}

export interface Agent {
  readonly spec: AgentSpec;
  /** Number of the agent's pane in binary frames; never used again within a session. */
  readonly pane: number;
  readonly status: AgentStatus;
  /** The status to go back to on resume; only while paused. */
  readonly beforePause: AgentStatus | null;
  /** A pause or stop that was asked for and isn't proven yet. */
  readonly pending: 'pausing' | 'resuming' | 'stopping' | 'restarting' | null;
  readonly run: AgentRun | null;
  readonly exit: AgentExit | null;
  readonly restarts: number;
  /** Starts that failed one after the other: drives the back-off. */
  readonly quickExits: number;
  /** 0 to 100, by the agent's own report. */
  readonly progress: number | null;
  /** What it says it is at: its report, else its window title, control characters shown. */
  readonly activity: string;
  readonly git: AgentGit | null;
  readonly tree?: AgentTree | null;
  /** What `restart` goes on with; null before its CLI told it. */
  readonly conversation?: Conversation | null;
  /** Its last run ended in the middle of something. */
  readonly cutOff?: boolean;
  readonly usage?: AgentUsage | null;
  /** A crashed agent of a plan is started again then. */
  readonly retryAt?: EpochMs | null;
}

/** A run that ends sooner than this counts as a quick exit. Long enough for a login that fails, short for real work. */
export const QUICK_EXIT_MS = 5_000;
/** First wait before a crashed plan agent is started again, doubled each time up to the limit. */
export const BACKOFF_FIRST_MS = 10_000;
export const BACKOFF_MAX_MS = 300_000;

/** True while a program of the agent's is alive. */
export function isLive(agent: Pick<Agent, 'run'>): boolean {
  return agent.run !== null;
}

/**
 * Which state may follow which; `evolve` refuses anything else through assertInvariants.
 * Any live state may become any other live one: evidence decides. What ends is listed apart.
 */
const LIVE: readonly AgentStateName[] = [
  'starting',
  'working',
  'waiting',
  'idle',
  'limited',
  'stuck',
  'paused',
  'done',
];
const ENDED: readonly AgentStateName[] = ['done', 'failed', 'stopped'];

export function mayFollow(from: AgentStateName, to: AgentStateName): boolean {
  if (from === to) return true;
  if (from === 'failed' || from === 'stopped') return to === 'starting' || ENDED.includes(to);
  return LIVE.includes(to) || ENDED.includes(to);
}
