/** What is marked on the pages of emergencies and alerts. */
import type { Alert, State } from '../../core/model/state.ts';
import { askedStep, isActive, type Emergency } from '../../core/model/watch.ts';
import { emergenciesInOrder } from '../../core/select/watch-documents.ts';
import { pointsShown, type SyncPoint } from '../../core/watch/sync-points.ts';
import type { Reason } from '../keys/reasons.ts';
import type { Waiting } from '../../core/select/waiting.ts';
import { focusedId, type Room } from './room.ts';
import type { UiState } from './ui-state.ts';

type Facts = { readonly ui: UiState; readonly state: State };

/** The newest first, as in the panel. */
export function alertsInOrder({ alerts }: Pick<State, 'alerts'>): readonly Alert[] {
  return alerts.toReversed();
}

export function markedAlert({ ui, state }: Facts): Alert | null {
  if (ui.popup?.kind !== 'alerts') return null;
  const alerts = alertsInOrder(state);
  // The list may have become shorter since.
  return alerts[ui.popup.index] ?? alerts.at(-1) ?? null;
}

/** On the page of sync points. */
export function markedPoint({ ui, state }: Facts): SyncPoint | null {
  const points = pointsShown(state);
  if (ui.popup?.kind !== 'digests') return null;
  return points[Math.min(ui.popup.index, points.length - 1)] ?? null;
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
