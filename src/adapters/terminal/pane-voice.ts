/** What a pane says beside its rows: signals in bundles, activity and quiet. Times are the room's, in milliseconds. */
import { QUIET_MS } from './api.ts';
import type { PaneSignal } from './api.ts';
import type { SignalQueue } from './evidence.ts';

/** Between two bundles: a program may change its title a thousand times a second. */
const SIGNALS_MS = 50;

export class PaneVoice {
  readonly #post: (signals: readonly PaneSignal[]) => void;
  /** The emulator's, once there is one. */
  queue: SignalQueue | null = null;
  #active = false;
  #outputAt = 0;
  #postedAt = Number.NEGATIVE_INFINITY;

  constructor(post: (signals: readonly PaneSignal[]) => void) {
    this.#post = post;
  }

  /** New output came. */
  heard(now: number): void {
    this.#outputAt = now;
    if (this.#active) return;
    this.#active = true;
    this.#post([{ kind: 'activity', active: true }]);
  }

  /** Says what is due by now. */
  tick(now: number): void {
    if (this.#waiting && now >= this.#postedAt + SIGNALS_MS) this.flush(now);
    if (!this.#active || now < this.#outputAt + QUIET_MS) return;
    this.#active = false;
    this.#post([{ kind: 'activity', active: false }]);
  }

  flush(now: number): void {
    const signals = this.queue?.take() ?? [];
    this.#postedAt = now;
    if (signals.length > 0) this.#post(signals);
  }

  /** @returns when something is due next; Infinity for never */
  dueAt(): number {
    return Math.min(
      this.#waiting ? this.#postedAt + SIGNALS_MS : Number.POSITIVE_INFINITY,
      this.#active ? this.#outputAt + QUIET_MS : Number.POSITIVE_INFINITY,
    );
  }

  get #waiting(): boolean {
    return this.queue !== null && !this.queue.empty;
  }
}
