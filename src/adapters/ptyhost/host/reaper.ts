/** Makes the ptyhost the parent of every agent's orphans, and collects those that have died. */
import type { Libc } from './libc.ts';

/** A tree that forks wildly may lose thousands of orphans a second: they are collected together. */
const COALESCE_MS = 10;
/** At once; a collection is some microseconds. The rest after whatever else waits. */
const BATCH = 2000;

export class Reaper {
  /** Children that somebody else waits for: node-pty for the panes' own. */
  readonly #awaited = new Set<number>();
  readonly #libc: Libc | null;
  #timer: NodeJS.Timeout | null = null;

  private constructor(libc: Libc | null) {
    this.#libc = libc;
    if (libc) process.on('SIGCHLD', () => this.#soon());
  }

  /**
   * @param libc null where it can't be had
   * @param log gets one line where orphans can't be adopted
   */
  static start(libc: Libc | null, log: (line: string) => void): Reaper {
    if (libc?.becomeSubreaper()) return new Reaper(libc);
    log('no sub-reaper: orphans of agents go to init and are found by their token alone');
    return new Reaper(null);
  }

  get subreaper(): boolean {
    return this.#libc !== null;
  }

  /** Call before control returns to the event loop after a fork. */
  leave(pid: number): void {
    this.#awaited.add(pid);
  }

  /** The child was collected: its pid may come again as somebody else's. */
  collected(pid: number): void {
    this.#awaited.delete(pid);
  }

  #soon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#collect()) this.#soon();
    }, COALESCE_MS);
  }

  /** @returns nobody dead is left */
  #collect(): boolean {
    if (!this.#libc) return true;
    for (let count = 0; count < BATCH; count++) {
      const pid = this.#libc.deadChild();
      if (pid === 0) return true;
      // node-pty's own thread is about to collect it; who died after it comes next time.
      if (this.#awaited.has(pid)) return false;
      this.#libc.reap(pid);
    }
    return false;
  }
}
