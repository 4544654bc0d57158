/** What keys do about emergencies and alerts. */
import type { ClientCommand } from '../../core/model/commands.ts';
import type { WatchKeys } from '../keys/commands.ts';
import { markedAlert, markedEmergency } from './marked-watch.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

export class WatchCommands implements WatchKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
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

  #ask(command: ClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }
}
