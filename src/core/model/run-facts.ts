/** What a running agent's CLI tells about itself, beside its state. */
import type { AgentId } from './agent.ts';

/** What a CLI goes on with when it is started again. */
export interface Conversation {
  /** As the CLI has it. */
  readonly id: string;
  /** Absolute path of the file that it keeps it in; null where that isn't known. */
  readonly transcript: string | null;
}

/** What a conversation used so far, as its CLI counts it; null: it doesn't say. */
export interface Usage {
  readonly tokens: number | null;
  readonly costUsd: number | null;
  /** Percent of the context window that is full. */
  readonly contextUsed: number | null;
  readonly model: string | null;
}

export interface Spent {
  readonly tokens: number;
  readonly costUsd: number;
}

export const NOTHING_SPENT: Spent = { tokens: 0, costUsd: 0 };

/** `now` is what the running conversation says; `before`: all that ended, or began to count anew. */
export interface AgentUsage {
  readonly now: Usage;
  readonly before: Spent;
}

/** How a run began, as far as its command line has it. */
export interface Begun {
  /** It goes on with the conversation of the run before. */
  readonly resumed: boolean;
  /** Its first prompt was on its command line. */
  readonly prompted: boolean;
  /** Its CLI tells when it begins, and when it takes a prompt. */
  readonly tells?: boolean;
  /** But not before its first prompt. */
  readonly mute?: boolean;
  /** Where its API listens on loopback, where it has one. */
  readonly port?: number;
}

export type RunObservation =
  | { readonly type: 'agent.conversation'; readonly agent: AgentId; readonly conversation: Conversation }
  | { readonly type: 'agent.usage'; readonly agent: AgentId; readonly usage: Usage };

export type RunEvent = RunObservation;
