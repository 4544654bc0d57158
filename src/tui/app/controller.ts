import { nextAttention } from '../../core/select/attention.ts';
import type { TerminalSession } from '../terminal/api.ts';
import type { KeyEvent, MouseEvent } from '../input/events.ts';
import { findBinding } from '../keys/binding.ts';
import type { Commands, Direction, ListPopup, Stride } from '../keys/commands.ts';
import { contextsOf } from '../keys/contexts.ts';
import type { FieldEdit } from '../widgets/text-field.ts';
import { AgentCommands } from './agent-commands.ts';
import { DialogCommands } from './dialog-commands.ts';
import { Mouse } from './mouse.ts';
import { neighbour } from './neighbour.ts';
import { type Deed, fieldOfPopup, openPopup } from './popup.ts';
import { type Room, factsOf, focusedAgent, focusedId, indexOf } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { CaretMove } from './scroll.ts';
import { ScrollCommands } from './scroll-commands.ts';
import { Toaster } from './toaster.ts';

/** What of the terminal the commands need. */
export type TerminalHandle = Pick<TerminalSession, 'enterPane' | 'leavePane' | 'copy' | 'redraw'>;

export type ExitReason = 'detached' | 'ended';

/** Turns keys into commands, and carries commands out: on the store, the session, the terminal. */
export class Controller implements Commands {
  readonly #store: RoomStore;
  readonly #terminal: TerminalHandle;
  readonly #toaster: Toaster;
  readonly #agents: AgentCommands;
  readonly #scroll: ScrollCommands;
  readonly #mouse: Mouse;
  readonly #dialogs: DialogCommands;
  readonly #leave: (reason: ExitReason) => void;

  constructor(store: RoomStore, terminal: TerminalHandle, leave: (reason: ExitReason) => void) {
    this.#store = store;
    this.#terminal = terminal;
    this.#leave = leave;
    this.#toaster = new Toaster(store);
    this.#agents = new AgentCommands(store, this.#toaster);
    this.#scroll = new ScrollCommands(store, terminal, this.#toaster);
    this.#mouse = new Mouse(store, this, this.#scroll);
    this.#dialogs = new DialogCommands(store, this.#toaster, this);
  }

  /** A key in control mode, popups and scrollback included. */
  key(event: KeyEvent): void {
    this.#toaster.keyPressed();
    const room = this.#room;
    const contexts = contextsOf(room.ui);
    const binding = findBinding(room.table, contexts, event.name) ?? this.#otherPage(event.name);
    if (binding) {
      const why = binding.disabled?.(factsOf(room)) ?? null;
      if (why !== null) this.#toaster.show('warn', `${binding.title}: ${why}`);
      else binding.run(this, event.name);
      return;
    }
    if (this.#escapedFirst(event)) return;
    if (this.#dialogs.letter(event.name)) return;
    if (fieldOfPopup(room.ui.popup) && event.text !== '') {
      this.#store.dispatch({ type: 'field.insert', text: event.text });
    }
  }

  mouse(event: MouseEvent): void {
    this.#mouse.event(event);
  }

  paste(text: string): void {
    if (fieldOfPopup(this.#room.ui.popup)) this.#store.dispatch({ type: 'field.insert', text });
    else this.#toaster.show('info', 'a paste goes to an agent in pane mode: Enter, then paste again');
  }

  /** The exit chord was pressed; the terminal has left the pane already. */
  paneLeft(): void {
    this.#store.dispatch({ type: 'mode', mode: 'control' });
  }

  enterPane(): void {
    const agent = focusedAgent(this.#room);
    if (!agent) return;
    // A bar or a scrolled pane can't be typed into unseen: the live screen comes first.
    this.#store.dispatch({ type: 'focus', agent: agent.spec.id }, { type: 'mode', mode: 'pane' });
    this.#terminal.enterPane(agent.pane);
  }

  /** Back to control mode without the exit chord: a click elsewhere, an agent that ended. */
  leavePane(): void {
    this.#terminal.leavePane();
    this.paneLeft();
  }

  togglePause(): void {
    this.#agents.togglePause();
  }

  togglePauseAll(): void {
    this.#agents.togglePauseAll();
  }

  restart(): void {
    this.#agents.restart();
  }

  stop(): void {
    this.#agents.stop();
  }

  remove(): void {
    this.#agents.remove();
  }

  nextWaiting(): void {
    const next = nextAttention(this.#room.state, focusedId(this.#room));
    if (next !== null) this.#store.dispatch({ type: 'focus', agent: next });
  }

  focusStep(step: -1 | 1): void {
    const { order } = this.#room.state;
    this.focusNumber(((indexOf(this.#room.state, focusedId(this.#room)) + step + order.length) % order.length) + 1);
  }

  focusToward(direction: Direction): void {
    const room = this.#room;
    const next = neighbour(this.#store.scene().layout, indexOf(room.state, focusedId(room)), direction);
    if (next !== null) this.focusNumber(next + 1);
  }

  focusNumber(number: number): void {
    const agent = this.#room.state.order[number - 1];
    if (agent === undefined) this.#toaster.show('warn', `there is no agent ${number}`);
    else this.#store.dispatch({ type: 'focus', agent });
  }

  zoom(): void {
    this.#store.dispatch({ type: 'zoom', on: !this.#room.ui.zoom });
  }

  cycleLayout(step: -1 | 1): void {
    const focus = focusedId(this.#room);
    const chosen = focus === null ? [] : [{ type: 'focus', agent: focus } as const];
    this.#store.dispatch(...chosen, { type: 'layout', step });
    this.#toaster.show('info', `layout: ${LAYOUT_NAMES[this.#room.ui.layout]}`);
  }

  makeMain(): void {
    const agent = focusedId(this.#room);
    if (agent !== null) this.#store.dispatch({ type: 'main', agent });
  }

  togglePanel(): void {
    this.#store.dispatch({ type: 'panel' });
  }

  open(popup: ListPopup): void {
    const opened = openPopup(popup);
    // The newest line is the last of the log: the reducer holds the top within bounds.
    this.#store.dispatch({ type: 'popup', popup: opened });
    if (popup === 'log') this.moveList('end', 1);
    if (popup === 'build') this.#dialogs.buildOpened();
  }

  openPalette(): void {
    this.#store.dispatch({ type: 'popup', popup: openPopup('palette') });
  }

  openNewAgent(): void {
    this.#store.dispatch({ type: 'popup', popup: openPopup('new-agent') });
  }

  openSend(): void {
    this.#agents.openSend();
  }

  openSearch(): void {
    this.#scroll.openSearch();
  }

  closePopup(): void {
    this.#dialogs.close();
  }

  moveList(stride: Stride, sign: -1 | 1): void {
    this.#dialogs.move(stride, sign);
  }

  accept(): void {
    this.#dialogs.accept();
  }

  editField(what: FieldEdit): void {
    this.#store.dispatch({ type: 'field.edit', what });
  }

  history(step: -1 | 1): void {
    this.#dialogs.history(step);
  }

  complete(): void {
    this.#dialogs.complete();
  }

  toggleTodo(): void {
    this.#dialogs.toggleTodo();
  }

  addTodo(): void {
    this.#dialogs.addTodo();
  }

  removeTodo(): void {
    this.#dialogs.removeTodo();
  }

  runCheck(): void {
    this.#dialogs.runCheck();
  }

  clearAlert(): void {
    this.#dialogs.clearAlert();
  }

  scroll(stride: Stride, sign: -1 | 1): void {
    this.#scroll.by(stride, sign);
  }

  leaveScroll(): void {
    this.#store.dispatch({ type: 'scroll.leave' });
  }

  searchStep(step: -1 | 1): void {
    this.#scroll.searchStep(step);
  }

  /** The question of the search popup, once it is typed. */
  search(query: string): void {
    void this.#scroll.search(query);
  }

  startSelect(): void {
    this.#scroll.startSelect(null);
  }

  moveCaret(move: CaretMove): void {
    this.#scroll.moveCaret(move);
  }

  toggleAnchor(): void {
    this.#store.dispatch({ type: 'select.anchor' });
  }

  toggleLinewise(): void {
    this.#store.dispatch({ type: 'select.linewise' });
  }

  swapEnds(): void {
    this.#store.dispatch({ type: 'select.swap' });
  }

  endSelect(): void {
    this.#store.dispatch({ type: 'select.end' });
  }

  copy(): void {
    void this.#scroll.copy();
  }

  dismiss(): void {
    this.#toaster.clear();
    if (this.#room.ui.zoom) this.#store.dispatch({ type: 'zoom', on: false });
  }

  redraw(): void {
    this.#terminal.redraw();
    this.#store.refresh();
  }

  detach(): void {
    this.#leave('detached');
  }

  quit(): void {
    this.#dialogs.askQuit();
  }

  /** Does what a question was answered with. */
  perform(deed: Deed): void {
    switch (deed.type) {
      case 'none':
        return;
      case 'detach':
        this.#leave('detached');
        return;
      case 'down':
        this.#toaster.show('info', 'stopping every agent and the session…');
        void this.#toaster.attempt(this.#store.client.down()).then((done) => done && this.#leave('ended'));
        return;
      case 'stop':
      case 'restart':
      case 'remove':
        this.#agents.perform(deed);
    }
  }

  /**
   * Esc and a key right after it come as one: over a slow line, Alt+KEY and Esc, KEY are the same bytes. Where Esc closes
   * something and nobody types text, take them for the two.
   */
  #escapedFirst({ name }: KeyEvent): boolean {
    const { ui } = this.#room;
    const inRoom = ui.popup === null && ui.scroll === null;
    if (inRoom || fieldOfPopup(ui.popup) || !/^Alt\+.$/u.test(name)) return false;
    const key = name.slice('Alt+'.length);
    this.key({ name: 'Esc', text: '' });
    this.key({ name: key, text: key });
    return true;
  }

  /** The pages' own keys open them from each other, and close the one they opened. */
  #otherPage(key: string) {
    const { ui, table } = this.#room;
    if (!contextsOf(ui).includes('list')) return undefined;
    const binding = findBinding(table, ['control'], key);
    if (!binding || !PAGES.has(binding.id)) return undefined;
    if (binding.id !== ui.popup?.kind) return binding;
    return { ...binding, run: () => this.closePopup() };
  }

  get #room(): Room {
    return this.#store.room();
  }
}

const PAGES: ReadonlySet<string> = new Set<ListPopup>([
  'help',
  'git',
  'log',
  'overlaps',
  'explain',
  'metrics',
  'build',
  'alerts',
  'todos',
]);

const LAYOUT_NAMES = { grid: 'grid', 'main-stack': 'main + stack', 'list-one': 'list + one' } as const;
