/** Calls together what may wait a moment: the output of panes that stream at the same time is sent in one go. */

const BEAT_MS = 16;

export class FlushBeat {
  #due = new Set<() => void>();

  /** `flush` is called once, at most BEAT_MS from now. */
  add(flush: () => void): void {
    this.#due.add(flush);
    if (this.#due.size === 1) setTimeout(() => this.#run(), BEAT_MS);
  }

  #run(): void {
    const due = this.#due;
    this.#due = new Set();
    for (const flush of due) flush();
  }
}
