/** What a scripted agent says: to its terminal, and to the session, which may be away for a moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LlmctlError } from '../../../client/error.ts';
import type { RoomConnection } from '../../../client/room.ts';
import type { ClientCommand } from '../../../core/model/commands.ts';
import type { State } from '../../../core/model/state.ts';
import { showControls } from '../../../core/text.ts';

type Report = Extract<ClientCommand, { type: 'agent.report' }>;

const AGAIN_MS = 50;
/** An agent's first word may come before the session knows that it runs. */
const EARLY_MS = 3_000;

export class Voice {
  readonly #room: RoomConnection;
  readonly #agent: string;
  readonly #write: (text: string) => void;

  constructor(room: RoomConnection, agent: string, write: (text: string) => void) {
    this.#room = room;
    this.#agent = agent;
    this.#write = write;
  }

  /** A line on the screen. */
  print(mark: string, text: string): void {
    for (const [at, line] of text.split('\n').entries()) {
      this.#write(`${at === 0 ? mark : ' '} ${showControls(line)}\r\n`);
    }
  }

  title(text: string): void {
    this.#write(`\u001B]0;${showControls(text)}\u0007`);
  }

  report(
    kind: Report['kind'],
    text = '',
    percent: number | null = null,
    artefact: string | null = null,
  ): Promise<void> {
    const artefacts = artefact === null ? [] : [artefact];
    return this.say({ type: 'agent.report', agent: this.#agent, kind, percent, text, artefacts });
  }

  /** Until the session has heard it; what it refuses is no harm. */
  async say(command: ClientCommand): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.#room.command(command);
      } catch (error) {
        if (!(error instanceof LlmctlError)) throw error;
        const isEarly = error.code === 'not-running' && performance.now() - began < EARLY_MS;
        if (error.code !== 'lost' && error.code !== 'no-session' && !isEarly) {
          return this.print('!', error.message);
        }
      }
      await sleep(AGAIN_MS);
    }
  }

  /** @returns false where it wasn't so in that time */
  async until(holds: (state: State) => boolean, ms: number): Promise<boolean> {
    if (holds(this.#room.state())) return true;
    return new Promise((resolve) => {
      const end = (held: boolean): void => {
        stop();
        clearTimeout(timer);
        resolve(held);
      };
      const stop = this.#room.onChange(() => {
        if (holds(this.#room.state())) end(true);
      });
      const timer = setTimeout(() => end(false), ms);
    });
  }
}
