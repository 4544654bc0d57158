import { nextWaiting } from '../../core/select/waiting.ts';
import type { TerminalSession } from '../terminal/api.ts';
import type { KeyEvent, MouseEvent } from '../input/events.ts';
import type { Commands, Direction, ListPopup, Stride } from '../keys/commands.ts';
import type { Spot } from '../screens/popup-box.ts';
import type { FieldEdit } from '../widgets/text-field.ts';
import { AgentCommands } from './agent-commands.ts';
import { DialogCommands } from './dialog-commands.ts';
import { EditorCommands } from './editor-commands.ts';
import { GitCommands } from './git-commands.ts';
import { HealthCommands } from './health-commands.ts';
import { JournalCommands } from './journal-commands.ts';
import { Keys } from './keys.ts';
import { MergeCommands } from './merge-commands.ts';
import { Mouse } from './mouse.ts';
import { neighbour } from './neighbour.ts';
import type { OutsideFiles } from './outside-files.ts';
import { PaneRuns } from './pane-run.ts';
import { PermissionCommands } from './permission-commands.ts';
import { PlanCommands } from './plan-commands.ts';
import { emergencyIndex, lookedAt } from './marked-watch.ts';
import { type Deed, openMerge, openPopup, takesText } from './popup.ts';
import { type Room, focusedAgent, focusedId, indexOf } from './room.ts';
import type { RoomStore } from './room-store.ts';
import { ScrollCommands } from './scroll-commands.ts';
import { Toaster } from './toaster.ts';
import { WatchCommands } from './watch-commands.ts';

/** What of the terminal the commands need. */
export type TerminalHandle = Pick<TerminalSession, 'enterPane' | 'leavePane' | 'copy' | 'redraw'>;

export type ExitReason = 'detached' | 'ended';

/** Carries commands out: on the store, the session, the terminal. keys.ts and mouse.ts say which. */
export class Controller implements Commands {
  readonly merge: MergeCommands;
  readonly editors: EditorCommands;
  readonly git: GitCommands;
  readonly health: HealthCommands;
  readonly scroll: ScrollCommands;
  readonly plan: PlanCommands;
  readonly watch: WatchCommands;
  readonly journal: JournalCommands;
  readonly permission: PermissionCommands;
  readonly #store: RoomStore;
  readonly #terminal: TerminalHandle;
  readonly #toaster: Toaster;
  readonly #agents: AgentCommands;
  readonly #mouse: Mouse;
  readonly #dialogs: DialogCommands;
  readonly #keys: Keys;
  readonly #leave: (reason: ExitReason) => void;

  /** @param files - null where no editor can be started beside the session */
  constructor(
    store: RoomStore,
    terminal: TerminalHandle,
    leave: (reason: ExitReason) => void,
    files: OutsideFiles | null = null,
  ) {
    this.#store = store;
    this.#terminal = terminal;
    this.#leave = leave;
    this.#toaster = new Toaster(store);
    this.#agents = new AgentCommands(store, this.#toaster);
    this.scroll = new ScrollCommands(store, terminal, this.#toaster);
    this.#mouse = new Mouse(store, this, this.scroll);
    this.#dialogs = new DialogCommands(store, this.#toaster, this);
    this.merge = new MergeCommands(store, this.#toaster);
    const runs = new PaneRuns(store, this);
    this.editors = new EditorCommands(store, this.#toaster, files, runs);
    this.git = new GitCommands(store, this.#toaster, runs);
    this.health = new HealthCommands(store, this.#toaster, files, runs);
    this.plan = new PlanCommands(store, this.#toaster);
    this.watch = new WatchCommands(store, this.#toaster);
    this.journal = new JournalCommands(store, this.#toaster);
    this.permission = new PermissionCommands(store, this.#toaster);
    this.#keys = new Keys(store, this.#toaster, this, this.#dialogs);
  }

  /** A key in control mode, popups and scrollback included. */
  key(event: KeyEvent): void {
    this.#keys.key(event);
  }

  mouse(event: MouseEvent): void {
    this.#mouse.event(event);
  }

  paste(text: string): void {
    if (takesText(this.#room.ui.popup)) this.#store.dispatch({ type: 'field.insert', text });
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
    const { state } = this.#room;
    const next = nextWaiting(state, lookedAt(this.#room));
    if (next?.kind === 'gate') this.plan.openGate(next.id, null);
    if (next?.kind === 'overlap') this.#store.dispatch({ type: 'popup', popup: openMerge(next.id) });
    if (next?.kind === 'emergency') {
      this.#store.dispatch({ type: 'popup', popup: { kind: 'emergencies', index: emergencyIndex(state, next.id) } });
    }
    if (next?.kind === 'agent') {
      this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent: next.id });
      this.permission.look();
    }
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
    const { past } = this.#room.ui;
    if (past !== null && (popup === 'git' || popup === 'metrics')) {
      this.#toaster.show('warn', `${popup} only knows how it is now: leave the past first`);
      return;
    }
    const opened = openPopup(popup);
    // The log opens where one is in time.
    this.#store.dispatch({ type: 'popup', popup: opened.kind === 'log' ? { ...opened, mark: past } : opened });
    if (popup === 'build') this.health.opened();
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

  closePopup(): void {
    this.#dialogs.close();
  }

  moveList(stride: Stride, sign: -1 | 1): void {
    this.#dialogs.move(stride, sign);
  }

  /** @param index of the entry in the list that is open */
  markEntry(index: number): void {
    this.#dialogs.mark(index);
  }

  /** A click on a conflict marks it; one on a text of the marked one takes that, as its key does. */
  clickHunk({ hunk, side }: Pick<Spot, 'hunk' | 'side'>): void {
    if (this.merge.mark(hunk) || side === null) return;
    this.#keys.run(side === 'A' ? 'hunk-a' : 'hunk-b');
  }

  accept(): void {
    this.#dialogs.accept();
  }

  editField(what: FieldEdit): void {
    if (this.#room.ui.popup?.kind === 'merge') this.merge.editArea(what);
    else this.#store.dispatch({ type: 'field.edit', what });
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

  clearAlert(): void {
    this.#dialogs.clearAlert();
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
        return;
      case 'undo':
        this.merge.performUndo(deed.round);
        return;
      case 'work':
        this.plan.perform(deed.command);
        return;
      case 'health':
        this.health.perform(deed.command);
        return;
      case 'brief':
        this.merge.performBrief(deed.agent, deed.text);
    }
  }

  get #room(): Room {
    return this.#store.room();
  }
}

const LAYOUT_NAMES = { grid: 'grid', 'main-stack': 'main + stack', 'list-one': 'list + one' } as const;
