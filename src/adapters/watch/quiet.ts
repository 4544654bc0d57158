/** Long enough for the several writes of one save. */
const QUIET_MS = 150;

/** Tells once that something was written, when nothing more was for a moment. Holds no process up. */
export class Quiet {
  readonly #onQuiet: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(onQuiet: () => void) {
    this.#onQuiet = onQuiet;
  }

  heard(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#onQuiet();
    }, QUIET_MS).unref();
  }

  /** What was heard is told no more. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
