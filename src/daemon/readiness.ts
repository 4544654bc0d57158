/** When a program that was just started can take its first message: sent before its input box is there, it is lost. */
import { PANE_FLAG } from '../core/pane-flags.ts';

/** So long without a change after the first output. */
const QUIET_MS = 700;
/** The same where the program has switched bracketed paste on: that is the last thing most do before they read. */
const PASTE_QUIET_MS = 300;
/** Past this it is told anyway. */
const LONGEST_MS = 20_000;
/** A program that prints nothing at all for this long has no screen to wait for. */
const SILENT_MS = 2_000;

export class Readiness {
  readonly #release: () => void;
  readonly #startedAt = performance.now();
  #waiting: (() => void)[] = [];
  #quiet: NodeJS.Timeout | null = null;
  readonly #longest: NodeJS.Timeout | null;
  #drewAnything = false;
  #ready: boolean;

  /** @param release called once, when frames are no longer needed to tell */
  constructor(ready: boolean, release: () => void) {
    this.#ready = ready;
    this.#release = release;
    this.#longest = ready ? null : setTimeout(() => this.#done(), LONGEST_MS).unref();
    if (ready) release();
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** The screen changed. */
  drew(flags: number): void {
    if (this.#ready) return;
    this.#drewAnything = true;
    if (this.#quiet) clearTimeout(this.#quiet);
    const wait = (flags & PANE_FLAG.bracketedPaste) !== 0 ? PASTE_QUIET_MS : QUIET_MS;
    this.#quiet = setTimeout(() => this.#done(), wait).unref();
  }

  /**
   * Resolves when a message can be sent, or when the program is gone.
   * @param patient wait the whole time for a program that prints nothing; otherwise it is told after a moment
   */
  async wait(patient: boolean): Promise<void> {
    if (this.#ready) return;
    const ready = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (patient || this.#drewAnything) return ready;
    const left = Math.max(0, SILENT_MS - (performance.now() - this.#startedAt));
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<'silent'>((resolve) => {
      timer = setTimeout(() => resolve('silent'), left);
      timer.unref();
    });
    const first = await Promise.race([ready, silent]);
    clearTimeout(timer);
    if (first === 'silent' && this.#drewAnything) await ready;
  }

  cancel(): void {
    this.#done();
  }

  #done(): void {
    if (this.#ready) return;
    this.#ready = true;
    if (this.#quiet) clearTimeout(this.#quiet);
    if (this.#longest) clearTimeout(this.#longest);
    this.#release();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
