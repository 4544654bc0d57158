/**
 * When to paint. The first change at once; then the pane with the keys at most every 16 ms, all others every 30;
 * just after a keystroke that pane alone, without delay. Ink's frames wait for the end of their tick.
 */
import type { Clock } from './clock.ts';

export type PaintScope = 'focus' | 'all';

const FOCUS_GAP_MS = 16;
/** A little less than the daemon's beat of 33 ms: a frame that is a moment early needs no timer. */
const OTHER_GAP_MS = 30;
const ECHO_MS = 100;

export interface SchedulerHooks {
  /** Whether the terminal takes a frame now; where not, `opened` is called later. */
  isOpen(): boolean;
  /** Paints; 'focus' leaves changes of other panes for later. */
  paint(scope: PaintScope): void;
}

export class PaintScheduler {
  #clock: Clock;
  #hooks: SchedulerHooks;
  #focusDirty = false;
  #otherDirty = false;
  #inkDirty = false;
  #lastFocus = -Infinity;
  #lastAll = -Infinity;
  #lastKey = -Infinity;
  #dueAt = Infinity;
  #cancel: (() => void) | null = null;
  #microtask = false;
  #closed = false;

  constructor(clock: Clock, hooks: SchedulerHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** Whether the pane with the keys is being typed into: its output is somebody's echo. */
  get echoing(): boolean {
    return this.#clock.now() - this.#lastKey < ECHO_MS;
  }

  get pending(): boolean {
    return this.#focusDirty || this.#otherDirty || this.#inkDirty;
  }

  keyPressed(): void {
    this.#lastKey = this.#clock.now();
  }

  /** Panes changed: a whole frame of the daemon's is in. */
  panesChanged(focus: boolean, others: boolean): void {
    this.#focusDirty ||= focus;
    this.#otherDirty ||= others;
    this.#run();
  }

  /** Ink's frame, the layout or a live field changed: painted with everything else at the end of this tick. */
  screenChanged(): void {
    this.#inkDirty = true;
    if (this.#microtask) return;
    this.#microtask = true;
    queueMicrotask(() => {
      this.#microtask = false;
      this.#run();
    });
  }

  /** The terminal takes frames again. */
  opened(): void {
    this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #run(): void {
    if (this.#closed || !this.pending || !this.#hooks.isOpen()) return;
    const now = this.#clock.now();
    const allDue = this.#inkDirty ? now : this.#otherDirty ? this.#lastAll + OTHER_GAP_MS : Infinity;
    if (allDue <= now) {
      this.#paint('all', now);
      return;
    }
    const focusDue = !this.#focusDirty ? Infinity : this.echoing ? now : this.#lastFocus + FOCUS_GAP_MS;
    if (focusDue <= now) this.#paint('focus', now);
    this.#wakeAt(Math.min(allDue, focusDue <= now ? Infinity : focusDue));
  }

  #paint(scope: PaintScope, now: number): void {
    this.#focusDirty = false;
    this.#lastFocus = now;
    if (scope === 'all') {
      this.#otherDirty = false;
      this.#inkDirty = false;
      this.#lastAll = now;
      this.#wakeAt(Infinity);
    }
    this.#hooks.paint(scope);
  }

  #wakeAt(at: number): void {
    if (at === this.#dueAt && this.#cancel) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#dueAt = at;
    if (at === Infinity) return;
    this.#cancel = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#cancel = null;
      this.#dueAt = Infinity;
      this.#run();
    });
  }
}
