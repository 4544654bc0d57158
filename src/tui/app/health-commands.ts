import { isLive } from '../../core/model/agent.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import { insidePath } from '../../core/plan/inside-path.ts';
import { oneLine } from '../../core/text.ts';
import type { HealthKeys } from '../keys/commands.ts';
import { nameOf } from '../presentation/overlap.ts';
import { markedCheck, markedFailure, placeOf } from './marked-health.ts';
import type { OutsideFiles } from './outside-files.ts';
import type { PaneRuns } from './pane-run.ts';
import type { Choice } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** What the keys do on the build page and among the failures of a check. */
export class HealthCommands implements HealthKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #files: OutsideFiles | null;
  readonly #runs: PaneRuns;

  constructor(store: RoomStore, toaster: Toaster, files: OutsideFiles | null, runs: PaneRuns) {
    this.#store = store;
    this.#toaster = toaster;
    this.#files = files;
    this.#runs = runs;
  }

  /** Opening the page runs the one check that was never run: that is what it was opened for. */
  opened(): void {
    const room = this.#store.room();
    const checks = Object.values(room.state.health);
    const only = checks.length === 1 ? checks[0]! : undefined;
    if (only?.state === 'unknown' && !room.readOnly) this.#ask({ type: 'health.run', name: only.name });
  }

  open(): void {
    const room = this.#store.room();
    const check = markedCheck(room);
    if (!check) return;
    // One without a file has no more to read than the page itself shows.
    const { failures = [] } = check;
    if (failures.length < 2 && !failures.some(({ files }) => files.length > 0)) {
      if (!room.readOnly) this.run();
      return;
    }
    this.#store.dispatch({ type: 'popup', popup: { kind: 'failures', name: check.name, index: 0 } });
  }

  run(): void {
    const check = markedCheck(this.#store.room());
    if (!check) return;
    if (check.state === 'running') this.#toaster.show('info', `${check.name} runs already`);
    else this.#ask({ type: 'health.run', name: check.name });
  }

  /** What is found stands in the check's lines, and as an alert. */
  blame(): void {
    const check = markedCheck(this.#store.room());
    if (!check) return;
    this.#toaster.show('info', `looking for what broke ${check.name}: it runs on commits of the integration branch`);
    this.#ask({ type: 'health.blame', name: check.name });
  }

  output(): void {
    const room = this.#store.room();
    const check = markedCheck(room);
    if (!check) return;
    const command = ['llmctl', 'health', 'output', check.name, '--follow'];
    const program = { name: `output-${check.name.replace('@', '-')}`, command, cwd: room.state.session.repo };
    void this.#toaster.attempt(this.#runs.run({ ...program, keep: () => false }));
  }

  edit(): void {
    void this.#edit();
  }

  /** To its owner at once; where it has none, or that one doesn't run, to whom the person picks. */
  send(): void {
    const room = this.#store.room();
    const [check, failure] = [markedCheck(room), markedFailure(room)];
    const { popup } = room.ui;
    if (!check || !failure || popup?.kind !== 'failures') return;
    const { state } = room;
    const wanted = { type: 'health.send', name: check.name, failure: popup.index + 1 } as const;
    const running = state.order.filter((id) => state.agents[id] && isLive(state.agents[id]));
    const others = running.filter((id) => id !== failure.owner);
    const order = running.length > others.length ? [failure.owner!, ...others] : others;
    if (order.length === 0) {
      this.#toaster.show('warn', 'no agent runs that it could be sent to');
      return;
    }
    const choices = order.slice(0, 9).map((agent, i): Choice => {
      const why = agent === failure.owner ? ` (${oneLine(failure.why, 60)})` : '';
      const label = `${nameOf(state, agent)}${why}`;
      return { key: String(i + 1), label, deed: { type: 'health', command: { ...wanted, agent } } };
    });
    const question = 'send the failure to whom?';
    const detail = oneLine(failure.text, 200);
    const none: Choice = { key: 'n', label: 'nobody', deed: { type: 'none' } };
    this.#store.dispatch({
      type: 'popup',
      popup: { kind: 'confirm', question, detail, choices: [...choices, none], index: 0, back: popup },
    });
  }

  perform(command: Extract<ClientCommand, { type: 'health.send' }>): void {
    void this.#send(command);
  }

  async #send(command: Extract<ClientCommand, { type: 'health.send' }>): Promise<void> {
    const done = await this.#toaster.attempt(this.#store.client.command(command));
    if (done) this.#toaster.show('info', `${nameOf(this.#store.room().state, command.agent ?? '')} is told`);
  }

  async #edit(): Promise<void> {
    const room = this.#store.room();
    const { popup } = room.ui;
    const failure = markedFailure(room);
    if (!failure || !this.#files) return;
    const named = failure.file ?? failure.files[0] ?? '';
    const path = insidePath(named);
    if (path === null) {
      this.#toaster.show('warn', `${oneLine(named, 100)} lies outside of the worktree`);
      return;
    }
    const cwd = placeOf(room, failure);
    try {
      const command = await this.#files.open(`${cwd}/${path}`, failure.line ?? 1);
      await this.#runs.run({ name: 'edit', command, cwd, keep: () => false });
      if (popup) this.#store.dispatch({ type: 'popup', popup });
    } catch (error) {
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
    }
  }

  #ask(command: ClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }
}
