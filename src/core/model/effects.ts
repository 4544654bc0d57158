/** What is to be done in the world because of an event: data, carried out by the daemon, answered by an Observation. */
import type { Actor, AgentId } from './agent.ts';

export type Effect =
  | { readonly type: 'pty.spawn'; readonly agent: AgentId }
  | { readonly type: 'pty.brief'; readonly agent: AgentId; readonly text: string; readonly enter: boolean }
  | { readonly type: 'pty.forget'; readonly agent: AgentId }
  | { readonly type: 'tree.pause'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'tree.resume'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'tree.stop'; readonly agent: AgentId; readonly graceMs: number }
  | { readonly type: 'timer.backoff'; readonly agent: AgentId; readonly ms: number }
  | { readonly type: 'health.run'; readonly name: string }
  | { readonly type: 'session.exit' };
