import { askedBy } from '../../core/select/permissions.ts';
import type { Permission, PermissionClientCommand } from '../../core/model/permission.ts';
import { own } from '../../core/model/work.ts';
import type { PermissionKeys } from '../keys/commands.ts';
import { nameOf } from '../presentation/overlap.ts';
import { EMPTY_FIELD } from '../widgets/text-field.ts';
import type { Popup } from './popup.ts';
import { focusedId } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** Answers to what agents ask before they do it. */
export class PermissionCommands implements PermissionKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  look(): void {
    const asked = this.#asked;
    if (asked) this.#show({ kind: 'permission', permission: asked.id, top: 0 });
  }

  allow(): void {
    this.#answer('allow', '');
  }

  always(): void {
    this.#answer('always', '');
  }

  deny(): void {
    const asked = this.#asked;
    if (!asked) return;
    const command = { type: 'permission.answer', permission: asked.id, verdict: 'deny', reason: '' } as const;
    const question = `no to ${nameOf(this.#store.room().state, asked.agent)}: why?`;
    this.#show({ kind: 'reason', question, command, field: EMPTY_FIELD, back: null });
  }

  /** The word why was typed; it may be none. */
  giveReason(command: PermissionClientCommand, reason: string): void {
    this.#show(null);
    this.#ask({ ...command, reason });
  }

  #answer(verdict: 'allow' | 'always', reason: string): void {
    const asked = this.#asked;
    if (!asked) return;
    // What was looked at is what is answered: another question may stand behind it.
    if (this.#store.room().ui.popup?.kind === 'permission') this.#show(null);
    this.#ask({ type: 'permission.answer', permission: asked.id, verdict, reason });
  }

  get #asked(): Permission | null {
    const { ui, state } = this.#store.room();
    const { popup } = ui;
    if (popup?.kind === 'permission') return own(state.permissions.waiting, popup.permission) ?? null;
    return askedBy(state, focusedId({ ui, state }));
  }

  #ask(command: PermissionClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }

  #show(popup: Popup | null): void {
    this.#store.dispatch({ type: 'popup', popup });
  }
}
