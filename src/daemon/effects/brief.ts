/** Types a message into a program, as a person would who pastes it and presses Enter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import { Lanes } from '../lanes.ts';
import type { Panes } from '../panes.ts';
import { keysToBytes } from '../keys.ts';
import { pasteBytes } from '../paste.ts';
import type { Room } from '../room.ts';

/** Programs take a paste and an Enter that come together for one paste; 60 ms is too soon for some. */
const ENTER_AFTER_MS = 180;

export interface Message {
  readonly agent: AgentId;
  readonly text: string;
  readonly enter: boolean;
  /** The first message of a program that is being started: it must not be sent before its screen is up. */
  readonly first: boolean;
  /** Not into a dialog: Enter there would be an answer that nobody gave. */
  readonly gentle: boolean;
}

export class Briefer {
  readonly #panes: Panes;
  readonly #room: Room;
  readonly #lanes = new Lanes();

  constructor(panes: Panes, room: Room) {
    this.#panes = panes;
    this.#room = room;
  }

  /** Messages to one agent come one after the other. Resolves when it is typed, or the program is gone. */
  brief(message: Message): Promise<void> {
    return this.#lanes.run(message.agent, () => this.#type(message));
  }

  async #type({ agent, text, enter, first, gentle }: Message): Promise<void> {
    const pane = this.#panes.of(agent);
    if (!pane) return;
    const { generation } = pane;
    const isSame = () => this.#panes.of(agent)?.generation === generation;
    await pane.readiness.wait(first);
    if (gentle) await this.#until(agent, ({ beforePause, status }) => (beforePause ?? status).state !== 'waiting');
    if (!isSame()) return;
    const modes = await this.#panes.modes(pane.pane);
    if (!isSame()) return;
    if (text !== '') this.#panes.write(pane.pane, Buffer.from(pasteBytes(text, modes.flags)));
    if (!enter) return;
    if (text !== '') {
      // While it is paused the paste waits in the ptyhost: it is the first thing that it reads when it goes on.
      await this.#until(agent, ({ status }) => status.state !== 'paused');
      await sleep(ENTER_AFTER_MS);
    }
    if (!isSame()) return;
    const key = keysToBytes(['Enter'], modes);
    if (key.ok) this.#panes.write(pane.pane, Buffer.from(key.bytes));
  }

  /** Also where it runs no longer. */
  #until(id: AgentId, holds: (agent: Agent) => boolean): Promise<void> {
    return this.#room.until(({ agents }) => {
      const agent = agents[id];
      return agent === undefined || agent.run === null || holds(agent);
    });
  }
}
