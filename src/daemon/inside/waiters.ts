/** Hooks that wait for somebody to say yes or no. */
import type { HookReply } from './fired.ts';

export class Waiters {
  readonly #waiting = new Map<string, (reply: HookReply) => void>();
  #count = 0;

  /** @returns a name for the one question, and the answer once there is one */
  ask(): { readonly ref: string; readonly answer: Promise<HookReply> } {
    const ref = `hook:${++this.#count}`;
    return { ref, answer: new Promise((resolve) => this.#waiting.set(ref, resolve)) };
  }

  /** @returns false where nobody waits for it any more */
  tell(ref: string, reply: HookReply): boolean {
    const resolve = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    resolve?.(reply);
    return resolve !== undefined;
  }
}
