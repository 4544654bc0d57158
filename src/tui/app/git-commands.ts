import type { ClientCommand } from '../../core/model/commands.ts';
import type { GitKeys } from '../keys/commands.ts';
import { branchedAgents, markedAgent, markedLanding } from './marked.ts';
import type { PaneProgram, PaneRuns } from './pane-run.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

/** What the keys do on the git screen and on a diff. */
export class GitCommands implements GitKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #runs: PaneRuns;

  constructor(store: RoomStore, toaster: Toaster, runs: PaneRuns) {
    this.#store = store;
    this.#toaster = toaster;
    this.#runs = runs;
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

  /** GitHub's own command: it asks where to push and what to write, and its pane stays, for it says the address. */
  pullRequest(): void {
    const agent = markedAgent(this.#store.room());
    if (!agent?.tree) return;
    const { dir, branch } = agent.tree;
    this.#run({
      name: `pr-${agent.spec.id}`,
      command: ['gh', 'pr', 'create', '--head', branch],
      cwd: dir,
      keep: () => true,
    });
  }

  /** Everything that the agent has written, with a message that the person writes. */
  commit(): void {
    const agent = markedAgent(this.#store.room());
    if (!agent?.tree) return;
    this.#run({
      name: `commit-${agent.spec.id}`,
      // One program that stages and commits; no name from outside is in the line that git hands to a shell.
      command: ['git', '-c', 'alias.llmctl-commit=!git add --all && git commit --verbose', 'llmctl-commit'],
      cwd: agent.tree.dir,
      keep: (exit) => exit?.code !== 0,
    });
  }

  land(): void {
    const agent = markedAgent(this.#store.room());
    if (agent) void this.#land(agent.spec.id);
  }

  withdraw(): void {
    const landing = markedLanding(this.#store.room());
    if (landing) this.#ask({ type: 'landing.withdraw', landing: landing.id });
  }

  rollBack(): void {
    const landing = markedLanding(this.#store.room());
    if (!landing) return;
    const undo = landing.state === 'undone';
    void this.#rollBack(landing.id, undo);
  }

  async #rollBack(landing: string, undo: boolean): Promise<void> {
    this.#toaster.show('info', `the branch is made again ${undo ? 'with' : 'without'} it, and tested`);
    const done = await this.#ask({ type: 'landing.rollback', landing, undo, untested: false });
    if (done) this.#toaster.show('info', undo ? 'it is back on the branch' : 'it is out of the branch; its work stays');
  }

  async #land(agent: string): Promise<void> {
    if (await this.#ask({ type: 'agent.land', agent })) this.#toaster.show('info', 'it waits to be tested and landed');
  }

  #run(program: PaneProgram): void {
    void this.#toaster.attempt(this.#runs.run(program));
  }

  #ask(command: ClientCommand): Promise<boolean> {
    return this.#toaster.attempt(this.#store.client.command(command));
  }

  #show(agent: string, against: string | null): void {
    this.#store.dispatch({ type: 'popup', popup: { kind: 'diff', agent, against, top: 0 } });
  }
}
