/** How a session ends: rounds are finished, agents are stopped, and what they left running goes too. */
import type { Actor } from '../core/model/agent.ts';
import type { Effects } from './effects/effects.ts';
import type { Host } from './host.ts';
import { log } from './log.ts';
import type { Merging } from './merging/merging.ts';
import type { Panes } from './panes.ts';
import type { Planning } from './planning/planning.ts';
import type { Room } from './room.ts';

export interface EndingParts {
  readonly room: Room;
  readonly panes: Panes;
  readonly effects: Effects;
  readonly planning: Planning;
  readonly merging: Merging;
  readonly host: Host;
}

const STOP_LEFTOVERS_MS = 1_000;
/** For closing files and sockets; what has no time for it, the kernel closes. */
const CLOSE_MS = 5_000;

export class Ending {
  readonly #parts: EndingParts;
  #ending: Promise<void> | null = null;

  constructor(parts: EndingParts) {
    this.#parts = parts;
  }

  get isBegun(): boolean {
    return this.#ending !== null;
  }

  /** Ends the session once, however many ask for it. Never rejects but for a fault of our own. */
  down(by: Actor): Promise<void> {
    this.#ending ??= this.#end(by);
    return this.#ending;
  }

  async #end(by: Actor): Promise<void> {
    const { room, panes, effects, planning, merging, host } = this.#parts;
    planning.ending();
    await merging.rounds.finish();
    for (const id of room.state.order) room.dispatch({ type: 'agent.stop', agent: id, by });
    await effects.allSettled();
    host.letGo();
    await panes.host.shutdown(STOP_LEFTOVERS_MS).catch((error: Error) => log(`ptyhost: ${error.message}`));
    room.dispatch({ type: 'session.end', by });
  }
}

/** Ends the process, whether or not `closing` gets to its end. */
export async function exitAfter(closing: Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => void setTimeout(resolve, CLOSE_MS).unref());
  await Promise.race([closing.catch((error: Error) => log(`closing: ${error.message}`)), late]);
  process.exit(0);
}
