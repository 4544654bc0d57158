/** Which command a key means where one is: in the room, a popup, the scrollback. */
import type { KeyEvent } from '../input/events.ts';
import { type Binding, findBinding } from '../keys/binding.ts';
import type { Commands, ListPopup } from '../keys/commands.ts';
import { contextsOf } from '../keys/contexts.ts';
import type { DialogCommands } from './dialog-commands.ts';
import { takesText } from './popup.ts';
import { factsOf } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

export class Keys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #commands: Commands;
  readonly #dialogs: DialogCommands;

  constructor(store: RoomStore, toaster: Toaster, commands: Commands, dialogs: DialogCommands) {
    this.#store = store;
    this.#toaster = toaster;
    this.#commands = commands;
    this.#dialogs = dialogs;
  }

  /** A key in control mode, popups and scrollback included. */
  key(event: KeyEvent): void {
    this.#toaster.keyPressed();
    const room = this.#store.room();
    const contexts = contextsOf(room);
    const binding = findBinding(room.table, contexts, event.name) ?? this.#otherPage(event.name);
    if (binding) return this.#run(binding, event.name);
    if (contexts[0] === 'past' && findBinding(room.table, ['control'], event.name)) {
      this.#toaster.show('info', 'this is how it was: Esc goes back to now');
      return;
    }
    if (this.#escapedFirst(event)) return;
    if (this.#dialogs.letter(event.name)) return;
    if (takesText(room.ui.popup) && event.text !== '') {
      this.#store.dispatch({ type: 'field.insert', text: event.text });
    }
  }

  /** A command by its id, whatever keys it has. */
  run(id: string): void {
    const binding = this.#store.room().table.find((one) => one.id === id);
    if (binding) this.#run(binding, binding.keys[0] ?? '');
  }

  #run(binding: Binding, key: string): void {
    const why = binding.disabled?.(factsOf(this.#store.room())) ?? null;
    if (why !== null) this.#toaster.show('warn', `${binding.title}: ${why}`);
    else binding.run(this.#commands, key);
  }

  /**
   * Esc and a key right after it come as one: over a slow line, Alt+KEY and Esc, KEY are the same bytes. Where Esc closes
   * something and nobody types text, take them for the two.
   */
  #escapedFirst({ name }: KeyEvent): boolean {
    const { ui } = this.#store.room();
    const inRoom = ui.popup === null && ui.scroll === null && ui.past === null;
    if (inRoom || takesText(ui.popup) || !/^Alt\+.$/u.test(name)) return false;
    const key = name.slice('Alt+'.length);
    this.key({ name: 'Esc', text: '' });
    this.key({ name: key, text: key });
    return true;
  }

  /** The pages' own keys open them from each other, and close the one they opened. */
  #otherPage(key: string): Binding | undefined {
    const { ui, table, state } = this.#store.room();
    const contexts = contextsOf({ ui, state });
    if (!contexts.includes('list') && !contexts.includes('past')) return undefined;
    const binding = findBinding(table, ['control'], key);
    if (!binding || !PAGES.has(binding.id)) return undefined;
    if (binding.id !== ui.popup?.kind) return binding;
    return { ...binding, run: () => this.#commands.closePopup() };
  }
}

const PAGES: ReadonlySet<string> = new Set<ListPopup>([
  'help',
  'git',
  'plan',
  'log',
  'overlaps',
  'explain',
  'metrics',
  'build',
  'alerts',
  'emergencies',
  'digests',
  'todos',
]);
