import { LlmctlError } from '../../client/error.ts';
import type { PermissionClientCommand } from '../../core/model/permission.ts';
import type { WorkClientCommand } from '../../core/model/work-commands.ts';
import { own } from '../../core/model/work.ts';
import { oneLine } from '../../core/text.ts';
import type { PlanKeys } from '../keys/commands.ts';
import { foldKey } from '../plan/entries.ts';
import { nameOf } from '../presentation/overlap.ts';
import { EMPTY_FIELD } from '../widgets/text-field.ts';
import { markedEntry, markedGate, markedPlanTodo, markedTask, planEntries } from './marked-plan.ts';
import type { Choice, Popup, Reasoned } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** What the keys do on the plan screen, on the page of a task and in the dialog of a gate. */
export class PlanCommands implements PlanKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  open(): void {
    const room = this.#store.room();
    const entry = markedEntry(room);
    if (entry?.kind === 'gate') this.openGate(entry.id, room.ui.popup);
    else if (entry?.kind === 'task' || entry?.kind === 'todo') {
      const task = markedTask(room);
      if (task !== null) this.#openTask(task, room.ui.popup);
    } else if (entry) this.fold(0);
  }

  /** @param back what is open again afterwards */
  openGate(gate: string, back: Popup | null): void {
    this.#show({ kind: 'gate', gate, top: 0, back });
  }

  fold(sign: -1 | 0 | 1): void {
    const { ui, ...room } = this.#store.room();
    const { popup } = ui;
    const entry = markedEntry({ ui, ...room });
    if (popup?.kind !== 'plan' || !entry || entry.kind === 'todo' || entry.open === null) return;
    if ((sign === 1 && entry.open) || (sign === -1 && !entry.open)) return;
    const key = foldKey(entry);
    const folds = popup.folds.includes(key) ? popup.folds.filter((one) => one !== key) : [...popup.folds, key];
    this.#show({ ...popup, folds });
  }

  /** What is marked stays marked where the other view has it. */
  otherView(): void {
    const room = this.#store.room();
    const { popup } = room.ui;
    if (popup?.kind !== 'plan') return;
    const entry = markedEntry(room);
    const key = entry && (entry.kind === 'todo' ? `task ${entry.todo.task}` : foldKey(entry));
    const next: Popup = { ...popup, view: popup.view === 'tree' ? 'timeline' : 'tree', index: 0 };
    const entries = planEntries({ ...room, ui: { ...room.ui, popup: next } });
    this.#show({
      ...next,
      index: Math.max(
        0,
        entries.findIndex((one) => foldKey(one) === key),
      ),
    });
  }

  start(): void {
    this.#aboutTask((task) => ({ type: 'task.start', task, agent: null, force: false }));
  }

  done(): void {
    this.#aboutTask((task) => ({ type: 'task.done', task, force: false }));
  }

  fail(): void {
    const task = markedTask(this.#store.room());
    if (task !== null) this.#askWhy(`task ${oneLine(task, 60)} fails: why?`, { type: 'task.fail', task, reason: '' });
  }

  retry(): void {
    const room = this.#store.room();
    const task = markedTask(room);
    if (task === null) this.runGate();
    else if (own(room.state.work?.tasks ?? {}, task)?.stage === 'done') {
      this.#askForce({ type: 'task.retry', task, force: true }, `task ${oneLine(task, 60)} is done`);
    } else this.#ask({ type: 'task.retry', task, force: false });
  }

  /** Agents by number, a person by letter. */
  assign(): void {
    const room = this.#store.room();
    const task = markedTask(room);
    if (task === null) return;
    const deed = (agent: string | null) => ({ type: 'work', command: { type: 'task.assign', task, agent } }) as const;
    const choices = room.state.order
      .slice(0, 9)
      .map((agent, i): Choice => ({ key: `${i + 1}`, label: nameOf(room.state, agent), deed: deed(agent) }));
    this.#show({
      kind: 'confirm',
      question: `who does ${oneLine(task, 60)}?`,
      detail: 'Whoever had it is told to stop; the other begins as soon as it is free.',
      choices: [
        ...choices,
        { key: 'p', label: 'a person', deed: deed(null) },
        { key: 'n', label: 'as it is', deed: { type: 'none' } },
      ],
      index: 0,
      ...this.#behind(),
    });
  }

  tick(): void {
    const todo = markedPlanTodo(this.#store.room());
    if (!todo) this.fold(0);
    else void this.#toaster.attempt(this.#store.client.command({ type: 'todo.check', id: todo.id, done: !todo.done }));
  }

  runGate(): void {
    this.#aboutGate((gate) => ({ type: 'gate.run', gate, force: false }));
  }

  pass(): void {
    this.#aboutGate((gate) => ({ type: 'gate.pass', gate, reason: '', force: false }));
  }

  noGo(): void {
    const gate = markedGate(this.#store.room());
    if (gate === null) return;
    this.#askWhy(`no-go for ${oneLine(gate, 60)}: why?`, { type: 'gate.fail', gate, reason: '', force: false });
  }

  waive(): void {
    const gate = markedGate(this.#store.room());
    if (gate !== null) this.#askWhy(`leave ${oneLine(gate, 60)} out: why?`, { type: 'gate.waive', gate, reason: '' });
  }

  /** The word is there: out of its field, then done. */
  giveReason(command: Exclude<Reasoned, PermissionClientCommand>, popup: Extract<Popup, { kind: 'reason' }>): void {
    this.#show(popup.back);
    this.#ask({ ...command, reason: popup.field.text.trim() });
  }

  perform(command: WorkClientCommand): void {
    this.#ask(command);
  }

  #aboutTask(command: (task: string) => WorkClientCommand): void {
    const task = markedTask(this.#store.room());
    if (task !== null) this.#ask(command(task));
  }

  #aboutGate(command: (gate: string) => WorkClientCommand): void {
    const gate = markedGate(this.#store.room());
    if (gate !== null) this.#ask(command(gate));
  }

  #openTask(task: string, back: Popup | null): void {
    this.#show({ kind: 'task', task, index: 0, back });
  }

  #askWhy(question: string, command: Reasoned): void {
    this.#show({ kind: 'reason', question, command, field: EMPTY_FIELD, back: this.#store.room().ui.popup });
  }

  /** What the plan has against it is a question: with force it is done all the same. */
  #askForce(command: WorkClientCommand, why: string): void {
    this.#show({
      kind: 'confirm',
      question: 'all the same?',
      detail: `${oneLine(why.replace(/; --force.*$/s, ''), 300)}. By force it is done all the same, and the journal says so.`,
      choices: [
        { key: 'y', label: 'yes, by force', deed: { type: 'work', command } },
        { key: 'n', label: 'no', deed: { type: 'none' } },
      ],
      index: 1,
      ...this.#behind(),
    });
  }

  #behind(): { readonly back?: Popup } {
    const { popup } = this.#store.room().ui;
    return popup ? { back: popup } : {};
  }

  #ask(command: WorkClientCommand): void {
    void this.#carryOut(command);
  }

  async #carryOut(command: WorkClientCommand): Promise<void> {
    try {
      await this.#store.client.command(command);
    } catch (error) {
      const forced = 'force' in command && !command.force ? { ...command, force: true } : null;
      if (forced && error instanceof LlmctlError && error.code === 'not-ready') {
        this.#askForce(forced, error.message);
        return;
      }
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
      return;
    }
    this.#leaveDecided(command);
  }

  /** A gate that was decided needs no dialog any more. */
  #leaveDecided(command: WorkClientCommand): void {
    const { popup } = this.#store.room().ui;
    const words = { 'gate.pass': 'go', 'gate.fail': 'no-go', 'gate.waive': 'left out' } as const;
    if (!('gate' in command) || command.type === 'gate.run') return;
    if (popup?.kind === 'gate' && popup.gate === command.gate) this.#show(popup.back);
    this.#toaster.show('info', `gate ${oneLine(command.gate, 60)}: ${words[command.type]}`);
  }

  #show(popup: Popup | null): void {
    this.#store.dispatch({ type: 'popup', popup });
  }
}
