/** What happens to health checks. */
import type { Actor, AgentId } from './agent.ts';
import type { HealthPlace, HealthResult, Inquiry, OwnedFailure, Tell } from './health.ts';

export type HealthEvent =
  | {
      readonly type: 'health.defined';
      readonly name: string;
      readonly command: string;
      readonly timeoutMs: number;
      readonly place?: HealthPlace;
      readonly tell?: Tell;
      /** The agent whose worktree it looks at. */
      readonly tree?: AgentId;
    }
  | { readonly type: 'health.started'; readonly name: string; readonly by: Actor }
  | ({ readonly type: 'health.finished'; readonly failures?: readonly OwnedFailure[] } & HealthResult)
  | { readonly type: 'health.stale'; readonly name: string }
  /** These are paused while it is red. */
  | { readonly type: 'health.held'; readonly name: string; readonly agents: readonly AgentId[] }
  /** They may go on. */
  | { readonly type: 'health.released'; readonly name: string; readonly agents: readonly AgentId[] }
  /** Who was told of which of its failures. */
  | {
      readonly type: 'health.told';
      readonly name: string;
      readonly to: AgentId;
      readonly failures: readonly string[];
      readonly by: Actor;
    }
  /** Somebody looked for the landing that broke it. */
  | { readonly type: 'health.blamed'; readonly name: string; readonly inquiry: Inquiry };
