/** What is to be done in the world because of an event: data, carried out by the daemon, answered by an Observation. */
import type { Actor, AgentId } from './agent.ts';
import type { Permission, Verdict } from './permission.ts';

export type Effect =
  | { readonly type: 'pty.spawn'; readonly agent: AgentId }
  /** `gentle`: never into a dialog that waits for an answer. */
  | {
      readonly type: 'pty.brief';
      readonly agent: AgentId;
      readonly text: string;
      readonly enter: boolean;
      readonly gentle: boolean;
    }
  /** It was given its prompt on its command line: see that it took it. */
  | { readonly type: 'brief.prove'; readonly agent: AgentId }
  | { readonly type: 'pty.forget'; readonly agent: AgentId }
  | { readonly type: 'tree.pause'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'tree.resume'; readonly agent: AgentId; readonly by: Actor }
  | { readonly type: 'tree.stop'; readonly agent: AgentId; readonly graceMs: number }
  | { readonly type: 'timer.backoff'; readonly agent: AgentId; readonly ms: number }
  | { readonly type: 'health.run'; readonly name: string }
  /** These are to stand still, or no longer, as soon as nothing else of llmctl's own holds them. */
  | { readonly type: 'agents.hold'; readonly agents: readonly AgentId[] }
  | { readonly type: 'agents.release'; readonly agents: readonly AgentId[] }
  /** Ask again in a moment, `overlap.due`; a later one of the same overlap replaces it. */
  | { readonly type: 'overlap.consider'; readonly overlap: string; readonly ms: number }
  /** Do what is next in the round. */
  | { readonly type: 'round.step'; readonly round: string }
  /** A person's word is awaited for so long. */
  | { readonly type: 'round.await'; readonly round: string; readonly ms: number }
  /** Do what is next in the landing queue. */
  | { readonly type: 'landing.step' }
  /** What the agent is to do, once it has what landed: `task.told` when it is typed. */
  | { readonly type: 'task.brief'; readonly task: string; readonly agent: AgentId; readonly text: string }
  /** Prove what was said to be done: `task.checked`. */
  | { readonly type: 'task.verify'; readonly task: string; readonly run: string }
  /** Into the landing queue. */
  | { readonly type: 'task.land'; readonly task: string; readonly agent: AgentId; readonly by: Actor }
  /** Run the commands of a gate: `gate.checked`. */
  | { readonly type: 'gate.run'; readonly gate: string; readonly run: string }
  /** Commit and tag, as the plan has it: `milestone.committed`. */
  | { readonly type: 'milestone.record'; readonly milestone: string }
  /** A step of an emergency that takes time: `emergency.told`. */
  | { readonly type: 'emergency.do'; readonly emergency: string; readonly step: number }
  /** Tell the CLI that asked. */
  | {
      readonly type: 'permission.tell';
      readonly permission: Permission;
      readonly verdict: Verdict;
      readonly reason: string;
    }
  /** How things stand, for all to see: `sync.told`. `soon`: with what else is called for in this moment. */
  | { readonly type: 'sync.hold'; readonly point: string; readonly soon: boolean }
  | { readonly type: 'session.exit' };
