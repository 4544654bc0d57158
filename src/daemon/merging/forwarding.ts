/** What follows from a landing in the worktrees: the one that landed is level with it, the others get it when it suits them. */
import type { Landing } from '../../core/landing/landing.ts';
import type { Forward } from '../../core/plan/model.ts';
import type { Room } from '../room.ts';
import type { Stillness } from './stillness.ts';
import type { Trees } from './trees.ts';

export interface ForwardingParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly stillness: Stillness;
  readonly forward: Forward;
}

export class Forwarding {
  readonly #parts: ForwardingParts;

  constructor(parts: ForwardingParts) {
    this.#parts = parts;
  }

  /** Before it is told: the agent's own branch takes over what landed of its uncommitted work. */
  async landed(landing: Landing, uncommitted: boolean, merge: string): Promise<void> {
    void [landing, uncommitted, merge, this.#parts];
  }

  /** The integration branch moved. */
  bring(tip: string): void {
    void tip;
  }
}
