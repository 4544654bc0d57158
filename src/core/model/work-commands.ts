/** What is asked and told about the plan's work. */
import type { Plan } from '../plan/model.ts';
import type { AgentId } from './agent.ts';

/** May come over the socket. `force`: against what the plan says; it is recorded. */
export type WorkClientCommand =
  | { readonly type: 'task.start'; readonly task: string; readonly agent: AgentId | null; readonly force: boolean }
  /** As if its agent had said so; with `force` without any proof. */
  | { readonly type: 'task.done'; readonly task: string; readonly force: boolean }
  | { readonly type: 'task.fail'; readonly task: string; readonly reason: string }
  /** From its beginning. */
  | { readonly type: 'task.retry'; readonly task: string; readonly force: boolean }
  /** `agent` null: a person. */
  | { readonly type: 'task.assign'; readonly task: string; readonly agent: AgentId | null }
  | { readonly type: 'gate.run'; readonly gate: string; readonly force: boolean }
  | { readonly type: 'gate.pass'; readonly gate: string; readonly reason: string; readonly force: boolean }
  | { readonly type: 'gate.fail'; readonly gate: string; readonly reason: string; readonly force: boolean }
  | { readonly type: 'gate.waive'; readonly gate: string; readonly reason: string }
  /** Starts nothing new until it is let go: reason null. */
  | { readonly type: 'schedule.hold'; readonly reason: string | null };

/** How one check of a task came out. */
export interface CheckOutcome {
  /** Place in the list of checks. */
  readonly index: number;
  readonly ok: boolean;
  /** First error, or why it could not be run; '' where it holds. */
  readonly reason: string;
  /** The last lines that the command printed; none where it printed nothing, or isn't a command. */
  readonly output: readonly string[];
  /** Text of the file that a threshold is compared with; null where there is none to read. */
  readonly baseline: string | null;
}

export type WorkObservation =
  | { readonly type: 'plan.take'; readonly plan: Plan; readonly path: string | null }
  /** The brief is on the agent's screen. */
  | { readonly type: 'task.told'; readonly task: string }
  | {
      readonly type: 'task.checked';
      readonly task: string;
      readonly run: string;
      readonly outcomes: readonly CheckOutcome[];
    }
  /** Its work could not be put into the landing queue. */
  | { readonly type: 'task.unlandable'; readonly task: string; readonly reason: string }
  | {
      readonly type: 'gate.checked';
      readonly gate: string;
      readonly run: string;
      readonly outcomes: readonly CheckOutcome[];
    }
  | { readonly type: 'milestone.committed'; readonly milestone: string; readonly commit: string }
  /** The machine has enough to do, a limit of rate is reached, …; reason null: it is over. */
  | { readonly type: 'schedule.limit'; readonly cause: string; readonly reason: string | null };

export type WorkCommand = WorkClientCommand | WorkObservation;
