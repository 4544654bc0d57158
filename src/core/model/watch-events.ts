/** What happens while agents are watched over. */
import type { Actor, AgentId, EpochMs } from './agent.ts';
import type { EmergencyStep, EmergencySubject, EmergencyWhen, ProgressKind, StepState } from './watch.ts';

export type EmergencyEvent =
  | {
      readonly type: 'emergency.begun';
      readonly emergency: string;
      readonly cause: string;
      readonly when: EmergencyWhen;
      readonly title: string;
      readonly subject: EmergencySubject;
      readonly evidence: string;
      readonly steps: readonly EmergencyStep[];
      readonly by: Actor;
    }
  /** Where one of its steps stands now. */
  | {
      readonly type: 'emergency.step';
      readonly emergency: string;
      readonly step: number;
      readonly state: StepState;
      readonly said: string;
      readonly until: EpochMs | null;
      readonly by: Actor;
    }
  | { readonly type: 'emergency.stopped'; readonly emergency: string; readonly by: Actor }
  /** What caused it is over. */
  | { readonly type: 'emergency.gone'; readonly emergency: string; readonly reason: string };

export type WatchEvent =
  /** It gets on, and nothing else in the journal says so. */
  | {
      readonly type: 'agent.advanced';
      readonly agent: AgentId;
      readonly kind: ProgressKind;
      readonly text: string;
    }
  /** No evidence of progress for the limit. */
  | { readonly type: 'agent.stuck'; readonly agent: AgentId; readonly reason: string }
  | EmergencyEvent
  /** Somebody wants it now. */
  | { readonly type: 'sync.asked'; readonly point: string; readonly by: Actor }
  | {
      readonly type: 'sync.held';
      readonly point: string;
      readonly title: string;
      readonly summary: string;
      readonly path: string;
      /** The digest, as it stands in the file. */
      readonly text?: string;
      /** When it should have been held; null or left out: then. */
      readonly due?: EpochMs | null;
      readonly by: Actor;
    };
