/** The connection to the ptyhost: exits told, its loss survived. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyHostClient } from '../adapters/ptyhost/client.ts';
import { ensurePtyHost, type PtyHostPlace } from '../adapters/ptyhost/launch.ts';
import { reconcile } from './adopt.ts';
import { tellExit, type Spawner } from './effects/spawn.ts';
import { log } from './log.ts';
import type { Panes } from './panes.ts';
import type { Room } from './room.ts';

export interface HostParts {
  readonly place: PtyHostPlace;
  readonly room: Room;
  readonly panes: Panes;
  readonly spawner: Spawner;
}

const CAUSE = 'ptyhost';
/** A dying ptyhost may still accept a connection and drop it. */
const ATTEMPTS = 5;
const ATTEMPT_GAP_MS = 200;

export class Host {
  readonly #parts: HostParts;
  #alive = true;
  #closing = false;
  #reviving: Promise<void> | null = null;

  constructor(parts: HostParts, client: PtyHostClient) {
    this.#parts = parts;
    this.#listen(client);
  }

  /** The connection's end is wanted from now on. */
  letGo(): void {
    this.#closing = true;
  }

  /**
   * Resolves when a ptyhost answers; starts one where none does.
   * @throws Error where none can be started
   */
  async ready(): Promise<void> {
    if (this.#alive || this.#closing) return;
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = null;
    });
    await this.#reviving;
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
    client.onClose(() => {
      this.#alive = false;
      if (!this.#closing) void this.#lost();
    });
  }

  async #lost(): Promise<void> {
    log('the connection to the ptyhost is gone');
    try {
      await this.ready();
    } catch {
      this.#endAll(new Map());
      this.#alert(
        'the ptyhost ended and can not be started again: see its log; the next start of an agent tries again',
      );
    }
  }

  async #revive(): Promise<void> {
    const { panes, place } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      try {
        const client = await ensurePtyHost(place);
        const infos = new Map((await client.list()).map((info) => [info.pane, info]));
        this.#alive = true;
        this.#listen(client);
        panes.useHost(client);
        this.#endAll(infos);
        return;
      } catch (error) {
        log(`ptyhost, attempt ${attempt}: ${(error as Error).message}`);
        if (attempt === ATTEMPTS || this.#closing) throw error;
        await sleep(ATTEMPT_GAP_MS);
      }
    }
  }

  /** Whether it died or only the connection broke shows in the panes it has now. */
  #endAll(infos: ReadonlyMap<number, Parameters<typeof reconcile>[1]>): void {
    const { room, panes } = this.#parts;
    let ended = 0;
    for (const agent of Object.values(room.state.agents)) {
      const info = infos.get(agent.pane);
      if (info) panes.open(agent.spec.id, info.pane, info.cols, info.rows, info.offset, true);
      for (const command of reconcile(agent, info, Date.now())) {
        const exited = command.type === 'pty.exited' && info === undefined;
        if (exited) ended++;
        room.dispatch(exited ? { ...command, reason: 'its terminal was lost: the ptyhost ended' } : command);
      }
    }
    const agents = `${ended} ${ended === 1 ? 'agent' : 'agents'}`;
    this.#alert(ended > 0 ? `the ptyhost ended and took ${agents} with it; a new one runs` : null);
  }

  #alert(text: string | null): void {
    const { room } = this.#parts;
    if (text === null) room.dispatch({ type: 'alert.over', cause: CAUSE });
    else room.dispatch({ type: 'alert', level: 'error', text, agent: null, cause: CAUSE });
  }
}
