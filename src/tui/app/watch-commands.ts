/** What keys do about emergencies and alerts. */
import type { ClientCommand } from '../../core/model/commands.ts';
import type { WatchKeys } from '../keys/commands.ts';
import { own } from '../../core/model/work.ts';
import { alertSubject } from './alert-subject.ts';
import { landingIndex, overlapIndex } from './marked.ts';
import { emergencyIndex, markedAlert, markedEmergency, markedPoint } from './marked-watch.ts';
import { openMerge, type Popup } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

export class WatchCommands implements WatchKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  openAlert(): void {
    const { state, ui } = this.#store.room();
    const subject = alertSubject(state, markedAlert({ state, ui }));
    if (!subject) return;
    const { popup } = ui;
    const { kind, id } = subject;
    switch (kind) {
      case 'agent':
        return this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent: id });
      case 'gate':
        return this.#show({ kind, gate: id, top: 0, back: popup });
      case 'task':
        return this.#show({ kind, task: id, index: 0, back: popup });
      case 'emergency':
        return this.#show({ kind: 'emergencies', index: emergencyIndex(state, id) });
      case 'overlap':
        return this.#show(openMerge(id));
      case 'round':
      case 'lock':
        return this.#show({ kind: 'overlaps', index: overlapIndex(state, kind, id) });
      case 'check':
        return this.#show(
          (own(state.health, id)?.failures ?? []).length > 0
            ? { kind: 'failures', name: id, index: 0 }
            : { kind: 'build', index: Math.max(0, Object.keys(state.health).indexOf(id)) },
        );
      case 'landing':
        return this.#show({ kind: 'git', index: landingIndex(state, id) });
      case 'digest':
        return this.#show({ kind, point: id, top: 0, back: popup });
    }
  }

  openDigest(): void {
    const room = this.#store.room();
    const point = markedPoint(room)?.point;
    if (point !== undefined) this.#show({ kind: 'digest', point, top: 0, back: room.ui.popup });
  }

  holdSync(): void {
    const point = markedPoint(this.#store.room())?.point;
    if (point !== undefined) this.#ask({ type: 'sync.hold', point });
  }

  ackAlert(): void {
    const alert = markedAlert(this.#store.room());
    if (alert) this.#ask({ type: 'alert.ack', id: alert.id });
  }

  go(): void {
    this.#about('emergency.go');
  }

  skip(): void {
    this.#about('emergency.skip');
  }

  stop(): void {
    this.#about('emergency.stop');
  }

  openAgent(): void {
    const agent = markedEmergency(this.#store.room())?.subject.agent;
    if (agent != null) this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent });
  }

  #about(type: 'emergency.go' | 'emergency.skip' | 'emergency.stop'): void {
    const emergency = markedEmergency(this.#store.room());
    if (emergency) this.#ask({ type, emergency: emergency.id });
  }

  #show(popup: Popup): void {
    this.#store.dispatch({ type: 'popup', popup });
  }

  #ask(command: ClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }
}
