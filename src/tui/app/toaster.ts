import type { Toast } from './ui-state.ts';
import type { RoomStore } from './room-store.ts';

const INFO_MS = 4_000;
const PROBLEM_MS = 10_000;

/** Messages in the status line: shown for a while, put away by the next key. */
export class Toaster {
  readonly #store: RoomStore;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(store: RoomStore) {
    this.#store = store;
  }

  show(level: Toast['level'], text: string): void {
    this.#store.dispatch({ type: 'toast', level, text });
    const number = this.#store.room().ui.toast?.number ?? 0;
    if (this.#timer) clearTimeout(this.#timer);
    const wait = level === 'info' ? INFO_MS : PROBLEM_MS;
    this.#timer = setTimeout(() => this.#store.dispatch({ type: 'toast.over', number }), wait);
    this.#timer.unref();
  }

  clear(): void {
    const { toast } = this.#store.room().ui;
    if (toast) this.#store.dispatch({ type: 'toast.over', number: toast.number });
  }

  /** A key answers the message before it: what it says next may be about this key. */
  keyPressed(): void {
    this.clear();
  }

  /** Waits for what the session was asked; a refusal is shown. @returns whether it was done */
  async attempt(asked: Promise<unknown>): Promise<boolean> {
    try {
      await asked;
      return true;
    } catch (error) {
      this.show('error', error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
