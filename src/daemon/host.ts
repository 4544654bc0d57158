/** The connection to the ptyhost: exits told, its loss survived. */
import type { PtyHostClient } from '../adapters/ptyhost/client.ts';
import { ensurePtyHost, type PtyHostPlace } from '../adapters/ptyhost/launch.ts';
import { log } from './log.ts';
import type { Panes } from './panes.ts';
import type { Room } from './room.ts';
import { reconcile } from './adopt.ts';
import { tellExit, type Spawner } from './effects/spawn.ts';

export interface HostParts {
  readonly place: PtyHostPlace;
  readonly room: Room;
  readonly panes: Panes;
  readonly spawner: Spawner;
}

const CAUSE = 'ptyhost';

export class Host {
  readonly #parts: HostParts;
  #closing = false;

  constructor(parts: HostParts, client: PtyHostClient) {
    this.#parts = parts;
    this.#listen(client);
  }

  /** The connection's end is wanted from now on. */
  letGo(): void {
    this.#closing = true;
  }

  #listen(client: PtyHostClient): void {
    const { room, panes, spawner } = this.#parts;
    client.onExit((exit) => {
      if (spawner.heldBack(exit)) return;
      const agent = panes.agentOf(exit.pane);
      if (agent !== undefined) tellExit(room, agent, exit);
    });
    client.onInputRefused((pane, bytes) => {
      const agent = panes.agentOf(pane);
      if (agent === undefined) return;
      const text = `agent ${agent} reads nothing: ${bytes} bytes of input were thrown away`;
      room.dispatch({ type: 'alert', level: 'warn', text, agent, cause: `input:${agent}` });
    });
    client.onClose(() => void this.#lost());
  }

  /** Whether it died or only the connection broke is known once another one answers. */
  async #lost(): Promise<void> {
    if (this.#closing) return;
    const { room, panes, place } = this.#parts;
    log('the connection to the ptyhost is gone');
    try {
      const client = await ensurePtyHost(place);
      if (this.#closing) return client.close();
      panes.useHost(client);
      this.#listen(client);
      const infos = new Map((await client.list()).map((info) => [info.pane, info]));
      let ended = 0;
      for (const agent of Object.values(room.state.agents)) {
        const info = infos.get(agent.pane);
        if (info) panes.open(agent.spec.id, info.pane, info.cols, info.rows, info.offset, true);
        for (const command of reconcile(agent, info, Date.now())) {
          if (command.type !== 'pty.exited') room.dispatch(command);
          else {
            room.dispatch({ ...command, reason: 'its terminal was lost: the ptyhost ended' });
            ended++;
          }
        }
      }
      this.#alert(ended > 0 ? `the ptyhost ended and took ${ended} agents with it; a new one runs` : null);
    } catch (error) {
      this.#alert(`the ptyhost is gone and can't be started again: ${(error as Error).message}`);
      this.#failAll();
    }
  }

  #failAll(): void {
    const { room } = this.#parts;
    const exit = { code: null, signal: null, at: Date.now() };
    for (const { spec } of Object.values(room.state.agents)) {
      room.dispatch({ type: 'pty.exited', agent: spec.id, exit, reason: 'its terminal was lost: the ptyhost ended' });
    }
  }

  #alert(text: string | null): void {
    const { room } = this.#parts;
    if (text === null) room.dispatch({ type: 'alert.over', cause: CAUSE });
    else room.dispatch({ type: 'alert', level: 'error', text, agent: null, cause: CAUSE });
  }
}
