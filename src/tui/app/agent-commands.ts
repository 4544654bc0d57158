import type { ClientCommand } from '../../core/model/commands.ts';
import { type Agent, isLive } from '../../core/model/agent.ts';
import { showControls } from '../../core/text.ts';
import { EMPTY_FIELD } from '../widgets/text-field.ts';
import type { Choice, Deed } from './popup.ts';
import { focusedAgent } from './room.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

const NO: Choice = { key: 'n', label: 'no', deed: { type: 'none' } };

/** Commands about agents: what they ask the session for, and what they ask the person first. */
export class AgentCommands {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  togglePause(): void {
    const agent = this.#focused;
    if (agent) this.#ask({ type: isPaused(agent) ? 'agent.resume' : 'agent.pause', agent: agent.spec.id });
  }

  /** While any runs, all are to be paused; when all are, all go on. */
  togglePauseAll(): void {
    const live = Object.values(this.#store.room().state.agents).filter(isLive);
    const running = live.filter((agent) => !isPaused(agent) && !agent.pending);
    const type = running.length > 0 ? 'agent.pause' : 'agent.resume';
    const concerned = running.length > 0 ? running : live.filter(isPaused);
    for (const agent of concerned) this.#ask({ type, agent: agent.spec.id });
    this.#toaster.show('info', `${running.length > 0 ? 'pausing' : 'resuming'} ${concerned.length} agents`);
  }

  openSend(): void {
    const agent = this.#focused;
    if (!agent) return;
    this.#store.dispatch({ type: 'popup', popup: { kind: 'send', agent: agent.spec.id, field: EMPTY_FIELD, back: 0 } });
  }

  restart(): void {
    const agent = this.#focused;
    if (!agent) return;
    const deed: Deed = { type: 'restart', agent: agent.spec.id };
    if (!isLive(agent)) this.perform(deed);
    else this.#confirm(`restart ${agent.spec.name}?`, 'It runs: what it is doing now is cut off.', 'restart it', deed);
  }

  stop(): void {
    const agent = this.#focused;
    if (!agent) return;
    const detail = 'Its program and all that it started get TERM, and are killed when they stay.';
    this.#confirm(`stop ${agent.spec.name}?`, detail, 'stop it', { type: 'stop', agent: agent.spec.id });
  }

  remove(): void {
    const agent = this.#focused;
    if (!agent) return;
    const detail = isLive(agent) ? 'It runs: it is stopped first. ' : '';
    const deed: Deed = { type: 'remove', agent: agent.spec.id };
    this.#confirm(
      `remove ${agent.spec.name}?`,
      `${detail}Its pane and its output go; its files stay.`,
      'remove it',
      deed,
    );
  }

  perform(deed: Extract<Deed, { type: 'stop' | 'restart' | 'remove' }>): void {
    switch (deed.type) {
      case 'stop':
        this.#ask({ type: 'agent.stop', agent: deed.agent });
        return;
      case 'restart':
        this.#ask({ type: 'agent.restart', agent: deed.agent });
        return;
      case 'remove':
        void this.#remove(deed.agent);
    }
  }

  async #remove(id: string): Promise<void> {
    const agent = this.#store.room().state.agents[id];
    const { client } = this.#store;
    if (agent && isLive(agent) && !(await this.#toaster.attempt(client.command({ type: 'agent.stop', agent: id }))))
      return;
    await this.#toaster.attempt(client.command({ type: 'agent.remove', agent: id }));
  }

  #confirm(question: string, detail: string, label: string, deed: Deed): void {
    const choices: Choice[] = [{ key: 'y', label: `yes, ${label}`, deed }, NO];
    const popup = { kind: 'confirm', question: showControls(question), detail, choices, index: 1 } as const;
    this.#store.dispatch({ type: 'popup', popup });
  }

  #ask(command: ClientCommand): void {
    void this.#toaster.attempt(this.#store.client.command(command));
  }

  get #focused(): Agent | null {
    return focusedAgent(this.#store.room());
  }
}

function isPaused(agent: Agent): boolean {
  return agent.status.state === 'paused';
}
