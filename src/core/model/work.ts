/** Where the plan's work stands: its tasks, gates, milestones and handovers, beside the plan itself. */
import type { Plan } from '../plan/model.ts';
import type { Actor, AgentId, EpochMs } from './agent.ts';

/** What the contract calls `waiting` and `ready` is `open` here: which of the two follows from what it depends on. */
export const TASK_STAGES = ['open', 'running', 'blocked', 'verifying', 'landing', 'done', 'failed'] as const;
export type TaskStage = (typeof TASK_STAGES)[number];
export type TaskStateName = Exclude<TaskStage, 'open'> | 'waiting' | 'ready';

/** Something that was made, and where it is. */
export interface Artefact {
  readonly path: string;
  readonly text: string;
  readonly by: AgentId;
  readonly at: EpochMs;
}

export interface TaskWork {
  readonly stage: TaskStage;
  readonly since: EpochMs;
  /** Who has it in hand, or ended it; null: nobody, or a person. */
  readonly agent: AgentId | null;
  /** By hand, instead of the plan's. */
  readonly assigned: AgentId | null;
  /** First start; null where it never began. */
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  /** 0 to 100, by report. */
  readonly progress: number;
  /** How often it was said to be done and wasn't. */
  readonly attempts: number;
  /** In words: why it is blocked or failed, or what was wrong with it last. */
  readonly reason: string;
  readonly by: Actor | null;
  /** What the agent was told about it: nothing yet, something that is being typed, all of it. */
  readonly brief: 'none' | 'sending' | 'told';
  /** Id of the verification that is under way; results of any other are old. */
  readonly run: string | null;
  /** A person was told that it is theirs. */
  readonly offered: boolean;
  /** False for a task that only is done where a gate fails. */
  readonly active: boolean;
  /** It was started or ended against what it depends on. */
  readonly forced: boolean;
  /** Merge commit that it landed with. */
  readonly commit: string | null;
  readonly artefacts: readonly Artefact[];
}

export const GATE_STATES = ['pending', 'running', 'passed', 'failed', 'waived'] as const;
export type GateState = (typeof GATE_STATES)[number];

export interface GateCheckWork {
  readonly state: 'pending' | 'running' | 'passed' | 'failed';
  /** Evidence on one line: a first error, a figure against its limit. */
  readonly said: string;
}

export interface GateWork {
  readonly state: GateState;
  readonly since: EpochMs;
  readonly run: string | null;
  /** A person was asked for go or no-go. */
  readonly asked: boolean;
  readonly retries: number;
  readonly checks: readonly GateCheckWork[];
  readonly reason: string;
  readonly by: Actor | null;
  readonly forced: boolean;
}

export interface MilestoneWork {
  readonly reachedAt: EpochMs | null;
  /** Where the integration branch was then, or the commit that records it; null where there is none. */
  readonly commit: string | null;
  /** The plan's commit for it is made. */
  readonly recorded: boolean;
}

export interface HandoverWork {
  readonly givenAt: EpochMs | null;
  /** Where it is; '' where nobody said. */
  readonly path: string;
}

export interface Work {
  readonly plan: Plan;
  /** Absolute path of its file. */
  readonly path: string | null;
  readonly takenAt: EpochMs;
  readonly tasks: Readonly<Record<string, TaskWork>>;
  readonly gates: Readonly<Record<string, GateWork>>;
  readonly milestones: Readonly<Record<string, MilestoneWork>>;
  readonly handovers: Readonly<Record<string, HandoverWork>>;
  /** While there is any, nothing new is started: cause → in words. */
  readonly holds: Readonly<Record<string, string>>;
}

/** Stages in which an agent can't be given anything else. */
export function isInHand({ stage }: TaskWork): boolean {
  return stage === 'running' || stage === 'blocked' || stage === 'verifying' || stage === 'landing';
}

/** Names come from plans: `constructor` is a task like any other. */
export function own<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}
