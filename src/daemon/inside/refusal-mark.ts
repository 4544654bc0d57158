/**
 * A file beside the session's socket while something may be refused to an agent. Its hooks look for it: only then they wait for an answer
 * before a tool is used, and longer than a moment where the daemon is busy.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { mayRefuse } from '../../core/overlap/refusals.ts';
import type { State } from '../../core/model/state.ts';
import { log } from '../log.ts';

export class RefusalMark {
  readonly #path: string;
  #stands: boolean | null = null;

  /** @param socket of the session: whoever may write beside it may do all that llmctl does */
  constructor(socket: string) {
    this.#path = `${socket}.refuses`;
  }

  /** Called whenever a plan's rules may have changed. */
  look(state: Pick<State, 'mergePolicy' | 'permissions'>): void {
    this.#set(mayRefuse(state));
  }

  remove(): void {
    this.#set(false);
  }

  #set(stands: boolean): void {
    if (stands === this.#stands) return;
    this.#stands = stands;
    try {
      if (stands) writeFileSync(this.#path, '', { mode: 0o600 });
      else rmSync(this.#path, { force: true });
    } catch (error) {
      log(`hooks: ${(error as Error).message}`);
    }
  }
}
