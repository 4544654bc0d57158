/** What is asked and told about watching over agents. */
import type { AgentId, EpochMs } from './agent.ts';
import type { EmergencyWhen, ProgressKind } from './watch.ts';

/** May come over the socket. */
export type WatchClientCommand =
  /** By hand, as if its cause were there. `agent`: whom it is about; null: nobody in particular. */
  | { readonly type: 'emergency.start'; readonly when: EmergencyWhen; readonly agent: AgentId | null }
  /** The step that asks is carried out. `emergency`: its id, or its cause. */
  | { readonly type: 'emergency.go'; readonly emergency: string }
  /** The step that asks or is awaited is left out. */
  | { readonly type: 'emergency.skip'; readonly emergency: string }
  | { readonly type: 'emergency.stop'; readonly emergency: string }
  /** One of the plan's sync points, or `now`. */
  | { readonly type: 'sync.hold'; readonly point: string };

export type WatchObservation =
  /** Time has passed: is anybody stuck, is an emergency to go on? */
  | { readonly type: 'watch.look' }
  | {
      readonly type: 'progress.seen';
      readonly agent: AgentId;
      readonly kind: ProgressKind;
      readonly text: string;
    }
  /** It takes more of the machine than it may, in words; null: no longer. */
  | { readonly type: 'agent.runaway'; readonly agent: AgentId; readonly what: string | null }
  /** What came of a step that takes time. */
  | {
      readonly type: 'emergency.told';
      readonly emergency: string;
      readonly step: number;
      readonly ok: boolean;
      readonly said: string;
    }
  | {
      readonly type: 'sync.told';
      readonly point: string;
      readonly title: string;
      readonly summary: string;
      readonly path: string;
      /** The digest. */
      readonly text: string;
      /** When it should have been held, where nobody was there then; null: it is in time. */
      readonly due: EpochMs | null;
    };

export type WatchCommand = WatchClientCommand | WatchObservation;
