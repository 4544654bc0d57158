/** What is marked on the pages of emergencies and alerts. */
import type { Alert, State } from '../../core/model/state.ts';
import { askedStep, isActive, type Emergency } from '../../core/model/watch.ts';
import { own } from '../../core/model/work.ts';
import { emergenciesInOrder } from '../../core/select/watch-documents.ts';
import type { Reason } from '../keys/reasons.ts';
import type { Waiting } from '../../core/select/waiting.ts';
import { focusedId, type Room } from './room.ts';
import type { UiState } from './ui-state.ts';

type Facts = { readonly ui: UiState; readonly state: State };

export function markedAlert({ ui, state }: Facts): Alert | null {
  return (ui.popup?.kind === 'alerts' ? state.alerts[ui.popup.index] : undefined) ?? null;
}

export function markedEmergency({ ui, state }: Facts): Emergency | null {
  return (ui.popup?.kind === 'emergencies' ? emergenciesInOrder(state)[ui.popup.index] : undefined) ?? null;
}

/** What has the eye of who walks through those that wait. */
export function lookedAt(room: Room): Waiting | null {
  const { popup } = room.ui;
  if (popup?.kind === 'gate') return { kind: 'gate', id: popup.gate };
  if (popup?.kind === 'merge') return { kind: 'overlap', id: popup.overlap };
  const emergency = markedEmergency(room);
  if (emergency) return { kind: 'emergency', id: emergency.id };
  const agent = focusedId(room);
  return agent === null ? null : { kind: 'agent', id: agent };
}

/** Place of an emergency on its page; the first where it is gone. */
export function emergencyIndex(state: State, id: string): number {
  return Math.max(
    0,
    emergenciesInOrder(state).findIndex((one) => one.id === id),
  );
}

/** What an alert is about, where there is a page for it. */
export type AlertSubject =
  | { readonly kind: 'gate'; readonly id: string }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'emergency'; readonly id: string }
  | { readonly kind: 'agent'; readonly id: string };

export function alertSubject(facts: Facts): AlertSubject | null {
  const alert = markedAlert(facts);
  if (!alert) return null;
  const { state } = facts;
  const [, kind, id = ''] = /^(gate|task|emergency):(.+)$/s.exec(alert.cause) ?? [];
  if (kind === 'gate' && own(state.work?.gates ?? {}, id)) return { kind, id };
  if (kind === 'task' && own(state.work?.tasks ?? {}, id)) return { kind, id };
  const emergency = kind === 'emergency' && state.watch.emergencies.findLast(({ cause }) => cause === id);
  if (emergency) return { kind: 'emergency', id: emergency.id };
  return alert.agent !== null && own(state.agents, alert.agent) ? { kind: 'agent', id: alert.agent } : null;
}

export const unseen: Reason = (facts) => {
  const alert = markedAlert(facts);
  if (alert === null) return 'there is no alert';
  return alert.ackedBy ? `${alert.ackedBy.name} sees to it already` : null;
};

export const anEmergency: Reason = (facts) => (markedEmergency(facts) ? null : 'there is no emergency');

export const asksForWord: Reason = (facts) => {
  const emergency = markedEmergency(facts);
  return emergency && askedStep(emergency) !== null ? null : 'it asks nothing just now';
};

export const awaitsStep: Reason = (facts) => {
  const emergency = markedEmergency(facts);
  const last = emergency && isActive(emergency) ? emergency.work.at(-1)?.state : null;
  return last === 'running' || last === 'asking' ? null : 'no step of it is awaited just now';
};

export const notOver: Reason = (facts) => {
  const emergency = markedEmergency(facts);
  return emergency && isActive(emergency) ? null : 'it has no step left';
};

export const ofAnAgent: Reason = (facts) =>
  markedEmergency(facts)?.subject.agent ? null : 'it is about no agent in particular';
