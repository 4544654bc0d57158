/** What happens to the plan and its work. */
import type { Plan } from '../plan/model.ts';
import type { Actor, AgentId } from './agent.ts';
import type { GateCheckWork } from './work.ts';

/** Names of what is new, gone and other than before: `task parser`, `gate ready`. */
export interface PlanChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export type TaskEvent =
  /** A person was told that it is theirs. */
  | { readonly type: 'task.offered'; readonly task: string }
  /** A task for the case that a gate fails: it has. */
  | { readonly type: 'task.activated'; readonly task: string; readonly gate: string }
  /** `agent` null: a person does it. */
  | {
      readonly type: 'task.started';
      readonly task: string;
      readonly agent: AgentId | null;
      readonly by: Actor;
      readonly forced: boolean;
    }
  /** What the agent is told; it is typed from now on. */
  | {
      readonly type: 'task.briefing';
      readonly task: string;
      readonly agent: AgentId;
      readonly text: string;
      readonly typed: boolean;
    }
  | { readonly type: 'task.briefed'; readonly task: string }
  | { readonly type: 'task.progress'; readonly task: string; readonly percent: number }
  | { readonly type: 'task.blocked'; readonly task: string; readonly reason: string; readonly by: Actor }
  | { readonly type: 'task.unblocked'; readonly task: string }
  | { readonly type: 'task.verifying'; readonly task: string; readonly run: string; readonly by: Actor }
  /** It was said to be done and isn't: its agent goes on with it. */
  | { readonly type: 'task.returned'; readonly task: string; readonly reason: string }
  | { readonly type: 'task.landing'; readonly task: string; readonly by: Actor }
  | {
      readonly type: 'task.done';
      readonly task: string;
      readonly by: Actor;
      readonly forced: boolean;
      readonly commit: string | null;
    }
  | { readonly type: 'task.failed'; readonly task: string; readonly reason: string; readonly by: Actor }
  /** To be done again, or by somebody else. */
  | {
      readonly type: 'task.reopened';
      readonly task: string;
      readonly reason: string;
      readonly by: Actor;
      readonly forced: boolean;
    }
  | { readonly type: 'task.assigned'; readonly task: string; readonly agent: AgentId | null; readonly by: Actor }
  | {
      readonly type: 'task.artefact';
      readonly task: string;
      readonly agent: AgentId;
      readonly path: string;
      readonly text: string;
    };

export type GateEvent =
  | {
      readonly type: 'gate.started';
      readonly gate: string;
      readonly run: string;
      readonly by: Actor;
      readonly forced: boolean;
    }
  /** All that commands can tell holds; a person has the last word. */
  | { readonly type: 'gate.asked'; readonly gate: string; readonly checks: readonly GateCheckWork[] }
  | {
      readonly type: 'gate.passed';
      readonly gate: string;
      readonly by: Actor;
      readonly reason: string;
      readonly checks: readonly GateCheckWork[];
      readonly forced: boolean;
    }
  | {
      readonly type: 'gate.failed';
      readonly gate: string;
      readonly by: Actor;
      readonly reason: string;
      readonly checks: readonly GateCheckWork[];
    }
  | { readonly type: 'gate.waived'; readonly gate: string; readonly by: Actor; readonly reason: string }
  /** The work before it is done again; the gate is looked at anew afterwards. */
  | {
      readonly type: 'gate.retried';
      readonly gate: string;
      readonly tasks: readonly string[];
      readonly reason: string;
    };

export type WorkEvent =
  /** `fresh`: nothing of the plan before stays. */
  | {
      readonly type: 'plan.taken';
      readonly plan: Plan;
      readonly path: string | null;
      readonly fresh: boolean;
      readonly changes: PlanChanges;
    }
  | TaskEvent
  | GateEvent
  | { readonly type: 'milestone.reached'; readonly milestone: string; readonly commit: string | null }
  /** Committed and tagged, as the plan has it. */
  | { readonly type: 'milestone.recorded'; readonly milestone: string; readonly commit: string }
  | { readonly type: 'handover.given'; readonly handover: string; readonly path: string; readonly by: Actor }
  /** Nothing new is started for that cause; reason null: it is over. */
  | { readonly type: 'schedule.held'; readonly cause: string; readonly reason: string | null; readonly by: Actor };
