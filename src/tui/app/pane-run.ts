import type { AddRequest } from '../../client/api.ts';
import type { AgentExit } from '../../core/model/agent.ts';
import { freeId } from './launch.ts';
import type { RoomStore } from './room-store.ts';

/** Puts the keys into the pane of the focused agent, and takes them back. */
export interface PaneKeys {
  enterPane(): void;
  leavePane(): void;
}

/** A program for a person, in a pane of its own: an agent of the session for as long as it runs. */
export interface PaneProgram {
  /** What its pane is called; a number is added where that is taken. */
  readonly name: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Whether its pane is left to be read after the end. */
  keep(exit: AgentExit | null): boolean;
}

export class PaneRuns {
  readonly #store: RoomStore;
  readonly #keys: PaneKeys;

  constructor(store: RoomStore, keys: PaneKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Starts it, gives it the keys, waits for its end. @throws an Error in one line where the session refuses it */
  async run({ name, command, cwd, keep }: PaneProgram): Promise<void> {
    const { client } = this.#store;
    const id = freeId(name, client.state().order);
    const path = process.env['PATH'];
    const request: AddRequest = { id, command, cwd, workspace: 'shared', start: true, ...(path ? { path } : {}) };
    await client.add(request);
    // The answer may be here before the news of the agent are.
    await this.#until(() => client.state().agents[id] !== undefined);
    await this.#until(() => client.state().agents[id]?.run != null || this.#isOver(id));
    const before = this.#store.room().ui;
    // What it was begun for deserves the whole window.
    this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent: id }, { type: 'zoom', on: true });
    this.#keys.enterPane();
    await this.#until(() => this.#isOver(id));
    const { ui } = this.#store.room();
    if (ui.focus === id) {
      if (ui.mode === 'pane') this.#keys.leavePane();
      const back = before.focus === null ? [] : [{ type: 'focus', agent: before.focus } as const];
      this.#store.dispatch({ type: 'zoom', on: before.zoom }, ...(keep(this.#exitOf(id)) ? [] : back));
    }
    if (client.state().agents[id] && !keep(this.#exitOf(id))) await client.command({ type: 'agent.remove', agent: id });
  }

  #exitOf(id: string): AgentExit | null {
    return this.#store.client.state().agents[id]?.exit ?? null;
  }

  /** Gone, or ended after it had begun. */
  #isOver(id: string): boolean {
    const agent = this.#store.client.state().agents[id];
    return !agent || (agent.run === null && agent.status.state !== 'starting');
  }

  #until(holds: () => boolean): Promise<void> {
    const { client } = this.#store;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (!holds()) return;
      off();
      resolve();
    };
    const off = client.onChange(look);
    look();
    return promise;
  }
}
