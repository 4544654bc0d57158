/** What a pane says beside its rows: signals in bundles, activity and quiet. Times are the room's, in milliseconds. */
import { QUIET_MS } from './api.ts';
import type { PaneSignal } from './api.ts';
import type { SignalQueue } from './evidence.ts';

/** Between two bundles: a program may change its title a thousand times a second. */
const SIGNALS_MS = 50;
/** What a program prints this soon after a resize is its screen painted anew, no sign of work. */
const REPAINT_MS = 1_500;

export class PaneVoice {
  readonly #post: (signals: readonly PaneSignal[]) => void;
  /** The emulator's, once there is one. */
  queue: SignalQueue | null = null;
  #output: 'none' | 'repaint' | 'work' = 'none';
  #outputAt = 0;
  #resizedAt = Number.NEGATIVE_INFINITY;
  #postedAt = Number.NEGATIVE_INFINITY;

  constructor(post: (signals: readonly PaneSignal[]) => void) {
    this.#post = post;
  }

  /** New output came. */
  heard(now: number): void {
    this.#outputAt = now;
    if (this.#output === 'work') return;
    this.#output = now < this.#resizedAt + REPAINT_MS ? 'repaint' : 'work';
    if (this.#output === 'work') this.#post([{ kind: 'activity', active: true }]);
  }

  /** The size changed: most programs repaint then. */
  resized(now: number): void {
    this.#resizedAt = now;
  }

  /** Says what is due by now. */
  tick(now: number): void {
    if (this.#waiting && now >= this.#postedAt + SIGNALS_MS) this.flush(now);
    if (this.#output === 'none' || now < this.#outputAt + QUIET_MS) return;
    this.#output = 'none';
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
      this.#output !== 'none' ? this.#outputAt + QUIET_MS : Number.POSITIVE_INFINITY,
    );
  }

  get #waiting(): boolean {
    return this.queue !== null && !this.queue.empty;
  }
}
