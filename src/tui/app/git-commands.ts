import type { AddRequest } from '../../client/api.ts';
import { branchedAgents, markedAgent } from './marked.ts';
import { freeId } from './launch.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** What the keys do on the git screen and on a diff. */
export class GitCommands {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  openDiff(): void {
    const agent = markedAgent(this.#store.room());
    if (agent) this.#show(agent.spec.id, null);
  }

  /** Against the next of: its base, each of the others. */
  diffAgainst(): void {
    const room = this.#store.room();
    const agent = markedAgent(room);
    if (!agent) return;
    const { id } = agent.spec;
    const { popup } = room.ui;
    const choices = [null, ...branchedAgents(room.state).map(({ spec }) => spec.id)].filter((one) => one !== id);
    const at = popup?.kind === 'diff' ? choices.indexOf(popup.against) : 0;
    this.#show(id, choices[(at + 1) % choices.length] ?? null);
  }

  /** GitHub's own command, in a pane: it asks where to push and what to write. */
  async pullRequest(): Promise<void> {
    const { state, ui } = this.#store.room();
    const agent = markedAgent({ state, ui });
    if (!agent?.tree) return;
    const { dir, branch } = agent.tree;
    const path = process.env['PATH'];
    const id = freeId(`pr-${agent.spec.id}`, state.order);
    const command = ['gh', 'pr', 'create', '--head', branch];
    const request: AddRequest = { id, command, cwd: dir, start: true, ...(path ? { path } : {}) };
    if (!(await this.#toaster.attempt(this.#store.client.add(request)))) return;
    this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent: id });
  }

  #show(agent: string, against: string | null): void {
    this.#store.dispatch({ type: 'popup', popup: { kind: 'diff', agent, against, top: 0 } });
  }
}
