import type { AddRequest } from '../../client/api.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { State } from '../../core/model/state.ts';
import { isLive } from '../../core/model/agent.ts';
import type { Stride } from '../keys/commands.ts';
import { launchEntries, paletteEntries } from '../screens/palette-entries.ts';
import { popupScene } from '../screens/popup-scene.ts';
import { EMPTY_FIELD, fieldOf } from '../widgets/text-field.ts';
import type { Controller } from './controller.ts';
import { launchRequest } from './launch.ts';
import { markedAlert } from './marked-watch.ts';
import { gitEntries, overlapEntries } from './marked.ts';
import type { Choice, Popup } from './popup.ts';
import { factsOf } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** What the keys do in popups. */
export class DialogCommands {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #controller: Controller;

  constructor(store: RoomStore, toaster: Toaster, controller: Controller) {
    this.#store = store;
    this.#toaster = toaster;
    this.#controller = controller;
  }

  close(): void {
    const { popup } = this.#store.room().ui;
    if (popup?.kind === 'merge' && popup.merge.edit) {
      this.#store.dispatch({ type: 'merge', action: { do: 'edit.aside' } });
      return;
    }
    this.#store.dispatch({ type: 'popup', popup: popup && behind(popup, this.#store.room().state) });
  }

  move(stride: Stride, sign: -1 | 1): void {
    const scene = popupScene(this.#store.room(), this.#store.look());
    if (!scene) return;
    const { count, view } = scene;
    if (this.#store.room().ui.popup?.kind === 'log') {
      this.#controller.journal.move(stride, sign, view);
      return;
    }
    const steps = { line: 1, half: Math.max(1, view >> 1), page: Math.max(1, view - 1), end: count }[stride];
    this.#store.dispatch({ type: 'popup.move', by: sign * steps, count, view });
  }

  mark(index: number): void {
    const scene = popupScene(this.#store.room(), this.#store.look());
    const { popup } = this.#store.room().ui;
    if (popup?.kind === 'log') this.#controller.journal.markAt(index);
    if (!scene || !popup || !('index' in popup)) return;
    this.#store.dispatch({ type: 'popup.move', by: index - popup.index, count: scene.count, view: scene.view });
  }

  /** A letter that a question's answer has. @returns whether one has it */
  letter(key: string): boolean {
    const { popup } = this.#store.room().ui;
    if (popup?.kind !== 'confirm') return false;
    const choice = popup.choices.find((one) => one.key === key.toLowerCase());
    if (choice) this.#answer(choice);
    return true;
  }

  accept(): void {
    const { popup } = this.#store.room().ui;
    switch (popup?.kind) {
      case 'palette':
        this.#runPicked(popup);
        return;
      case 'new-agent':
        this.#launch(popup);
        return;
      case 'send':
        this.#send(popup);
        return;
      case 'search':
        this.#store.dispatch({ type: 'popup', popup: null });
        void this.#controller.scroll.search(popup.field.text);
        return;
      case 'todos':
        this.#addLine(popup);
        return;
      case 'log':
        this.#controller.journal.searchFor(popup);
        return;
      case 'reason':
        if (popup.command.type === 'permission.answer') {
          this.#controller.permission.giveReason(popup.command, popup.field.text.trim());
        } else this.#controller.plan.giveReason(popup.command, popup);
        return;
      case 'confirm': {
        const choice = popup.choices[popup.index];
        if (choice) this.#answer(choice);
      }
    }
  }

  complete(): void {
    const room = this.#store.room();
    const { popup } = room.ui;
    if (popup?.kind === 'palette') {
      const entry = paletteEntries(room, popup.field.text)[popup.index];
      if (entry) this.#store.dispatch({ type: 'field.set', field: fieldOf(entry.title) });
    }
    if (popup?.kind === 'new-agent') {
      const entry = launchEntries(room, popup.field.text)[popup.index];
      if (entry?.kind === 'profile') this.#store.dispatch({ type: 'field.set', field: fieldOf(entry.profile.name) });
    }
  }

  /** Lines sent before: 1 goes back in time. */
  history(step: -1 | 1): void {
    const { popup, sent } = this.#store.room().ui;
    if (popup?.kind !== 'send') return;
    const back = Math.max(0, Math.min(sent.length, popup.back + step));
    const field = back === 0 ? EMPTY_FIELD : fieldOf(sent[back - 1]!);
    this.#store.dispatch({ type: 'popup', popup: { ...popup, back, field } });
  }

  toggleTodo(): void {
    const todo = this.#markedTodo();
    if (todo) this.#ask({ type: 'todo.check', id: todo.id, done: !todo.done });
  }

  removeTodo(): void {
    const todo = this.#markedTodo();
    if (todo) this.#ask({ type: 'todo.remove', id: todo.id });
  }

  addTodo(): void {
    const { popup } = this.#store.room().ui;
    if (popup?.kind === 'todos') this.#store.dispatch({ type: 'popup', popup: { ...popup, field: EMPTY_FIELD } });
  }

  clearAlert(): void {
    const alert = markedAlert(this.#store.room());
    if (alert) this.#ask({ type: 'alert.clear', id: alert.id });
  }

  askQuit(): void {
    const { state, readOnly } = this.#store.room();
    const running = Object.values(state.agents).filter(isLive).length;
    const many = running === 1 ? '1 agent runs' : `${running} agents run`;
    const choices: Choice[] = [
      { key: 'd', label: 'detach: leave this screen, everything runs on', deed: { type: 'detach' } },
      { key: 's', label: 'stop all: end every agent and the session', deed: { type: 'down' } },
      { key: 'c', label: 'cancel', deed: { type: 'none' } },
    ];
    if (readOnly) {
      this.#controller.perform({ type: 'detach' });
      return;
    }
    const detail = running > 0 ? `${many}.` : 'No agent runs.';
    this.#store.dispatch({ type: 'popup', popup: { kind: 'confirm', question: 'quit?', detail, choices, index: 0 } });
  }

  #answer(choice: Choice): void {
    const { popup } = this.#store.room().ui;
    this.#store.dispatch({ type: 'popup', popup: popup && behind(popup, this.#store.room().state) });
    this.#controller.perform(choice.deed);
  }

  #runPicked(popup: Extract<Popup, { kind: 'palette' }>): void {
    const room = this.#store.room();
    const binding = paletteEntries(room, popup.field.text)[popup.index];
    this.#store.dispatch({ type: 'popup', popup: null });
    if (!binding) return;
    const why = binding.disabled?.(factsOf(room)) ?? null;
    if (why !== null) this.#toaster.show('warn', `${binding.title}: ${why}`);
    else binding.run(this.#controller, binding.keys[0] ?? '');
  }

  #launch(popup: Extract<Popup, { kind: 'new-agent' }>): void {
    const room = this.#store.room();
    const entry = launchEntries(room, popup.field.text)[popup.index];
    if (!entry) return;
    const request = launchRequest(entry, room.state.order);
    if (typeof request === 'string') {
      this.#toaster.show('error', request);
      return;
    }
    this.#store.dispatch({ type: 'popup', popup: null });
    void this.#add(request);
  }

  async #add(request: AddRequest): Promise<void> {
    const done = await this.#toaster.attempt(this.#store.client.add(request));
    if (done) this.#store.dispatch({ type: 'focus', agent: request.id });
  }

  #send(popup: Extract<Popup, { kind: 'send' }>): void {
    const { text } = popup.field;
    this.#store.dispatch({ type: 'popup', popup: null });
    if (text === '') return;
    this.#store.dispatch({ type: 'sent', text });
    this.#ask({ type: 'agent.send', agent: popup.agent, text, enter: true });
  }

  #addLine(popup: Extract<Popup, { kind: 'todos' }>): void {
    const text = popup.field?.text.trim() ?? '';
    this.#store.dispatch({ type: 'popup', popup: { ...popup, field: null } });
    if (text !== '') this.#ask({ type: 'todo.add', text });
  }

  #markedTodo() {
    const { ui, state } = this.#store.room();
    return ui.popup?.kind === 'todos' ? state.todos[ui.popup.index] : undefined;
  }

  #ask(command: ClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }
}

/** What is open once this is closed: out of the field first, then out of the page, then out of the list it came from. */
function behind(popup: Popup, state: State): Popup | null {
  switch (popup.kind) {
    case 'todos':
    case 'log':
      return popup.field ? { ...popup, field: null } : null;
    case 'merge': {
      const at = overlapEntries(state).findIndex((one) => one.kind === 'overlap' && one.overlap.id === popup.overlap);
      return { kind: 'overlaps', index: Math.max(0, at) };
    }
    case 'diff': {
      const at = gitEntries(state).findIndex((one) => one.kind === 'agent' && one.agent.spec.id === popup.agent);
      return { kind: 'git', index: Math.max(0, at) };
    }
    case 'failures': {
      const at = Object.keys(state.health).indexOf(popup.name);
      return { kind: 'build', index: Math.max(0, at) };
    }
    case 'confirm':
      return popup.back ?? null;
    case 'task':
    case 'gate':
    case 'event':
    case 'digest':
    case 'reason':
      return popup.back;
    default:
      return null;
  }
}
