/** Makes the ptyhost the parent of every agent's orphans, and collects those that have died. */
import type { Libc } from './libc.ts';
import { isDead, readAll, readChildren, readProc } from './proc.ts';

/** A tree that forks wildly may lose hundreds of orphans a second: they are collected together. */
const COALESCE_MS = 20;

export class Reaper {
  /** Children that somebody else waits for: node-pty for the panes' own. */
  readonly #awaited = new Set<number>();
  readonly #reap: (pid: number) => boolean;
  #timer: NodeJS.Timeout | null = null;
  readonly subreaper: boolean;

  private constructor(subreaper: boolean, reap: (pid: number) => boolean) {
    this.subreaper = subreaper;
    this.#reap = reap;
    if (subreaper) process.on('SIGCHLD', () => this.#soon());
  }

  /**
   * @param libc null where it can't be had
   * @param log gets one line where orphans can't be adopted
   */
  static start(libc: Libc | null, log: (line: string) => void): Reaper {
    if (libc?.becomeSubreaper()) return new Reaper(true, libc.reap);
    log('no sub-reaper: orphans of agents go to init and are found by their token alone');
    return new Reaper(false, () => false);
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
      this.#collect();
    }, COALESCE_MS);
  }

  #collect(): void {
    for (const pid of childPids()) {
      if (this.#awaited.has(pid)) continue;
      const proc = readProc(pid);
      if (proc && isDead(proc.state)) this.#reap(pid);
    }
  }
}

function childPids(): readonly number[] {
  const listed = readChildren(process.pid);
  if (listed) return listed;
  return [...readAll().values()].filter((proc) => proc.ppid === process.pid).map((proc) => proc.pid);
}
